import { once } from 'node:events';
import { extname } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { isErrno } from '../base/errno.ts';
import { runProgram, startProgram, type Program } from '../base/programs.ts';
import { inspect, type Picture, type Pixels, type Size } from './decode.ts';
import { NEEDS_FFMPEG, type VideoPrograms } from './ffmpeg.ts';
import { PhotoFailure } from './photo-failure.ts';
import { reducedSize } from './reduced.ts';

/** A video that has been looked at, not decoded. Its size is that of the upright picture, with square pixels. */
export interface Video extends Size {
  /** Pixels of a frame as it is stored. Larger frames further on in the file are not decoded. */
  readonly storedPixels: number;
  /** 0 where the file does not say. */
  readonly seconds: number;
  readonly mime: string;
  /** What the container says of it, by names in lower case. */
  readonly tags: Readonly<Record<string, string>>;
}

/** What a video shows at one second of it. */
export interface VideoFrame {
  readonly at: number;
  /** Of `reducedSize`. */
  readonly pixels: Pixels;
}

/** Frames that are looked at in one video at most, evenly over its length, and seconds between two of them at least. */
const MOST_FRAMES = 240;
const LEAST_STEP = 1;
/** A file that keeps the programs busy for longer than this is given up; frames that came until then count. */
const LONGEST_MS = 300_000;
/** The same in ffmpeg's own words: it ends itself where nothing else does. In seconds of CPU time; Windows does not count them. */
const OWN_LIMIT = ['-timelimit', String(LONGEST_MS / 1000)];
const LONGEST_ANSWER_MS = 30_000;
/** Twice the pixels of 8K: more is a lie, or more memory than a video is worth. */
const MAX_PIXELS = 2 ** 26;
/** Frames are stored in whole blocks, and rounded up further while they are decoded. */
const mostPixelsOf = ({ storedPixels }: Video): number => Math.min(MAX_PIXELS, 2 * storedPixels + 2 ** 18);
const MOST_ASPECT = 4;
const MOST_ERRORS = 20;

/**
 * Containers of videos, by ffmpeg's names. All else it can open is a way in for files that no camera makes: playlists, lists
 * of files, devices. And what is opened may open files only, so that no file makes us reach into the network.
 */
const CONTAINERS = 'mov,matroska,avi,mpegts,mpeg,mpegvideo,asf';
const inputOf = (path: string, mostPixels: number): readonly string[] => [
  ...['-protocol_whitelist', 'file', '-format_whitelist', CONTAINERS],
  // Any frame may be of another size than the file says at its beginning.
  ...['-max_pixels', String(mostPixels)],
  // With the name of its protocol, no file name can be taken for an option or an address.
  ...['-i', `file:${path}`],
];

const tagsSchema = z
  .record(z.string(), z.string())
  .transform((tags) => Object.fromEntries(Object.entries(tags).map(([name, text]) => [name.toLowerCase(), text])))
  .default({});
const probeSchema = z.object({
  streams: z.array(
    z.object({
      width: z.int().default(0),
      height: z.int().default(0),
      sample_aspect_ratio: z.string().default('1:1'),
      tags: tagsSchema,
      side_data_list: z.array(z.object({ rotation: z.number().optional() })).default([]),
    }),
  ),
  format: z.object({ format_name: z.string(), duration: z.string().optional(), tags: tagsSchema }),
});

const PROBED =
  'format=format_name,duration:format_tags:stream=width,height,sample_aspect_ratio:stream_tags:stream_side_data=rotation';

/**
 * Asks what a file is, without decoding it.
 *
 * @throws PhotoFailure `not-an-image`, `truncated`, `unsupported`, `too-large`, `vanished`, `unreadable` or `crashed`
 */
export const probeVideo = async ({ ffprobe }: VideoPrograms, path: string): Promise<Video> => {
  // `V`: pictures that move; covers and thumbnails inside the file are none.
  const options = ['-v', 'level+warning', '-select_streams', 'V:0', '-show_entries', PROBED, '-of', 'json'];
  const answer = await run(ffprobe, [...options, ...inputOf(path, MAX_PIXELS)]);
  const { streams, format } = probeSchema.parse(JSON.parse(answer.toString()));
  const [stream] = streams;
  if (stream === undefined || stream.width <= 0 || stream.height <= 0)
    throw new PhotoFailure(
      'unsupported',
      'There is nothing to see in this video, or in a format that ffmpeg does not know.',
    );
  const size = uprightSize(stream);
  const storedPixels = stream.width * stream.height;
  if (Math.max(storedPixels, size.width * size.height) > MAX_PIXELS)
    throw new PhotoFailure(
      'too-large',
      `The video has ${size.width} × ${size.height} pixels. Save a smaller copy of it.`,
    );
  const tags = { ...stream.tags, ...format.tags };
  return { ...size, storedPixels, seconds: lengthOf(format), mime: mimeOf(path, format), tags };
};

