import { mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { noise } from '../../test/support/image-files.ts';
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
    [1, 20_000, 1, 20_000],
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
    const path = thumbnailPath(folder, '0123456789abcdef');
    await writeThumbnail(await decode(picture, reducedSize(picture)), path);
    expect(path).toBe(join(folder, '01', '0123456789abcdef.jpg'));
    expect(await sharp(path).metadata()).toMatchObject({
      format: 'jpeg',
      width: thumbnailWidth,
      height: thumbnailHeight,
    });
    expect(readdirSync(join(folder, '01'))).toEqual(['0123456789abcdef.jpg']);
  });
});

describe('writeAtomically', () => {
  it.runIf(process.platform === 'linux')('says that the disk is full, and leaves nothing', async () => {
    const path = join(folder, 'picture.jpg');
    // Drafts are numbered; every one that could come next is on a device that has no space, ever.
    for (let draft = 0; draft < 20; draft++) symlinkSync('/dev/full', `${path}.${process.pid}-${draft}.new`);
    const before = readdirSync(folder).length;
    await expect(writeAtomically(path, Buffer.from('bytes'))).rejects.toMatchObject({
      kind: 'disk-full',
      message: expect.stringMatching(/picture\.jpg .*disk is full.*free/isu),
    });
    expect(readdirSync(folder)).toHaveLength(before - 1);
    expect(readdirSync(folder)).not.toContain('picture.jpg');
  });

  it('says that a folder cannot be written to', async () => {
    await writeAtomically(join(folder, 'file'), Buffer.from('bytes'));
    await expect(writeAtomically(join(folder, 'file', 'below.jpg'), Buffer.from('bytes'))).rejects.toMatchObject({
      kind: 'disk-full',
      message: expect.stringContaining('below.jpg'),
    });
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
