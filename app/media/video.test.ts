import { mkdtemp, open, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hugePng } from '../../test/support/huge-png.ts';
import { pngMovie } from '../../test/support/png-movie.ts';
import { ffmpeg, redGreenBlue, videoPrograms, writeVideo } from '../../test/support/video-files.ts';
import { decode, type Pixels } from './decode.ts';
import { findFfmpeg, videosNotice, type VideoPrograms } from './ffmpeg.ts';
import { keyFrames, probeVideo, stillAt, type VideoFrame } from './video.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'afterimage-video-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const colourOf = ({ data, width, height }: Pixels, x = 0.5, y = 0.5): string => {
  const start = (Math.floor(y * height) * width + Math.floor(x * width)) * 3;
  const levels = [...data.subarray(start, start + 3)].map((level) => (level > 200 ? 1 : level < 55 ? 0 : 9));
  return (
    { '100': 'red', '010': 'green', '001': 'blue', '000': 'black', '111': 'white' }[levels.join('')] ?? levels.join()
  );
};

const framesOf = async (programs: VideoPrograms, path: string): Promise<VideoFrame[]> => {
  const frames: VideoFrame[] = [];
  for await (const frame of keyFrames(programs, path, await probeVideo(programs, path))) frames.push(frame);
  return frames;
};

const seen = async (programs: VideoPrograms, path: string): Promise<string[]> =>
  (await framesOf(programs, path)).map(({ at, pixels }) => `${String(Math.floor(at + 0.03))} ${colourOf(pixels)}`);

const RED_GREEN_BLUE = ['0 red', '1 red', '2 green', '3 green', '4 blue', '5 blue'];

describe('where ffmpeg is not', () => {
  it('is found in no empty place, and by its own name only', async () => {
    const environment = { PATH: folder, HOME: folder };
    const found = await findFfmpeg(environment, 'win32');
    expect(found).toBeNull();
  });

  it('is not taken from the folder that the program happens to be started in', async () => {
    expect((await findFfmpeg({ PATH: '.:relative' }, 'win32')) ?? null).toBeNull();
  });

  it('is said once for all videos, with the command of the system', () => {
    expect(videosNotice(12, 'darwin')).toMatchObject({
      kind: 'videos',
      message:
        '12 videos are not searchable: ffmpeg is not installed, or only where other users may change it. Install it and scan again.',
      command: 'brew install ffmpeg',
    });
    expect(videosNotice(1, 'win32')).toMatchObject({ command: expect.stringContaining('winget') });
    expect(videosNotice(1, 'linux').message).toMatch(/^One video is not searchable/u);
  });
});

