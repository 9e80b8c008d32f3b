import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { listSupportedBackends } from 'onnxruntime-node';
import { installedBrowsers } from '../../build/browser.mjs';

/** A software driver for Vulkan comes with Chromium: its description, or undefined where there is none. */
export const softwareVulkan: string | undefined =
  process.platform === 'linux' && listSupportedBackends().some(({ name }) => name === 'webgpu')
    ? installedBrowsers()
        .filter((path) => existsSync(path))
        // Debian's command is a script, and the browser lies elsewhere.
        .flatMap((path) => [dirname(realpathSync(path)), '/usr/lib/chromium'])
        .map((folder) => join(folder, 'vk_swiftshader_icd.json'))
        .find((path) => existsSync(path))
    : undefined;

/** Why a test that needs it was skipped; appended to its title. */
export const needsSoftwareVulkan =
  softwareVulkan === undefined ? ' (skipped: no Chromium with a software driver for Vulkan is here)' : '';
