import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { device, folder, linkTo, pipe, socket, sparse, type Replace } from '../entries.ts';
import { bomb, type Bomb } from './bomb.ts';

let turn = 0;
/** Each of another colour: no two are one photo. */
const photo = (): Promise<Buffer> => {
  turn += 1;
  return sharp({
    create: { width: 200, height: 150, channels: 3, background: { r: (turn * 37) % 256, g: (turn * 91) % 256, b: 40 } },
  })
    .jpeg()
    .toBuffer();
};

const [ESCAPE, BELL, CONTROL_1, OVERRIDE] = ['\u001b', '\u0007', '\u009b', '\u202e'];
const names: readonly string[] = [
  `${ESCAPE}[2J${ESCAPE}]0;title${BELL}.jpg`,
  `${CONTROL_1}31mred.jpg`,
  `photo${OVERRIDE}gpj.exe.jpg`,
  'two\nlines\r.jpg',
  '\t tab.jpg',
  '$(reboot) `id` ;|&.jpg',
  '-rf --json.jpg',
  '%s%n%00.jpg',
  `${'n'.repeat(251)}.jpg`,
  `${'ä'.repeat(125)}.jpg`,
  'a\u0308\u0301\u0302\u0303'.repeat(20) + '.jpg',
  'a...jpg',
  'con.jpg',
  '\ufeff\u2028\u2029.jpg',
];

/** Far below, so that its path is longer than most programs have room for. */
const deep = (levels: number, step: string): Bomb => {
  const place = join(...Array<string>(levels).fill(step));
  return {
    ...bomb(join(place, `deep ${levels}.jpg`), photo),
    write: async (path) => {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, await photo());
    },
  };
};

const inPlace = (name: string, replace: Replace, fate: Bomb['fate'] = 'told'): Bomb => ({ name, fate, write: replace });

export const nameBombs: readonly Bomb[] = [
  ...names.map((name) => bomb(name, photo)),
  deep(300, 'd'),
  deep(15, 'f'.repeat(200)),
  inPlace('pipe.jpg', pipe),
  inPlace('socket.jpg', socket),
  inPlace('device.png', device),
  inPlace('folder.tif', folder),
  // Links are not followed out of their folder, and lead to nothing here.
  inPlace('link.jpg', linkTo('/etc/passwd'), 'hidden'),
  inPlace('circle.jpg', linkTo('circle.jpg'), 'hidden'),
  inPlace('everything', linkTo('/'), 'hidden'),
];

const STARTS: Readonly<Record<string, string>> = {
  jpg: 'ffd8ffe000104a46494600010101',
  png: '89504e470d0a1a0a0000000d49484452000000100000001008020000009091683600000000',
  gif: '4749463839610100010080000000',
  webp: '52494646ffffff6f57454250565038200000ff6f',
  tif: '49492a0008000000',
  dng: '49492a00000000700800',
  nef: '4d4d002a00000070',
  raf: '46554a4946494c4d4343442d524157',
  heic: '00000018667479706865696300000000',
  avif: '0000001c667479706176696600000000',
  jxl: 'ff0affffff',
  mp4: '00000018667479706d70343200000000',
};

/** Of 1.9 GB each, without taking room on the disk. */
export const sparseBombs: readonly Bomb[] = Object.entries(STARTS).map(([extension, start]) =>
  inPlace(`sparse.${extension}`, async (path) => {
    await sparse(1.9e9)(path);
    await writeFile(path, Buffer.from(start, 'hex'), { flag: 'r+' });
  }),
);
