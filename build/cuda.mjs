// @ts-check
// `npm run gpu:cuda`: fetches the CUDA libraries of ONNX Runtime, which are too large for its package.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { installed } from './setup.mjs';
import { giveUp, isMain, root, run, say, Trouble } from './tools.mjs';

/**
 * How ONNX Runtime's own script fetches them.
 *
 * @param {{ readonly env: NodeJS.ProcessEnv, readonly platform: string, readonly arch: string }} machine
 * @returns {{ readonly script: string, readonly env: NodeJS.ProcessEnv } | null} null where there is nothing to fetch
 */
export function cudaInstall({ env, platform, arch } = process) {
  if (platform !== 'linux' || arch !== 'x64') return null;
  const proxy = env.HTTPS_PROXY ?? env.https_proxy;
  return {
    script: join(root, 'node_modules/onnxruntime-node/script/install.js'),
    env: {
      // The script reads a proxy from a variable of its own alone.
      ...(proxy === undefined ? {} : { GLOBAL_AGENT_HTTPS_PROXY: proxy }),
      ...env,
      // Stronger than what a configuration of npm says. Of words for single libraries, it takes none for what it is.
      ONNXRUNTIME_NODE_INSTALL: 'true',
    },
  };
}

async function fetchCuda() {
  const install = cudaInstall();
  if (install === null) {
    say(
      'There is nothing to fetch: ONNX Runtime has CUDA libraries for Linux on x64 alone. ' +
        'On Windows, macOS and other processors Afterimage uses what its package holds: DirectML, CoreML or WebGPU.',
    );
    return;
  }
  if (!installed(root)) throw new Trouble('The packages are not installed yet: run `npm ci` first.');
  say('Fetching the CUDA libraries of ONNX Runtime, some hundred megabytes …');
  const code = await run(process.execPath, [install.script], { env: install.env });
  const library = join(root, 'node_modules/onnxruntime-node/bin/napi-v6/linux/x64/libonnxruntime_providers_cuda.so');
  if (code !== 0 || !existsSync(library))
    throw new Trouble(
      'The CUDA libraries could not be fetched: the reason stands above. ' +
        'This needs a network connection and 1 GB of free disk space; run the same command again when they are there.',
    );
  say(
    'They are there. CUDA 12 and cuDNN 9 have to be installed as well; `afterimage doctor` says whether CUDA is used.',
  );
}

if (isMain(import.meta.url)) await fetchCuda().catch(giveUp);