describe.skipIf(videoPrograms === null)('videos', () => {
  // Nothing below runs without them.
  const programs = videoPrograms!;

  it.each([
    ['mp4', ['-c:v', 'libx264'], 'video/mp4'],
    ['mov', ['-c:v', 'libx264'], 'video/quicktime'],
    ['webm', ['-c:v', 'libvpx'], 'video/webm'],
    ['mkv', ['-c:v', 'libx264'], 'video/x-matroska'],
    ['avi', ['-c:v', 'mpeg4'], 'video/x-msvideo'],
    ['avi', ['-c:v', 'mjpeg'], 'video/x-msvideo'],
    ['mts', ['-c:v', 'libx264', '-f', 'mpegts'], 'video/mp2t'],
    ['mpg', ['-c:v', 'mpeg2video', '-r', '25', '-g', '25'], 'video/mpeg'],
    ['wmv', ['-c:v', 'wmv2'], 'video/x-ms-wmv'],
    ['3gp', ['-c:v', 'libx264'], 'video/3gpp'],
  ])('are read by their key frames: %s %j', async (extension, options, mime) => {
    const path = join(folder, `clip ${options[1] ?? ''}.${extension}`);
    await writeVideo(path, redGreenBlue, options);
    const video = await probeVideo(programs, path);
    expect(video).toMatchObject({ width: 320, height: 180, mime });
    expect(Math.abs(video.seconds - 6)).toBeLessThan(0.3);
    expect(await seen(programs, path)).toEqual(RED_GREEN_BLUE);
  });

  it('are upright, whichever way the camera was held, with square pixels', async () => {
    const plain = join(folder, 'landscape.mp4');
    const [turned, wide] = [join(folder, 'turned.mp4'), join(folder, 'wide.mp4')];
    // White above, black below.
    const half = 'drawbox=y=0:h=ih/2:w=iw:t=fill:c=white';
    await ffmpeg('-f', 'lavfi', '-i', 'color=black:s=320x180:d=1:r=10', '-vf', half, '-pix_fmt', 'yuv420p', plain);
    await ffmpeg('-i', plain, '-c', 'copy', '-metadata:s:v', 'rotate=90', turned);
    await ffmpeg('-i', plain, '-c:v', 'libx264', '-vf', 'setsar=4/3', wide);
    const [upright, anamorphic] = [await probeVideo(programs, turned), await probeVideo(programs, wide)];
    expect(upright).toMatchObject({ width: 180, height: 320 });
    expect(anamorphic).toMatchObject({ width: 427, height: 180 });
    await ffmpeg('-i', plain, '-c:v', 'libx264', '-vf', 'setsar=1000', join(folder, 'lying.mp4'));
    expect(await probeVideo(programs, join(folder, 'lying.mp4'))).toMatchObject({ width: 320, height: 180 });
    const [frame] = await framesOf(programs, turned);
    expect(frame?.pixels).toMatchObject({ width: 180, height: 320 });
    const sides = [colourOf(frame!.pixels, 0.1), colourOf(frame!.pixels, 0.9)].sort();
    expect(sides).toEqual(['black', 'white']);
    const still = await stillAt(programs, turned, upright, 0);
    const pixels = await decode(still, still);
    expect([colourOf(pixels, 0.1), colourOf(pixels, 0.9)]).toEqual([
      colourOf(frame!.pixels, 0.1),
      colourOf(frame!.pixels, 0.9),
    ]);
  });

  it('show one frame in full size at any second', async () => {
    const path = join(folder, 'stills.mp4');
    await writeVideo(path, redGreenBlue);
    const video = await probeVideo(programs, path);
    for (const [at, colour] of [
      [0, 'red'],
      [2, 'green'],
      [3.7, 'green'],
      [5, 'blue'],
    ] as const) {
      const still = await stillAt(programs, path, video, at);
      expect(still).toMatchObject({ width: 320, height: 180, mime: 'image/jpeg' });
      expect(colourOf(await decode(still, still)), String(at)).toBe(colour);
    }
  });

  it('that are long are looked at evenly, 240 times at most', async () => {
    const path = join(folder, 'long.mp4');
    const options = ['-c:v', 'libx264', '-preset', 'ultrafast'];
    await writeVideo(
      path,
      [
        { shows: 'red', seconds: 400 },
        { shows: 'lime', seconds: 400 },
      ],
      options,
      '64x64',
    );
    const frames = await framesOf(programs, path);
    expect(frames.length).toBeGreaterThan(190);
    expect(frames.length).toBeLessThanOrEqual(240);
    const gaps = frames.slice(1).map(({ at }, index) => at - frames[index]!.at);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(4);
    expect(frames.at(-1)!.at).toBeGreaterThan(795);
    expect(frames.filter(({ pixels }) => colourOf(pixels) === 'red').length / frames.length).toBeCloseTo(0.5, 1);
  });

  it('end where a frame is far larger than the file says', async () => {
    const path = join(folder, 'growing.mov');
    const small = await sharp({ create: { width: 64, height: 64, channels: 3, background: '#ff0000' } })
      .png()
      .toBuffer();
    const frames = [small, small, hugePng(3000, 3000, 64), small];
    await writeFile(path, pngMovie(frames, { width: 64, height: 64, frameMs: 1000 }));
    expect(await probeVideo(programs, path)).toMatchObject({ width: 64, height: 64, storedPixels: 64 * 64 });
    // The large one is passed over: it takes no memory.
    expect(await seen(programs, path)).toEqual(['0 red', '1 red', '3 red']);
  });

  it('can be left in the middle: the program that reads them ends', async () => {
    const path = join(folder, 'left.mp4');
    await writeVideo(path, [{ shows: 'testsrc2', seconds: 60 }], ['-c:v', 'libx264', '-preset', 'ultrafast']);
    const frames = keyFrames(programs, path, await probeVideo(programs, path));
    expect((await frames.next()).done).toBe(false);
    await frames.return(undefined);
    expect((await frames.next()).done).toBe(true);
  });

  it('keep the names of their files to themselves', async () => {
    for (const name of ['-version.mp4', 'a:b.mp4', "it's %03d.mp4", 'concat:x|y.mp4', 'line\nbreak.mp4']) {
      const path = join(folder, name);
      await writeVideo(join(folder, 'named.mp4'), [{ shows: 'blue', seconds: 1 }]);
      await rm(path, { force: true });
      await symlink(join(folder, 'named.mp4'), path);
      expect(await seen(programs, path), name).toEqual(['0 blue']);
    }
  });

  it('say when, where and with what they were taken', async () => {
    const path = join(folder, 'tags.mov');
    const tags = {
      'com.apple.quicktime.make': 'Apple',
      'com.apple.quicktime.model': 'iPhone 12',
      'com.apple.quicktime.creationdate': '2024-05-01T12:00:00+0200',
      'com.apple.quicktime.location.ISO6709': '+48.1374+011.5755+519.000/',
    };
    const metadata = Object.entries(tags).flatMap(([name, value]) => ['-metadata', `${name}=${value}`]);
    await writeVideo(path, [{ shows: 'red', seconds: 1 }], ['-movflags', 'use_metadata_tags', ...metadata]);
    const { tags: read } = await probeVideo(programs, path);
    for (const [name, value] of Object.entries(tags)) expect(read[name.toLowerCase()]).toBe(value);
  });
});

