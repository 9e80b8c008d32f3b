import { hash } from 'node:crypto';
import { basename } from 'node:path';
import { OwnFolder } from '../base/disk.ts';
import { AfterimageError, type Provider, type Region } from '../contract/index.ts';
import { kindOf } from '../media/formats.ts';
import { fingerprint } from '../media/fingerprint.ts';
import { decode, encodeView, inspect, partOf, type Picture, type Pixels, type Size } from '../media/decode.ts';
import { readMetadata, type Described } from '../media/metadata.ts';
import { PhotoFailure } from '../media/photo-failure.ts';
import { readPhoto, type PhotoBytes } from '../media/read-photo.ts';
import { pixelHash, reducedSize } from '../media/reduced.ts';
import { readSidecars } from '../media/read-sidecars.ts';
import { writeThumbnail } from '../media/thumbnail.ts';
import { writeAtomically } from '../media/write-file.ts';
import { Batcher } from './batcher.ts';
import { readVideo, videoMoment, videoStill } from './video-role.ts';
import { ImageTower } from './image-tower.ts';
import type { Model } from './model.ts';
import { cropFor, detailedSize } from './preprocessing.ts';
import { giveWay } from './priority.ts';
import type { Init, Result, Task, TaskHost } from './protocol.ts';
import { labelOf } from './providers.ts';
import { whileReading } from './reading.ts';

type ImagesInit = Extract<Init, { role: 'images' }>;
type PhotoTask = Extract<Task, { kind: 'photo' }>;
type ViewTask = Extract<Task, { kind: 'view' }>;

const isVideo = (path: string): boolean => kindOf(path) === 'video';

/** Reads the file of a picture, which takes its memory before. */
const load = (path: string, host: TaskHost): Promise<PhotoBytes> =>
  whileReading(host, (onBytes) => readPhoto(path, { takeMemory: (bytes) => host.takeMemory('file', bytes), onBytes }));

/** Looks at the file of a picture, which takes the memory to decode it before. */
const inspectWith = (bytes: Buffer<ArrayBuffer>, host: TaskHost): Promise<Picture> =>
  inspect(bytes, (needed) => host.takeMemory('picture', needed));

/** Opens what a file shows: a picture, or the frame that stands for a video. */
const look = async (path: string, host: TaskHost): Promise<Picture> =>
  isVideo(path) ? videoStill(path, host) : inspectWith((await load(path, host)).bytes, host);

/** What a worker process for images does: from a path to a thumbnail, metadata and a vector, with one decoding. */
export class ImageRole {
  readonly #model: Model;
  readonly #library: OwnFolder;
  readonly #provider: Provider;
  readonly #tower: ImageTower;
  readonly #batcher: Batcher;

  private constructor({ model, library, provider }: ImagesInit, tower: ImageTower) {
    this.#model = model;
    this.#library = new OwnFolder(library);
    this.#provider = provider;
    this.#tower = tower;
    this.#batcher = new Batcher(tower);
  }

  /** @throws AfterimageError `model-invalid` */
  static async start(init: ImagesInit): Promise<ImageRole> {
    await giveWay();
    return new ImageRole(init, await ImageTower.load(init.model, init.threads, init));
  }

  /**
   * @param host is asked which photo it is, and for memory
   * @throws AfterimageError `model-invalid`; what is wrong with a picture is a result
   */
  async handle(task: Task, host: TaskHost): Promise<Result> {
    try {
      switch (task.kind) {
        case 'photo':
          return isVideo(task.path) ? await this.#video(task, host) : await this.#photo(task, host);
        case 'picture':
          return await this.#picture(task.path, task.region, host);
        case 'view':
          return await this.#view(task, host);
        case 'texts':
        case 'probe':
          throw new TypeError('This worker takes images.');
      }
    } catch (error) {
      if (error instanceof PhotoFailure) return { kind: 'failed', failure: error.kind, message: error.message };
      if (error instanceof AfterimageError) throw error;
      // Whatever else goes wrong with one picture is no reason to stop with all of them.
      return { kind: 'failed', failure: 'crashed', message: `This picture cannot be worked on: ${String(error)}` };
    }
  }

