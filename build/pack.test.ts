import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SENTINEL } from '@electron/fuses/dist/constants.js';
import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { makeIcons } from './icons.mjs';
import { checkFuses } from './pack-check.mjs';
import { settings } from './pack.mjs';
import { root } from './tools.mjs';

const folder = mkdtempSync(join(tmpdir(), 'afterimage-icons-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('settings', () => {
  it('are those of electron-builder.yml unless the environment says otherwise', () => {
    expect(settings({})).toEqual([]);
    expect(settings({ AFTERIMAGE_RELEASE: '', AFTERIMAGE_FEED: '', AFTERIMAGE_AUTOMATION: '' })).toEqual([]);
  });

  it('ask for signatures, name a feed, and keep the variant for test tools apart', () => {
    expect(settings({ AFTERIMAGE_RELEASE: '1' })).toEqual(['-c.forceCodeSigning=true']);
    const feed = { AFTERIMAGE_FEED: 'https://updates.example' };
    expect(settings({ ...feed, AFTERIMAGE_RELEASE: '1' })).toContain('-c.publish.url=https://updates.example');
    expect(() => settings(feed)).toThrow('AFTERIMAGE_RELEASE');
    expect(settings({ AFTERIMAGE_AUTOMATION: '1' })).toEqual([
      '-c.electronFuses.enableNodeCliInspectArguments=true',
      expect.stringContaining('automation'),
    ]);
  });
});

it('fuses are as stated, all of them, and no others', async () => {
  const program = join(folder, 'program');
  const check = (wire: string): Promise<string> => {
    writeFileSync(
      program,
      Buffer.concat([Buffer.from(`elf${SENTINEL}`), Buffer.from([1, wire.length]), Buffer.from(wire)]),
    );
    return checkFuses(program);
  };
  expect(await check('010011001')).toContain('9');
  await expect(check('110011001')).rejects.toThrow('RunAsNode is not off');
  await expect(check('010011000')).rejects.toThrow('WasmTrapHandlers is not on');
  await expect(check('0100110011')).rejects.toThrow('10 fuses, of which 9 are stated');
  await expect(check('01001100')).rejects.toThrow('8 fuses');
});

it('an AppImage is started with its sandbox', async () => {
  const tool = createRequire(createRequire(import.meta.url).resolve('electron-builder'));
  const load = (name: string): unknown => tool(`app-builder-lib/out/${name}`);
  // The tool's own parts, which have no types for others.
  const { getConfig } = load('util/config/config') as { getConfig: (...of: unknown[]) => Promise<{ linux: unknown }> };
  const { default: AppImageTarget } = load('targets/appimage/AppImageTarget') as {
    default: new (...parts: unknown[]) => { desktopEntry: { value: Promise<string> } };
  };
  const config = await getConfig(root, 'electron-builder.yml', null);
  const packager = { config, platformSpecificBuildOptions: config.linux, appInfo: {} };
  const helper = { computeDesktopEntry: (_options: unknown, exec: string) => exec };
  const { desktopEntry } = new AppImageTarget('', packager, helper, folder);
  expect(await desktopEntry.value).toBe('AppRun %U');
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
