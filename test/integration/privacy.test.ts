import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { holderOf } from '../support/holder.ts';
import { finished, startAt, temporaryFolder } from '../support/command-line.ts';
import { writePaintings } from '../support/paintings.ts';

describe('what stays on the machine', () => {
  it('leaves nothing in the home folder but the library', async () => {
    const [home, remove] = await temporaryFolder();
    await writePaintings(join(home, 'Pictures'));
    expect(
      (await finished(startAt(home, 'index', join(home, 'Pictures'), '--library', join(home, 'library')))).code,
    ).toBe(0);
    expect((await finished(startAt(home, 'search', 'red', '--library', join(home, 'library')))).code).toBe(0);
    expect((await readdir(home)).sort()).toEqual(['Pictures', 'library']);
    await remove();
  });

  it.runIf(process.platform === 'linux')(
    'tells ONNX Runtime to report nothing, in the engine and in every worker',
    async () => {
      const [home, remove] = await temporaryFolder();
      const library = join(home, 'library');
      await writePaintings(join(home, 'Pictures'));
      const serving = startAt(home, 'serve', '--no-open', '--library', library, join(home, 'Pictures'));
      await expect.poll(() => holderOf(library), { timeout: 30_000 }).not.toBeNull();
      const engine = (await holderOf(library))?.pid ?? 0;
      const workers = (): string[] =>
        execFileSync('ps', ['--ppid', String(engine), '-o', 'pid='], { encoding: 'utf8' })
          .trim()
          .split(/\s+/u);
      await expect
        .poll(
          () => {
            try {
              return workers().length;
            } catch {
              return 0;
            }
          },
          { timeout: 30_000 },
        )
        .toBeGreaterThan(0);
      for (const pid of [String(engine), ...workers()])
        expect(await readFile(`/proc/${pid}/environ`, 'latin1')).toContain('\0ORT_DISABLE_TELEMETRY=1\0');
      serving.kill('SIGTERM');
      await once(serving, 'exit');
      await remove();
    },
  );
});
