// @ts-check
// `npm run package [-- <options of electron-builder>]`: the packages of the desktop application for this machine.
import { join } from 'node:path';
import { makeIcons } from './icons.mjs';
import { commandOf, giveUp, isMain, root, run, Trouble } from './tools.mjs';

/**
 * What electron-builder.yml leaves to the environment. Certificates and keys have the variables that electron-builder
 * reads itself: CSC_LINK, CSC_KEY_PASSWORD, APPLE_API_KEY, APPLE_API_KEY_ID, APPLE_API_ISSUER.
 *
 * @param {NodeJS.ProcessEnv} env
 * - AFTERIMAGE_RELEASE: no package without a signature
 * - AFTERIMAGE_FEED: address that installed programs ask for updates; without it they ask nobody. For releases only
 * - AFTERIMAGE_AUTOMATION: a variant that test tools can drive, which is never to be handed out
 * @returns {string[]} options of electron-builder
 * @throws {Trouble} when a package that is unsigned would ask for updates: none of them could be compared with anything
 */
export function settings(env) {
  const { AFTERIMAGE_RELEASE: release, AFTERIMAGE_FEED: feed, AFTERIMAGE_AUTOMATION: automation } = env;
  if (feed && !release)
    throw new Trouble('AFTERIMAGE_FEED is for releases: set AFTERIMAGE_RELEASE as well, or leave the feed out.');
  return [
    ...(release ? ['-c.forceCodeSigning=true'] : []),
    ...(feed ? ['-c.publish.provider=generic', `-c.publish.url=${feed}`] : []),
    ...(automation
      ? [
          '-c.electronFuses.enableNodeCliInspectArguments=true',
          '-c.artifactName=afterimage-automation-${version}-${os}-${arch}.${ext}',
        ]
      : []),
  ];
}

/**
 * Makes packages. Nothing is published.
 *
 * @param {readonly string[]} options of electron-builder
 * @returns {Promise<number>} its exit code
 */
export async function pack(options) {
  await makeIcons(join(root, '.cache', 'pack'));
  const all = ['--publish', 'never', ...settings(process.env), ...options];
  // Results of a check that packs go to standard output.
  return run(process.execPath, [commandOf('electron-builder'), ...all], { stdio: ['ignore', 2, 2] });
}

if (isMain(import.meta.url)) process.exit(await pack(process.argv.slice(2)).catch(giveUp));
