import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../test/support/command-line.ts';
import { openLog } from './log.ts';

it('keeps four files of a megabyte, the newest lines first', async () => {
  const [home, remove] = await temporaryFolder();
  try {
    const folder = join(home, 'logs');
    const log = openLog(folder);
    for (let line = 0; line < 60; line += 1) log.info('x'.repeat(100_000), { line });
    const names = ['afterimage.1.log', 'afterimage.2.log', 'afterimage.3.log', 'afterimage.log'];
    expect((await readdir(folder)).sort()).toEqual(names);
    const lines: number[] = [];
    for (const name of ['afterimage.3.log', 'afterimage.2.log', 'afterimage.1.log', 'afterimage.log']) {
      const text = await readFile(join(folder, name), 'utf8');
      expect(text.length).toBeLessThan(1024 * 1024 + 200_000);
      lines.push(...Array.from(text.matchAll(/"line":(\d+)/gu), ([, number]) => Number(number)));
    }
    // None is lost among those that are kept, up to the last.
    expect(lines).toEqual(Array.from(lines, (_line, index) => lines[0]! + index));
    expect(lines.at(-1)).toBe(59);
    expect(lines.length).toBeGreaterThan(30);
  } finally {
    await remove();
  }
});
