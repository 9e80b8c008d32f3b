import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { OwnFolder } from '../base/disk.ts';
import { scaled, type Picture, type Pixels, type Size } from '../media/decode.ts';
import { findFfmpeg, NEEDS_FFMPEG, type VideoPrograms } from '../media/ffmpeg.ts';
import { fingerprint, type Fingerprint } from '../media/fingerprint.ts';
import { saidByVideo } from '../media/metadata/said-by-video.ts';
import { videoMetadata, type Described } from '../media/metadata.ts';
import { PhotoFailure } from '../media/photo-failure.ts';
import { hashFile } from '../media/read-photo.ts';
import { readSidecars } from '../media/read-sidecars.ts';
import { writeThumbnail } from '../media/thumbnail.ts';
import { keyFrames, probeVideo, stillAt, type Video, type VideoFrame } from '../media/video.ts';
import { dot } from '../space/vector.ts';
import type { Result, Task, TaskHost } from './protocol.ts';
import { whileReading } from './reading.ts';

type PhotoTask = Extract<Task, { kind: 'photo' }>;
type Embedded = Extract<Result, { kind: 'embedded' }>;

interface Means {
  /** Is asked which video it is, and for memory. */
  readonly host: TaskHost;
  /** The unit vector of a frame, `[d]`; `size` is that of the upright video. */
  readonly embed: (frame: Pixels, size: Size) => Promise<Float32Array<ArrayBuffer>>;
  /** Folder of the library, which thumbnails lie in. */
  readonly library: OwnFolder;
}

/** From the path of a video to a thumbnail, metadata and a vector per moment. @throws PhotoFailure */
export const readVideo = async (
  { path, sidecars, describe }: PhotoTask,
  { host, embed, library }: Means,
): Promise<Result> => {
  const programs = await needFfmpeg();
  const { contentHash, modifiedAt } = await whileReading(host, (onBytes) => hashFile(path, { onBytes }));
  const readDescription = async ({ tags }: Video): Promise<Described> => {
    const beside = sidecars.length === 0 ? [] : await whileReading(host, () => readSidecars(sidecars));
    return videoMetadata(saidByVideo(tags), { name: basename(path), modifiedAt, sidecars: beside });
  };

  const byContent = await host.identify({ contentHash, look: null });
  if (byContent.photoId !== null && byContent.need === 'nothing') {
    const { photoId } = byContent;
    if (!describe) return { kind: 'known', photoId, contentHash };
    const described = await readDescription(await probeVideo(programs, path));
    return { kind: 'described', photoId, contentHash, ...described };
  }
  const video = await probeVideo(programs, path);
  await host.takeMemory('picture', memoryOf(video));
  const { width, height, mime } = video;
  // All frames tell which video it is: many begin with the same black ones. So they are embedded before that is asked.
  const hash = createHash('sha256').update(`${width}×${height}`);
  const faces = new FaceChooser();
  const frames: Embedded['frames'] = [];
  let last = 0;
  for await (const { at, pixels } of keyFrames(programs, path, video)) {
    hash.update(pixels.data);
    faces.see({ at, pixels });
    frames.push({ at, vector: await embed(pixels, video) });
    last = at;
  }
  const look = { pixelHash: hash.digest('hex'), width, height };
  const { photoId, need } = await host.identify({ contentHash, look });
  if (photoId === null) throw new TypeError('A video that was looked at has no id.');
  const described = await readDescription(video);
  if (need !== 'everything') return { kind: 'described', photoId, contentHash, ...described };
  const { frame, ...face } = faces.best;
  await writeThumbnail(frame.pixels, library, photoId);
  const seconds = Math.max(video.seconds, last);
  return {
    kind: 'embedded',
    photoId,
    contentHash,
    mime,
    ...described,
    ...look,
    ...face,
    seconds,
    frames: distinctFrames(frames),
  };
};

/** The frame that stands for a video, in full size. @throws PhotoFailure */
export const videoStill = async (path: string, host: TaskHost): Promise<Picture> => {
  const programs = await needFfmpeg();
  const video = await probeVideo(programs, path);
  await host.takeMemory('picture', memoryOf(video));
  const faces = new FaceChooser();
  for await (const frame of keyFrames(programs, path, video)) if (!faces.see(frame)) break;
  return stillAt(programs, path, video, faces.best.frame.at);
};

interface Moment {
  /** Second of the video. */
  readonly at: number;
  /** The longer side of what is shown at most, in pixels. */
  readonly longEdge: number;
}

/** What a video shows at a second of it. @throws PhotoFailure, also when the video ends before */
export const videoMoment = async (path: string, { at, longEdge }: Moment, host: TaskHost): Promise<Picture> => {
  const programs = await needFfmpeg();
  const video = await probeVideo(programs, path);
  await host.takeMemory('picture', memoryOf(video));
  return stillAt(programs, path, { ...video, ...scaled(video, longEdge / Math.max(video.width, video.height)) }, at);
};

/**
 * The frames that ffmpeg keeps to decode others, which take one and a half bytes a pixel: eight of them, as most videos need.
 * What takes more is found by looking at how much ffmpeg really holds (PoolWatch).
 */
const memoryOf = ({ storedPixels }: Video): number => storedPixels * 1.5 * 8;

let found: VideoPrograms | null = null;

const needFfmpeg = async (): Promise<VideoPrograms> => {
  found ??= await findFfmpeg();
  if (found !== null) return found;
  throw new PhotoFailure('unsupported', NEEDS_FFMPEG);
};

/** Frames that may stand for a video: the first seconds of it. */
const FACES = 8;

/** Chooses the frame with the most detail among the first: a video that fades in has black ones before. */
class FaceChooser {
  #seen = 0;
  #best: (Fingerprint & { readonly frame: VideoFrame }) | undefined;

  /** @returns whether another one may be better */
  see(frame: VideoFrame): boolean {
    if (this.#seen === FACES) return false;
    this.#seen++;
    const print = fingerprint(frame.pixels);
    if (this.#best === undefined || print.sharpness > this.#best.sharpness) this.#best = { ...print, frame };
    return this.#seen < FACES;
  }

  get best(): Fingerprint & { readonly frame: VideoFrame } {
    if (this.#best === undefined) throw new TypeError('A video without frames was let through.');
    return this.#best;
  }
}

/** Cosine from which on two frames show the same; see docs/decisions/0021-videos.md. */
const SAME = 0.95;

/** Leaves out frames that are nearly equal to one before them. The first frame always stays. */
export const distinctFrames = <T extends { readonly vector: Float32Array }>(frames: readonly T[], same = SAME): T[] => {
  const kept: T[] = [];
  for (const frame of frames) if (kept.every(({ vector }) => dot(vector, frame.vector) < same)) kept.push(frame);
  return kept;
};
