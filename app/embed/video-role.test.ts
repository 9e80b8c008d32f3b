import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ffmpeg, redGreenBlue, videoPrograms, writeVideo, type Scene } from '../../test/support/video-files.ts';
import { OwnFolder } from '../base/disk.ts';
import { decode, type Pixels } from '../media/decode.ts';
import { thumbnailPath } from '../media/thumbnail.ts';
import { dot, normalise } from '../space/vector.ts';
import type { Identified, Question, Result, TaskHost } from './protocol.ts';
import { distinctFrames, readVideo, videoMoment, videoStill } from './video-role.ts';

describe('distinct frames', () => {
  const vector = fc
    .array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 4, maxLength: 4 })
    .map((values) => normalise(Float32Array.from(values)));

  it('leave out what was seen before, and nothing else', () => {
    fc.assert(
      fc.property(fc.array(vector, { maxLength: 30 }), fc.double({ min: 0, max: 1, noNaN: true }), (vectors, same) => {
        const frames = vectors.map((value, at) => ({ at, vector: value }));
        const kept = distinctFrames(frames, same);
        expect(kept[0]).toBe(frames[0]);
        expect(kept.map(({ at }) => at)).toEqual(kept.map(({ at }) => at).toSorted((a, b) => a - b));
        for (const frame of frames) {
          const earlier = kept.filter(({ at }) => at < frame.at);
          const isNew = earlier.every((other) => dot(other.vector, frame.vector) < same);
          expect(kept.includes(frame)).toBe(isNew);
        }
      }),
    );
  });
});

