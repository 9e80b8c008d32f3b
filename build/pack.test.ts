import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { makeIcons } from './icons.mjs';
import { settings } from './pack.mjs';

const folder = mkdtempSync(join(tmpdir(), 'afterimage-icons-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('settings', () => {
  it('are those of electron-builder.yml unless the environment says otherwise', () => {
    expect(settings({})).toEqual([]);
    expect(settings({ AFTERIMAGE_RELEASE: '', AFTERIMAGE_FEED: '', AFTERIMAGE_AUTOMATION: '' })).toEqual([]);
  });

  it('ask for signatures, name a feed, and keep the variant for test tools apart', () => {
    expect(settings({ AFTERIMAGE_RELEASE: '1' })).toEqual(['-c.forceCodeSigning=true']);
    expect(settings({ AFTERIMAGE_FEED: 'https://updates.example' })).toContain(
      '-c.publish.url=https://updates.example',
    );
    expect(settings({ AFTERIMAGE_AUTOMATION: '1' })).toEqual([
      '-c.electronFuses.enableNodeCliInspectArguments=true',
      expect.stringContaining('automation'),
    ]);
  });
});

it('icons hold the logo in all sizes, as Linux, Windows and macOS read them', async () => {
  await makeIcons(folder);
  for (const name of readdirSync(join(folder, 'icons'))) {
    const { width, height } = await sharp(join(folder, 'icons', name)).metadata();
    expect(`${width}x${height}.png`).toBe(name);
  }
  const { data, info } = await sharp(join(folder, 'icons', '256x256.png'))
    .raw()
    .toBuffer({ resolveWithObject: true });
  const at = (x: number, y: number): number[] => [...data.subarray((y * 256 + x) * info.channels).subarray(0, 4)];
  // The disc, a little to the left of the middle, on a tile that leaves the corners free.
  expect(at(100, 128)).toEqual([0xee, 0x6c, 0x4d, 255]);
  expect(at(0, 0)[3]).toBe(0);

  const ico = readFileSync(join(folder, 'icon.ico'));
  const pictures = Array.from({ length: ico.readUInt16LE(4) }, (_, index) => {
    const start = ico.readUInt32LE(6 + 16 * index + 12);
    return ico.subarray(start, start + ico.readUInt32LE(6 + 16 * index + 8));
  });
  const sides = await Promise.all(pictures.map(async (png) => (await sharp(png).metadata()).width));
  expect(sides).toEqual([16, 24, 32, 48, 64, 128, 256]);

  const icns = readFileSync(join(folder, 'icon.icns'));
  expect([icns.toString('latin1', 0, 4), icns.readUInt32BE(4)]).toEqual(['icns', icns.length]);
  const found: [string, number][] = [];
  for (let at = 8; at < icns.length; at += icns.readUInt32BE(at + 4)) {
    const { width } = await sharp(icns.subarray(at + 8, at + icns.readUInt32BE(at + 4))).metadata();
    found.push([icns.toString('latin1', at, at + 4), width]);
  }
  expect(Object.fromEntries(found)).toMatchObject({ ic07: 128, ic08: 256, ic09: 512, ic10: 1024, ic11: 32 });
});
