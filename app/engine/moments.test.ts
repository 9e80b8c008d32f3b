import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { forgetMoments, Moments } from './moments.ts';

const [one, other] = ['0123456789abcdef', 'fedcba9876543210'];
const moment = (tenths: number, photoId = one, pixelHash = 'a'.repeat(64)) => ({ photoId, pixelHash, tenths });

describe('moments of videos', () => {
  let thumbnails: string;
  let moments: Moments;
  let made: string[];
  beforeEach(async () => {
    thumbnails = await mkdtemp(join(tmpdir(), 'afterimage-moments-'));
    moments = new Moments(thumbnails);
    made = [];
  });
  afterEach(() => rm(thumbnails, { recursive: true, force: true }));

  const make = async (target: string): Promise<void> => {
    made.push(target);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, 'still');
  };
  const kept = async (): Promise<string[]> => readdir(join(thumbnails, 'moments'));

  it('are made once, however many ask, and again for an edited video', async () => {
    const paths = await Promise.all([20, 20, 21, 20].map((tenths) => moments.still(moment(tenths), make)));
    expect(new Set(paths).size).toBe(2);
    await moments.still(moment(20), make);
    expect(made).toHaveLength(2);
    await moments.still(moment(20, one, 'b'.repeat(64)), make);
    expect(made).toHaveLength(3);
  });

  it('are made two at a time, and one that fails holds up none and is tried again', async () => {
    let [running, most] = [0, 0];
    const wanted = Array.from({ length: 40 }, (_, tenths) =>
      moments.still(moment(tenths), async (target) => {
        most = Math.max(most, ++running);
        await pause(2);
        running--;
        if (tenths % 3 === 0) throw new Error('damaged');
        await make(target);
      }),
    );
    const ends = await Promise.allSettled(wanted);
    expect(most).toBe(2);
    expect(ends.map(({ status }) => status === 'rejected')).toEqual(ends.map((_, tenths) => tenths % 3 === 0));
    await moments.still(moment(0), make);
    expect(await kept()).toHaveLength(27);
  });

  it('go with their videos', async () => {
    await forgetMoments(thumbnails, [one]);
    for (const photoId of [one, other])
      for (const tenths of [0, 15]) await moments.still(moment(tenths, photoId), make);
    await forgetMoments(thumbnails, [one]);
    expect((await kept()).map((name) => name.slice(0, 16))).toEqual([other, other]);
  });

  it('that nobody has looked at for longest go when there are too many', async () => {
    await mkdir(join(thumbnails, 'moments'));
    const names = Array.from({ length: 2000 }, (_, index) => `${other}@${index}-${'a'.repeat(16)}.jpg`);
    for (const [index, name] of names.entries()) {
      const path = join(thumbnails, 'moments', name);
      await writeFile(path, '');
      await utimes(path, 1000 + index, 1000 + index);
    }
    await moments.still(moment(0, other), make);
    expect(made).toEqual([]);
    const fresh = basename(await moments.still(moment(7), make));
    expect(new Set(await kept())).toEqual(new Set([fresh, names[0], ...names.slice(-1498)]));
  });
});