describe.skipIf(videoPrograms === null)('files that are no good videos', () => {
  const programs = videoPrograms!;
  const failureOf = (path: string): Promise<unknown> =>
    framesOf(programs, path).then(
      (frames) => `${String(frames.length)} frames`,
      (error: unknown) => error,
    );

  it.each([
    ['text', 'Dear diary, today I took no video.'],
    ['random bytes', Buffer.from(Array.from({ length: 4000 }, (_, index) => (index * 7919) & 255))],
  ])('are told from videos: %s', async (name, bytes) => {
    const path = join(folder, `${name}.mp4`);
    await writeFile(path, bytes);
    expect(await failureOf(path)).toMatchObject({ kind: 'not-an-image' });
  });

  it('that are cut are damaged, or end where they were cut', async () => {
    const path = join(folder, 'cut.mp4');
    await writeVideo(path, [{ shows: 'testsrc2', seconds: 6 }]);
    const whole = await readFile(path);
    // The index stands at the end.
    await truncate(path, Math.floor(whole.length / 2));
    expect(await failureOf(path)).toMatchObject({ kind: 'truncated' });
    const first = join(folder, 'index first.mp4');
    await writeVideo(first, [{ shows: 'testsrc2', seconds: 6 }], ['-c:v', 'libx264', '-movflags', 'faststart']);
    await truncate(first, Math.floor((await readFile(first)).length / 2));
    const frames = await framesOf(programs, first);
    expect(frames.length).toBeGreaterThan(1);
    expect(frames.length).toBeLessThan(6);
  });

  it('without pictures, or only with a cover, have nothing to see', async () => {
    const [sound, cover] = [join(folder, 'sound.mp4'), join(folder, 'cover.mp4')];
    await ffmpeg('-f', 'lavfi', '-i', 'sine=d=1', '-c:a', 'aac', sound);
    await ffmpeg('-f', 'lavfi', '-i', 'color=red:s=64x64', '-frames:v', '1', join(folder, 'cover.jpg'));
    await ffmpeg(
      '-i',
      sound,
      '-i',
      join(folder, 'cover.jpg'),
      '-map',
      '0',
      '-map',
      '1',
      '-c',
      'copy',
      '-disposition:v:0',
      'attached_pic',
      cover,
    );
    expect(await failureOf(sound)).toMatchObject({ kind: 'unsupported' });
    expect(await failureOf(cover)).toMatchObject({ kind: 'unsupported' });
  });

  it('never make ffmpeg reach into the network or into other files', async () => {
    let asked = 0;
    const server = createServer((socket) => {
      asked++;
      socket.destroy();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    // A server that listens on TCP has an address object.
    const address = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/clip.ts`;
    const clip = join(folder, 'other.mp4');
    await writeVideo(clip, [{ shows: 'red', seconds: 1 }]);
    const lists = {
      'remote.mp4': `#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n${address}\n#EXT-X-ENDLIST\n`,
      'local.mp4': `#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile:${clip}\n#EXT-X-ENDLIST\n`,
      'concat.mkv': `ffconcat version 1.0\nfile other.mp4\n`,
      'sdp.mov': `v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 5004 RTP/AVP 96\n`,
    };
    for (const [name, text] of Object.entries(lists)) {
      await writeFile(join(folder, name), text);
      expect(await failureOf(join(folder, name)), name).toMatchObject({ kind: 'not-an-image' });
    }
    server.close();
    expect(asked).toBe(0);
  });

  it('are failures of their own, wherever their bits are flipped', async () => {
    const path = join(folder, 'flipped.mp4');
    await writeVideo(path, [{ shows: 'testsrc2', seconds: 3 }], ['-c:v', 'libx264', '-movflags', 'faststart'], '64x64');
    const { length } = await readFile(path);
    for (let round = 0; round < 12; round++) {
      const file = await open(path, 'r+');
      await file.write(Buffer.from([0xff]), 0, 1, (round * 7919) % length);
      await file.close();
      const outcome = await failureOf(path);
      expect(
        typeof outcome === 'string' || (outcome instanceof Error && outcome.name === 'PhotoFailure'),
        String(outcome),
      ).toBe(true);
    }
  });

  it('say so when ffmpeg itself is gone', async () => {
    const path = join(folder, 'gone.mp4');
    await writeVideo(path, [{ shows: 'red', seconds: 1 }]);
    const video = await probeVideo(programs, path);
    // As paths of programs that were there once.
    const nowhere = { ffmpeg: join(folder, 'no-ffmpeg'), ffprobe: join(folder, 'no-ffprobe') } as VideoPrograms;
    await expect(probeVideo(nowhere, path)).rejects.toMatchObject({ name: 'PhotoFailure', kind: 'unsupported' });
    await expect(keyFrames(nowhere, path, video).next()).rejects.toMatchObject({ kind: 'unsupported' });
  });
});