type Probed = z.infer<typeof probeSchema>;

const uprightSize = (stream: Probed['streams'][number]): Size => {
  const [across = 0, down = 0] = stream.sample_aspect_ratio.split(':').map(Number);
  const aspect = across / down;
  // No camera has pixels that are longer than this; what is not known is 0:1.
  const width = Math.round(stream.width * (aspect > 1 / MOST_ASPECT && aspect < MOST_ASPECT ? aspect : 1));
  const { height } = stream;
  const turned = Number(
    stream.side_data_list.find(({ rotation }) => rotation !== undefined)?.rotation ?? stream.tags.rotate ?? 0,
  );
  return Math.round(turned / 90) % 2 === 0 ? { width, height } : { width: height, height: width };
};

const lengthOf = ({ duration }: Probed['format']): number => {
  const seconds = Number(duration ?? 0);
  return Number.isFinite(seconds) && seconds > 0 ? seconds : 0;
};

const MIMES: Readonly<Record<string, string>> = {
  matroska: 'video/x-matroska',
  avi: 'video/x-msvideo',
  mpegts: 'video/mp2t',
  asf: 'video/x-ms-wmv',
};

const mimeOf = (path: string, { format_name, tags }: Probed['format']): string => {
  const [container = ''] = format_name.split(',');
  if (container === 'mov') {
    const brand = tags.major_brand ?? 'qt';
    return brand.startsWith('qt') ? 'video/quicktime' : brand.startsWith('3g') ? 'video/3gpp' : 'video/mp4';
  }
  // WebM is Matroska with fewer codecs; ffmpeg gives both one name.
  if (container === 'matroska' && extname(path).toLowerCase() === '.webm') return 'video/webm';
  return MIMES[container] ?? 'video/mpeg';
};

