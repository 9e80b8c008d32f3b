import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Views } from './views.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'afterimage-views-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('views', () => {
  it('are counted, and there after a restart', async () => {
    const path = join(folder, 'views.json');
    const views = await Views.open(path);
    for (const id of ['a', 'b', 'a']) views.add(id);
    await views.save();
    const again = await Views.open(path);
    expect([again.of('a'), again.of('b'), again.of('c')]).toEqual([2, 1, 0]);
  });

  it('begin anew where the file is damaged', async () => {
    const path = join(folder, 'views.json');
    await writeFile(path, '{"a": 2');
    expect((await Views.open(path)).of('a')).toBe(0);
  });

  it('keep those looked at most when there are too many', async () => {
    const path = join(folder, 'views.json');
    const views = await Views.open(path);
    for (let photo = 0; photo < 10_050; photo++) views.add(String(photo));
    views.add('10049');
    await views.save();
    const again = await Views.open(path);
    expect(again.of('10049')).toBe(2);
    expect(Array.from({ length: 10_050 }, (_, photo) => again.of(String(photo))).filter(Boolean)).toHaveLength(10_000);
  });
});
