import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { listSupportedBackends, type InferenceSession } from 'onnxruntime-node';
import type { Provider } from '../contract/index.ts';

const LABELS: Readonly<Record<Provider, string>> = {
  cpu: 'CPU',
  webgpu: 'WebGPU',
  cuda: 'CUDA',
  dml: 'DirectML',
  coreml: 'CoreML',
};

/** Its name as people know it. */
export const labelOf = (provider: Provider): string => LABELS[provider];

/** The providers of a platform, the one that is tried first in front; the CPU is always last. */
export const providersFor = (platform: NodeJS.Platform = process.platform): readonly Provider[] => {
  switch (platform) {
    case 'win32':
      return ['dml', 'webgpu', 'cpu'];
    case 'darwin':
      return ['coreml', 'webgpu', 'cpu'];
    default:
      return ['cuda', 'webgpu', 'cpu'];
  }
};

/** MLProgram: the older format lacks operators that image towers need. @see coreml_provider_factory.h of ONNX Runtime */
const COREML_CREATE_MLPROGRAM = 0x010;

/** The options of a session that runs on one provider. ONNX Runtime gives what that one lacks to the CPU. */
export const sessionOptions = (provider: Provider, threads: number): InferenceSession.SessionOptions => {
  const common: InferenceSession.SessionOptions = {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    logSeverityLevel: 3,
    // Threads that spin while they wait would take the cores that decode the next photos.
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  };
  switch (provider) {
    case 'cpu':
      return common;
    case 'dml':
      // DirectML runs with nothing else.
      return { ...common, executionProviders: ['dml'], enableMemPattern: false, executionMode: 'sequential' };
    case 'coreml':
      return { ...common, executionProviders: [{ name: 'coreml', coreMlFlags: COREML_CREATE_MLPROGRAM }] };
    case 'cuda':
    case 'webgpu':
      return { ...common, executionProviders: [provider] };
  }
};

/** Where ONNX Runtime looks for CUDA: they are too large for its package, and fetched where wanted. */
export const cudaLibrary = (): string =>
  join(
    dirname(createRequire(import.meta.url).resolve('onnxruntime-node/package.json')),
    'bin/napi-v6',
    process.platform,
    process.arch,
    'libonnxruntime_providers_cuda.so',
  );

/** @returns why there is no point in trying it, else null */
export const whyAbsent = (provider: Provider): string | null => {
  // A backend that this build lacks would be left out with no more than a warning, and the CPU taken for it.
  if (!listSupportedBackends().some(({ name }) => name === provider))
    return 'it is not part of ONNX Runtime on this platform';
  if (provider === 'cuda' && !existsSync(cudaLibrary()))
    return 'its libraries are not installed; `npm run gpu:cuda` fetches them';
  return null;
};