const UNREADABLE = /Permission denied|Input\/output error|No such device|Stale file handle/u;
const LOG_LINE = /\[(?:error|fatal|panic)\] /u;
const SHOWN_AT = /^\[Parsed_showinfo.* pts_time:\s*(?<at>\S+)/u;

/**
 * The key frames of a video, upright, in order, a second or more apart. Leaving the loop ends the program that reads them.
 *
 * @throws PhotoFailure when not one frame can be read; a video that is damaged further on ends there
 */
export const keyFrames = async function* (
  { ffmpeg }: VideoPrograms,
  path: string,
  video: Video,
): AsyncGenerator<VideoFrame> {
  const { width, height } = reducedSize(video);
  const step = Math.max(LEAST_STEP, video.seconds / MOST_FRAMES) - 0.001;
  const filters = [
    `select='isnan(prev_selected_t)+gte(t-prev_selected_t,${step.toFixed(3)})'`,
    `scale=${width}:${height}:flags=bicubic+accurate_rnd+full_chroma_int+bitexact`,
    'format=rgb24',
    'showinfo',
    // Raw video has no times and would be filled up to an even rate: evenly numbered, every frame comes once.
    'settb=1/25,setpts=N',
  ];
  const child = startProgram(
    ffmpeg,
    [
      ...['-nostdin', '-hide_banner', '-nostats', '-loglevel', 'repeat+level+info', ...OWN_LIMIT],
      // As many threads as the worker that it works for. `-discard nokey` would read less of the file, but gives frames of MP4
      // files wrong times.
      ...['-threads', '1', '-skip_frame:v', 'nokey', ...inputOf(path, mostPixelsOf(video))],
      ...['-map', '0:V:0', '-vf', filters.join(','), '-r', '25', '-threads', '1', '-f', 'rawvideo', 'pipe:1'],
    ],
    { timeout: LONGEST_MS, killSignal: 'SIGKILL' },
  );
  const ended = once(child, 'close').then(
    ([, signal]) => ({ signal: signal as string | null, cause: undefined }),
    (cause: unknown) => ({ signal: null, cause }),
  );
  const log = new FrameLog(child.stderr);
  let count = 0;
  try {
    for await (const data of inPieces(child.stdout, width * height * 3)) {
      const at = await log.time(count++);
      if (at === undefined) break;
      // Frames before the beginning, and those without a time, are the first.
      yield { at: at > 0 ? at : 0, pixels: { data, width, height } };
      if (count === MOST_FRAMES) return;
    }
    const { signal, cause } = await ended;
    // A drive that was unplugged in the middle has not shown what this video is.
    if (count === 0 || log.errors.some((line) => UNREADABLE.test(line))) throw failureOf(log.errors, signal, cause);
  } finally {
    child.kill('SIGKILL');
  }
};

/** What ffmpeg says while it reads: the times of the frames it gives, and what went wrong. */
class FrameLog {
  readonly errors: string[] = [];
  readonly #times: number[] = [];
  #isOpen = true;
  #wake: () => void = () => undefined;

  constructor(stderr: NodeJS.ReadableStream) {
    const lines = createInterface({ input: stderr });
    lines.on('line', (line) => {
      const at = SHOWN_AT.exec(line)?.groups?.at;
      if (at !== undefined) this.#times.push(Number(at));
      else if (LOG_LINE.test(line) && this.errors.push(line) > MOST_ERRORS) this.errors.shift();
      this.#wake();
    });
    lines.on('close', () => {
      this.#isOpen = false;
      this.#wake();
    });
  }

  /** Second of the frame of a number, which may arrive before what is said of it. */
  async time(frame: number): Promise<number | undefined> {
    while (this.#isOpen && this.#times.length <= frame) await new Promise<void>((resolve) => (this.#wake = resolve));
    return this.#times[frame];
  }
}

/** A stream in pieces of equal length; a last one that is too short is left out. */
const inPieces = async function* (stream: AsyncIterable<unknown>, length: number): AsyncGenerator<Uint8Array> {
  let piece = new Uint8Array(length);
  let filled = 0;
  for await (const chunk of stream) {
    // A pipe that nobody set an encoding for gives buffers.
    let rest = chunk as Buffer;
    while (rest.length > 0) {
      const taken = rest.subarray(0, length - filled);
      piece.set(taken, filled);
      filled += taken.length;
      rest = rest.subarray(taken.length);
      if (filled < length) break;
      yield piece;
      piece = new Uint8Array(length);
      filled = 0;
    }
  }
};

/**
 * One frame, upright, as a picture of its own.
 *
 * @param video may be of another size than the file's: that of the picture
 * @param at second of the video
 * @throws PhotoFailure, also when the video ends before
 */
export const stillAt = async ({ ffmpeg }: VideoPrograms, path: string, video: Video, at: number): Promise<Picture> => {
  const { width, height } = video;
  const quiet = ['-nostdin', '-hide_banner', '-loglevel', 'level+error', ...OWN_LIMIT];
  const options = [...quiet, '-threads', '1', '-ss', at.toFixed(3)];
  const output = ['-map', '0:V:0', '-frames:v', '1', '-vf', `scale=${width}:${height},setsar=1`, '-q:v', '2'];
  const jpeg = ['-c:v', 'mjpeg', '-f', 'image2pipe', 'pipe:1'];
  const bytes = await run(ffmpeg, [...options, ...inputOf(path, mostPixelsOf(video)), ...output, ...jpeg]);
  // Behind the last frame there is nothing, which ffmpeg finds nothing wrong with.
  if (bytes.length === 0) throw failureOf([], null, undefined);
  return inspect(bytes);
};

/** What a program answers. @throws PhotoFailure */
const run = async (program: Program, options: readonly string[]): Promise<Buffer<ArrayBuffer>> => {
  try {
    const limits = { timeout: LONGEST_ANSWER_MS, killSignal: 'SIGKILL', maxBuffer: 2 ** 28 } as const;
    // Copied, as what a child process gives may lie in any kind of memory.
    return Buffer.from(await runProgram(program, options, limits));
  } catch (error) {
    // What it fails with carries these.
    const { stderr = '', signal = null } = Object(error) as {
      readonly stderr?: Buffer;
      readonly signal?: string | null;
    };
    throw failureOf(stderr.toString().split('\n'), signal, error);
  }
};

/** What went wrong, in words for the person. */
const failureOf = (errors: readonly string[], signal: string | null, cause: unknown): PhotoFailure => {
  const said = errors.filter((line) => LOG_LINE.test(line)).join('\n');
  const failure = (kind: PhotoFailure['kind'], message: string): PhotoFailure =>
    new PhotoFailure(kind, message, { cause: said === '' ? cause : said });
  if (isErrno(cause, 'ENOENT')) return failure('unsupported', NEEDS_FFMPEG);
  if (said.includes('No such file or directory'))
    return failure('vanished', 'The file was moved or deleted before it could be read.');
  if (UNREADABLE.test(said))
    return failure('unreadable', 'The file cannot be read. Check its permissions and the disk or network it lies on.');
  if (signal === 'SIGKILL')
    return failure('unsupported', 'ffmpeg takes too long over this video. Save it anew with another program.');
  if (signal !== null)
    return failure('crashed', 'ffmpeg crashes over this video. Save it anew with another program, or update ffmpeg.');
  if (/Decoder .*not found|[Uu]nsupported codec|unknown codec|not implemented/u.test(said))
    return failure('unsupported', 'The video is in a format that this ffmpeg cannot read. Save it as MP4 with H.264.');
  if (/not on whitelist|misdetection possible/u.test(errors.join('\n')))
    return failure('not-an-image', 'This is not a video, whatever the name of the file says.');
  return failure('truncated', 'The video is damaged or ends early. Copy it again from where it came from.');
};
