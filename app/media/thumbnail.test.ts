import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { noise } from '../../test/support/image-files.ts';
import { OwnFolder } from '../base/disk.ts';
import { decode, encodeView, inspect } from './decode.ts';
import { pixelHash, reducedSize } from './reduced.ts';
import { thumbnailPath, writeThumbnail } from './thumbnail.ts';
import { writeAtomically } from './write-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'afterimage-thumbnails-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const pictureOf = async (width: number, height: number): ReturnType<typeof inspect> =>
  inspect(Buffer.from(await noise(width, height).jpeg().toBuffer()));

describe('reducedSize', () => {
  it.each([
    [4000, 3000, 512, 384],
    [3000, 4000, 384, 512],
    [6000, 4000, 576, 384],
    [3000, 3000, 512, 512],
    [8000, 1000, 3072, 384],
    [640, 300, 640, 300],
    [1, 20_000, 1, 16_384],
    [30_000, 8000, 1440, 384],
  ])('of %i × %i is %i × %i', (width, height, reducedWidth, reducedHeight) => {
    expect(reducedSize({ width, height })).toEqual({ width: reducedWidth, height: reducedHeight });
  });
});

describe('pixelHash', () => {
  const hashOf = async (file: Buffer): Promise<string> => {
    const picture = await inspect(Buffer.from(file));
    return pixelHash(await decode(picture, reducedSize(picture)));
  };

  it('does not change with metadata, and does with pixels', async () => {
    const photo = await noise(1200, 900).jpeg().toBuffer();
    const described = Buffer.concat([
      photo.subarray(0, 2),
      Buffer.from('\xff\xfe\0\x0ba comment', 'latin1'),
      photo.subarray(2),
    ]);
    expect(await hashOf(described)).toBe(await hashOf(photo));
    expect(await hashOf(await sharp(photo).jpeg({ quality: 60 }).toBuffer())).not.toBe(await hashOf(photo));
  });
});

describe('writeThumbnail', () => {
  it.each([
    [2000, 1000, 512, 256],
    [1000, 1000, 512, 512],
    [200, 150, 200, 150],
  ])('makes of %i × %i a JPEG of %i × %i and nothing else', async (width, height, thumbnailWidth, thumbnailHeight) => {
    const picture = await pictureOf(width, height);
    const path = thumbnailPath(join(folder, 'thumbnails'), '0123456789abcdef');
    await writeThumbnail(await decode(picture, reducedSize(picture)), new OwnFolder(folder), '0123456789abcdef');
    expect(path).toBe(join(folder, 'thumbnails', '01', '0123456789abcdef.jpg'));
    expect(await sharp(path).metadata()).toMatchObject({
      format: 'jpeg',
      width: thumbnailWidth,
      height: thumbnailHeight,
    });
    expect(readdirSync(join(folder, 'thumbnails', '01'))).toEqual(['0123456789abcdef.jpg']);
    expect(readdirSync(join(folder, 'thumbnails', 'new'))).toEqual([]);
  });
});

describe('writeAtomically', () => {
  const write = (path: string): Promise<void> => writeAtomically(new OwnFolder(folder), path, Buffer.from('bytes'));

  it.runIf(existsSync('/dev/full'))('says that the disk is full, and leaves nothing', async () => {
    const library = new OwnFolder(folder);
    library.writeNow = (_, bytes) => writeFileSync('/dev/full', bytes);
    await expect(writeAtomically(library, join(folder, 'picture.jpg'), Buffer.from('bytes'))).rejects.toMatchObject({
      kind: 'disk-full',
      message: expect.stringMatching(/picture\.jpg .*disk is full.*free/isu),
    });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('makes the folder that it is given, also when it goes away meanwhile', async () => {
    const path = join(folder, 'cache', 'deep', 'picture.jpg');
    for (const _ of [1, 2]) {
      await write(path);
      expect(readFileSync(path, 'utf8')).toBe('bytes');
      rmSync(join(folder, 'cache'), { recursive: true });
    }
  });

  it('says that a folder cannot be written to', async () => {
    await write(join(folder, 'file'));
    await expect(write(join(folder, 'file', 'below.jpg'))).rejects.toMatchObject({
      kind: 'disk-full',
      message: expect.stringContaining('below.jpg'),
    });
  });

  it.skipIf(process.platform === 'win32')('writes nothing through a link, whatever part of the way it is', async () => {
    const outside = mkdtempSync(join(tmpdir(), 'afterimage-outside-'));
    symlinkSync(outside, join(folder, 'thumbnails'));
    mkdirSync(join(folder, 'cache'));
    symlinkSync(outside, join(folder, 'cache', 'ab'));
    symlinkSync(join(outside, 'gone'), join(folder, 'cache', 'new'));
    const picture = await pictureOf(20, 20);
    const pixels = await decode(picture, picture);
    const drafts = join(folder, 'cache', 'new');
    const attempts = [
      () => writeThumbnail(pixels, new OwnFolder(folder), '0123456789abcdef'),
      () => write(join(folder, 'cache', 'ab', 'picture.jpg')),
      () => writeAtomically(new OwnFolder(folder), join(folder, 'cache', 'picture.jpg'), Buffer.from('bytes'), drafts),
      () => write(join(outside, 'picture.jpg')),
    ];
    for (const attempt of attempts)
      await expect(attempt()).rejects.toMatchObject({
        kind: 'disk-full',
        message: expect.stringMatching(/link|outside/u),
      });
    expect(readdirSync(outside)).toEqual([]);
    rmSync(outside, { recursive: true });
  });
});

describe('encodeView', () => {
  it('fits a large picture to a screen and leaves a small one as large as it is', async () => {
    expect(await sharp(await encodeView(await pictureOf(3000, 1500), 2560)).metadata()).toMatchObject({
      format: 'jpeg',
      width: 2560,
      height: 1280,
    });
    expect(await sharp(await encodeView(await pictureOf(300, 150), 2560)).metadata()).toMatchObject({
      width: 300,
      height: 150,
    });
  });
});