  async #photo({ path, sidecars, describe }: PhotoTask, host: TaskHost): Promise<Result> {
    const { bytes, modifiedAt } = await load(path, host);
    const contentHash = hash('sha256', bytes);
    const readDescription = async (): Promise<Described> => {
      const beside = sidecars.length === 0 ? [] : await whileReading(host, () => readSidecars(sidecars));
      return readMetadata(bytes, { name: basename(path), modifiedAt, sidecars: beside });
    };

    const byContent = await host.identify({ contentHash, look: null });
    if (byContent.photoId !== null && byContent.need === 'nothing') {
      const { photoId } = byContent;
      return describe
        ? { kind: 'described', photoId, contentHash, ...(await readDescription()) }
        : { kind: 'known', photoId, contentHash };
    }
    const picture = await inspectWith(bytes, host);
    const pixels = await decode(picture, reducedSize(picture));
    const { width, height, mime } = picture;
    const seen = { pixelHash: pixelHash(pixels, picture.isFirst === true ? contentHash : ''), width, height };
    const { photoId, need } = await host.identify({ contentHash, look: seen });
    if (photoId === null) throw new TypeError('A picture that was looked at has no id.');
    const described = await readDescription();
    if (need !== 'everything') return { kind: 'described', photoId, contentHash, ...described };
    await writeThumbnail(pixels, this.#library, photoId);
    const vector = await this.#embed(picture, pixels, false);
    const frames = [{ at: null, vector }];
    return {
      kind: 'embedded',
      photoId,
      contentHash,
      mime,
      ...described,
      ...seen,
      ...fingerprint(pixels),
      seconds: null,
      frames,
    };
  }

  #video(task: PhotoTask, host: TaskHost): Promise<Result> {
    return readVideo(task, {
      host,
      embed: (frame, size) => this.#vectorOf(frame, size, false),
      library: this.#library,
    });
  }

  async #picture(path: string, region: Region | undefined, host: TaskHost): Promise<Result> {
    const whole = await look(path, host);
    const picture = region === undefined ? whole : partOf(whole, region);
    const pixels = await decode(picture, detailedSize(picture, this.#model.preprocessing));
    return {
      kind: 'picture',
      width: picture.width,
      height: picture.height,
      vector: await this.#embed(picture, pixels, true),
    };
  }

  async #view({ path, target, longEdge, at }: ViewTask, host: TaskHost): Promise<Result> {
    const picture = at === undefined ? await look(path, host) : await videoMoment(path, { at, longEdge }, host);
    await writeAtomically(this.#library, target, await encodeView(picture, longEdge));
    return { kind: 'viewed' };
  }

  async #embed(picture: Picture, decoded: Pixels, isUrgent: boolean): Promise<Float32Array<ArrayBuffer>> {
    const size = detailedSize(picture, this.#model.preprocessing);
    // Few towers see more than a reduced photo holds, and for those a second decoding is the small part of the work.
    const pixels = size.width > decoded.width ? await decode(picture, size) : decoded;
    return this.#vectorOf(pixels, picture, isUrgent);
  }

  async #vectorOf(pixels: Pixels, size: Size, isUrgent: boolean): Promise<Float32Array<ArrayBuffer>> {
    const { preprocessing, name } = this.#model;
    const vector = await this.#batcher.embed(await cropFor(preprocessing, pixels, size), isUrgent);
    if (vector.every(Number.isFinite)) return vector;
    // Half precision has less room than some pictures need; the CPU has enough for all.
    if (this.#provider !== 'cpu')
      throw new AfterimageError('model-invalid', `${labelOf(this.#provider)} gave a vector that is no number.`);
    throw new PhotoFailure('unsupported', `The model ${name} gives no usable vector for this picture.`);
  }

  close(): Promise<void> {
    return this.#tower.release();
  }
}
