import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { listSupportedBackends } from 'onnxruntime-node';
import { programs } from './command-line.ts';

/** What is tried has to be part of ONNX Runtime here, though no driver is ever asked. */
export const hasWebGpu = listSupportedBackends().some(({ name }) => name === 'webgpu');

/**
 * The real worker on a computer with a GPU, which here is the CPU in disguise.
 *
 * @param onMessage JavaScript that sees every `message` before the worker; in `isGpu` whether it runs on the GPU
 * @returns its program, in `folder`
 */
export const disguisedGpu = async (folder: string, name: string, onMessage: string): Promise<string> => {
  const path = join(folder, `${name}-worker.mjs`);
  await writeFile(
    path,
    `import { appendFileSync } from 'node:fs';
    import ${JSON.stringify(pathToFileURL(join(programs, 'worker.js')).href)};
    let isGpu = false;
    process.prependListener('message', (message) => {
      if (message.role !== undefined) {
        isGpu = message.provider === 'webgpu';
        if (isGpu) message.provider = 'cpu';
      }
      ${onMessage}
    });\n`,
  );
  return path;
};
