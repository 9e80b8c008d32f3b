import { writeFile, readFile } from 'node:fs/promises';
import { box, fullBox, number } from '../../boxes.ts';
import { ffmpeg, redGreenBlue, videoPrograms, writeVideo } from '../../video-files.ts';
import { hugePng } from '../../huge-png.ts';
import { pngMovie } from '../../png-movie.ts';
import { bomb, many, type Bomb } from './bomb.ts';

/** A short sound video whose bytes are changed. */
const changedVideo = (name: string, change: (file: Buffer) => Buffer, options?: readonly string[]): Bomb => ({
  name,
  fate: 'told',
  write: async (path) => {
    await writeVideo(path, redGreenBlue, options);
    await writeFile(path, change(await readFile(path)));
  },
});

const madeBy = (name: string, ...options: readonly string[]): Bomb => ({
  name,
  fate: 'told',
  write: (path) => ffmpeg(...options, path),
});

/** All numbers of four bytes within so many behind the name of a kind of box. */
const flood =
  (type: string, bytes: number, value: number) =>
  (file: Buffer): Buffer => {
    for (let at = file.indexOf(type); at >= 0; at = file.indexOf(type, at + 4))
      for (let offset = 8; offset + 4 <= bytes && at + 4 + offset + 4 <= file.length; offset += 4)
        file.writeUInt32BE(value, at + 4 + offset);
    return file;
  };

const source = (size: string, seconds: number, rate = '1'): readonly string[] => [
  '-f',
  'lavfi',
  '-i',
  `color=red:s=${size}:d=${seconds}:r=${rate}`,
];
const ftyp = box('ftyp', Buffer.from('isom\0\0\0\x01isom', 'latin1'));

const withoutFfmpeg: readonly Bomb[] = [
  bomb('nested.mp4', () => {
    let inner = Buffer.alloc(0);
    for (let level = 0; level < 10_000; level++) inner = box('moov', inner);
    return Buffer.concat([ftyp, inner]);
  }),
  bomb('boxes.mp4', () => Buffer.concat([ftyp, many(500_000, () => box('free'))])),
  bomb('samples.mp4', () =>
    Buffer.concat([
      ftyp,
      box('moov', box('trak', box('mdia', box('minf', box('stbl', fullBox('stts', 0, 0, number(4, 0xffff_ffff))))))),
    ]),
  ),
  bomb('playlist.mp4', () => Buffer.from('#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n')),
  bomb('list.mkv', () => Buffer.from("ffconcat version 1.0\nfile '/etc/passwd'\n")),
  bomb('elements.mkv', () => Buffer.concat([Buffer.from('1a45dfa3ff', 'hex'), Buffer.alloc(3_000_000, 0x42)])),
  bomb('index.avi', () =>
    Buffer.concat([
      Buffer.from('RIFF\xff\xff\xff\xffAVI LIST\xff\xff\xff\xffhdrl', 'latin1'),
      Buffer.alloc(100_000, 0x61),
    ]),
  ),
];

const withFfmpeg: readonly Bomb[] = [
  changedVideo('duration.mp4', (file) => flood('mvhd', 20, 0xffff_fff0)(flood('mdhd', 20, 0xffff_fff0)(file))),
  changedVideo('rate.mp4', flood('stts', 40, 0xffff_ffff)),
  changedVideo('sizes.mp4', flood('stsz', 4000, 0x7fff_ffff)),
  changedVideo('places.mp4', flood('stco', 4000, 0xffff_fff0)),
  changedVideo('picture.mp4', flood('avc1', 40, 0xffff_ffff)),
  changedVideo('moved.mov', flood('tkhd', 80, 0x8000_0000)),
  changedVideo('cut.mp4', (file) => file.subarray(0, file.length / 2)),
  changedVideo('duration.mkv', (file) => {
    const at = file.indexOf(Buffer.from('4489', 'hex'));
    file.writeDoubleBE(1e300, at + 3);
    return file;
  }),
  madeBy('frames of 8k.mp4', ...source('7680x4320', 3), '-c:v', 'libx264', '-preset', 'ultrafast'),
  madeBy('large frame.mkv', ...source('9000x6000', 1), '-c:v', 'png'),
  madeBy('ten hours.mp4', ...source('64x64', 36_000, '1/10'), '-c:v', 'libx264', '-g', '1', '-preset', 'ultrafast'),
  madeBy('key frames.mp4', ...source('64x64', 100, '100'), '-c:v', 'mpeg4', '-g', '1'),
  madeBy(
    'streams.mkv',
    ...source('64x64', 2),
    ...Array<readonly string[]>(100).fill(['-map', '0:v']).flat(),
    '-c:v',
    'mpeg4',
  ),
  bomb('growing frames.mov', () => {
    const [small, huge] = [hugePng(64, 64, 64), hugePng(16_000, 16_000, 64)];
    return pngMovie([small, small, ...Array<Buffer>(40).fill(huge)], { width: 64, height: 64, frameMs: 1000 });
  }),
  bomb('one moment.mov', () => {
    const [small, large] = [hugePng(64, 64, 64), hugePng(480, 480, 64)];
    return pngMovie([small, ...Array<Buffer>(60_000).fill(large)], { width: 480, height: 480, frameMs: 0 });
  }),
  madeBy('words.mp4', ...source('64x64', 2), '-metadata', `title=${'long '.repeat(20_000)}`, '-c:v', 'mpeg4'),
];

export const videoBombs: readonly Bomb[] = [...withoutFfmpeg, ...(videoPrograms === null ? [] : withFfmpeg)];