describe.skipIf(videoPrograms === null)('a video', () => {
  let folder: string;
  let thumbnails: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'afterimage-video-role-'));
    thumbnails = join(folder, 'thumbnails');
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** The middle of a frame, as a direction. */
  const embed = ({ data, width, height }: Pixels): Promise<Float32Array<ArrayBuffer>> => {
    const start = (Math.floor(height / 2) * width + Math.floor(width / 2)) * 3;
    return Promise.resolve(
      Float32Array.from(normalise(Float32Array.from(data.subarray(start, start + 3), (x) => x + 1))),
    );
  };
  const questions: Question[] = [];
  const host: TaskHost = {
    identify: () => Promise.reject(new TypeError('Nobody is asked.')),
    takeMemory: () => Promise.resolve(),
    begin: () => undefined,
  };
  const read = (
    path: string,
    answer: (question: Question) => Identified = ({ look }) => ({
      photoId: look === null ? null : '0123456789abcdef',
      need: 'everything',
    }),
    describe = false,
  ): Promise<Result> => {
    questions.length = 0;
    return readVideo(
      { kind: 'photo', path, sidecars: [], describe },
      {
        host: {
          ...host,
          identify: (question) => {
            questions.push(question);
            return Promise.resolve(answer(question));
          },
        },
        embed,
        library: new OwnFolder(folder),
      },
    );
  };
  const write = async (name: string, scenes: readonly Scene[], ...options: readonly string[]): Promise<string> => {
    const path = join(folder, name);
    await writeVideo(path, scenes, ['-c:v', 'libx264', ...options]);
    return path;
  };

  it('is seen at each moment that differs, once', async () => {
    const path = await write('scenes.mp4', [...redGreenBlue, { shows: 'red', seconds: 2 }]);
    const result = await read(path);
    if (result.kind !== 'embedded') throw new Error(result.kind);
    expect(result).toMatchObject({ width: 320, height: 180, mime: 'video/mp4', seconds: 8 });
    expect(result.frames.map(({ at }) => at)).toEqual([0, 2, 4]);
    expect(result.frames.map(({ vector }) => vector.indexOf(Math.max(...vector)))).toEqual([0, 1, 2]);
    expect(result.metadata).toMatchObject({ takenAtSource: 'file', camera: null });
  });

  it('is shown by a frame with something on it, which is the still in full size as well', async () => {
    const scenes = [
      { shows: 'black', seconds: 2 },
      { shows: 'testsrc2', seconds: 2 },
    ];
    const path = await write('fades in.mp4', scenes);
    await read(path);
    const { data, info } = await sharp(thumbnailPath(thumbnails, '0123456789abcdef'))
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect(info).toMatchObject({ width: 320, height: 180 });
    expect(data.some((level) => level > 200)).toBe(true);
    const still = await videoStill(path, host);
    expect(still).toMatchObject({ width: 320, height: 180 });
    const pixels = (await decode(still, still)).data;
    const apart = pixels.reduce((sum, level, index) => sum + Math.abs(level - data[index]!), 0) / pixels.length;
    expect(apart).toBeLessThan(8);
  });

  it('shows each moment in any size, and none behind its end', async () => {
    const path = await write('moments.mp4', redGreenBlue);
    for (const [at, brightest] of [
      [0, 0],
      [2, 1],
      [5.9, 2],
    ] as const) {
      const still = await videoMoment(path, { at, longEdge: 160 }, host);
      expect(still).toMatchObject({ width: 160, height: 90 });
      const [...colour] = (await decode(still, still)).data.subarray(0, 3);
      expect(colour.indexOf(Math.max(...colour)), String(at)).toBe(brightest);
    }
    expect(await videoMoment(path, { at: 1, longEdge: 4000 }, host)).toMatchObject({ width: 320, height: 180 });
    await expect(videoMoment(path, { at: 7, longEdge: 160 }, host)).rejects.toMatchObject({ name: 'PhotoFailure' });
  });

  it('that is known by its bytes is neither decoded nor asked again', async () => {
    const path = await write('known.mp4', redGreenBlue);
    const known = (): Identified => ({ photoId: 'fedcba9876543210', need: 'nothing' });
    expect(await read(path, known)).toMatchObject({ kind: 'known', photoId: 'fedcba9876543210' });
    expect(questions).toHaveLength(1);
    expect(await read(path, known, true)).toMatchObject({ kind: 'described', metadata: { takenAtSource: 'file' } });
  });

  it('is the same picture under other words, and another one with other pictures', async () => {
    const [path, retold] = [await write('told.mp4', redGreenBlue), join(folder, 'retold.mp4')];
    const tags = ['-metadata', 'title=Colours', '-metadata', 'creation_time=2024-05-01T10:00:00Z'];
    await ffmpeg('-i', path, '-c', 'copy', ...tags, retold);
    await read(path);
    const [before] = questions.slice(-1);
    const result = await read(retold, ({ look }) => ({
      photoId: look === null ? null : '0123456789abcdef',
      need: look?.pixelHash === before?.look?.pixelHash ? 'description' : 'everything',
    }));
    expect(result).toMatchObject({
      kind: 'described',
      metadata: { title: 'Colours', takenAt: Date.UTC(2024, 4, 1, 10), takenAtSource: 'video', takenAtOffset: null },
    });
    expect(questions[0]?.contentHash).not.toBe(before?.contentHash);
    // The same beginning, another end.
    await read(await write('cut short.mp4', redGreenBlue.slice(0, 2)));
    expect(questions.at(-1)?.look?.pixelHash).not.toBe(before?.look?.pixelHash);
  });

  it('that is none is a failure of its own and leaves nothing behind', async () => {
    const path = join(folder, 'none.mp4');
    await writeFile(path, 'no video');
    const before = await readdir(folder);
    await expect(read(path)).rejects.toMatchObject({ name: 'PhotoFailure', kind: 'not-an-image' });
    await writeFile(path, '');
    await expect(read(path)).rejects.toMatchObject({ kind: 'empty' });
    await rm(path);
    await expect(read(path)).rejects.toMatchObject({ kind: 'vanished' });
    expect((await readdir(folder)).length).toBe(before.length - 1);
    expect((await stat(thumbnails)).isDirectory()).toBe(true);
  });
});
