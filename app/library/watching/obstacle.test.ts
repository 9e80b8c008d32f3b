import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FollowedFolder } from '../../../test/support/followed-folder.ts';

let folder: FollowedFolder;
beforeEach(async () => {
  folder = await FollowedFolder.make();
});
afterEach(() => folder.remove());

/** Runs a module in a namespace of its own, where the limits of inotify can be lowered for it alone. */
const inNamespace = async (limits: string, script: string): Promise<string> => {
  const shell = `${limits}; exec "$0" --import tsx --input-type=module -e "$1"`;
  const args = ['-Ur', 'sh', '-c', shell, process.execPath, script];
  return (await promisify(execFile)('unshare', args, { timeout: 15_000 })).stdout;
};
const hasNamespaces = await promisify(execFile)('unshare', [
  ...['-Ur', 'sh', '-c', 'echo 9 > /proc/sys/user/max_inotify_watches'],
]).then(
  () => true,
  () => false,
);

describe.skipIf(!hasNamespaces)('Watching, where the system’s limits are really reached', () => {
  const script = (system: string): string => `
    import { Watching } from ${JSON.stringify(join(import.meta.dirname, 'watching.ts'))};
    import { realSystem } from ${JSON.stringify(join(import.meta.dirname, 'system.ts'))};
    const host = { snapshots: ${JSON.stringify(join(folder.home, 's'))}, onChange: () => {}, onState: (_, s) => console.log(JSON.stringify(s)) };
    const watching = new Watching(host, { ...realSystem, ${system} });
    await watching.sync([{ id: 'r', path: ${JSON.stringify(folder.path)}, follow: 'watch', paused: false, isOffline: false, isExcluded: () => false }]);
    await watching.close();`;
  const lowered = (name: string, to: number): string => `echo ${to} > /proc/sys/user/max_inotify_${name}`;

  it('counts before it watches', async () => {
    expect(await inNamespace(lowered('watches', 3), script(''))).toMatch(/"watching":300.*together watch 3\./u);
  });

  it('takes the system’s no', async () => {
    const blind = script('watchLimit: () => Promise.resolve(null)');
    expect(await inNamespace(lowered('watches', 3), blind)).toMatch(/"watching":300.*used up/u);
    expect(await inNamespace(lowered('watches', 100), blind)).toContain('"watching":"events"');
  });

  it('does not hang when no program may begin to watch', async () => {
    expect(await inNamespace(lowered('instances', 0), script(''))).toMatch(/"watching":300.*used up/u);
  });
});
