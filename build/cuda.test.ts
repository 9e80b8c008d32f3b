import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, it } from 'vitest';
import { cudaInstall } from './cuda.mjs';

const linux = { env: {}, platform: 'linux', arch: 'x64' };

it.each([
  ['win32', 'x64'],
  ['darwin', 'arm64'],
  ['linux', 'arm64'],
])('has nothing to fetch on %s/%s', (platform, arch) => {
  expect(cudaInstall({ env: {}, platform, arch })).toBeNull();
});

it('tells a script that ONNX Runtime really has to fetch CUDA, whatever npm is configured to', () => {
  const install = cudaInstall({ ...linux, env: { npm_config_onnxruntime_node_install: 'skip' } });
  expect(existsSync(install?.script ?? '')).toBe(true);
  const folder = dirname(install?.script ?? '');
  // What the script itself makes of it, before anything is fetched.
  const program = `console.log(require('./install-utils.js').parseInstallFlag(), require('./install-metadata.js').requirements['linux/x64'])`;
  const { stdout } = spawnSync(process.execPath, ['-e', program], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, ...install?.env },
  });
  expect(stdout).toBe("true [ 'cuda12' ]\n");
});

it('goes through the proxy that the person has named', () => {
  const env = { HTTPS_PROXY: 'http://proxy.test:3128' };
  expect(cudaInstall({ ...linux, env })?.env).toMatchObject({ GLOBAL_AGENT_HTTPS_PROXY: 'http://proxy.test:3128' });
});
