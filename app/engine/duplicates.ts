import { setImmediate } from 'node:timers/promises';
import type { Duplicate, DuplicateGroups, Handlers, Likeness, ParsedInput } from '../contract/index.ts';
import type { ResidentVectors } from '../embed/resident.ts';
import type { Catalogue } from '../library/catalogue.ts';
import { keepFirst, kept, type Candidate } from '../library/keep.ts';
import { isRaw } from '../media/formats.ts';
import { leaderGroups, sameShots } from '../space/duplicates/grouping.ts';
import { hashDistance } from '../space/duplicates/hash-index.ts';
import { Neighbours, usualDistance, type VectorSource } from '../space/duplicates/neighbours.ts';
import { dot } from '../space/vector.ts';
import type { FileRow, PhotoLook } from '../store/rows.ts';
import type { Store } from '../store/store.ts';
import type { Roots } from './roots.ts';
import { Trash } from './trash.ts';

interface DuplicatesOptions {
  readonly catalogue: Catalogue;
  readonly roots: Pick<Roots, 'openable' | 'pathOf' | 'isOffline'>;
  readonly store: Pick<Store, 'loadLooks'>;
  /** @throws AfterimageError `no-model` */
  readonly resident: () => ResidentVectors;
  /** Files were moved away by the program. */
  readonly forget: (files: readonly FileRow[]) => Promise<void>;
}

/** How near photos have to be to look alike, where 1 is the distance of the nearest hundredth of unrelated pairs. */
const ALIKE = 1 / 3;
/** Bits under which two hashes show the same picture: such pairs do not tell how far apart unrelated photos are. */
const RELATED_BITS = 16;
/** Times that a camera or a service wrote down; the others are those of the file. */
const RELIABLE: ReadonlySet<PhotoLook['takenAtSource']> = new Set(['exif', 'xmp', 'takeout', 'video']);

/** A file of a group with what decides which one is kept. */
type Member = Candidate & { readonly file: FileRow; readonly photoId: string };
type Looks = ReadonlyMap<string, PhotoLook>;

/** What is usual between the vectors of one model, and the photos that are near each other. */
interface Measured {
  readonly resident: ResidentVectors;
  readonly photos: number;
  readonly unit: number;
  readonly neighbours: Neighbours;
}

/** What a library's photos are to each other, found out when it is asked for and the photos have changed. */
export class Duplicates {
  readonly #options: DuplicatesOptions;
  readonly #trash: Trash;
  /** Made anew after photos have changed. */
  readonly #groups = new Map<Likeness, Promise<readonly Member[][]>>();
  #looks: Promise<Looks> | null = null;
  #measured: Measured | null = null;

  constructor(options: DuplicatesOptions) {
    this.#options = options;
    this.#trash = new Trash(options);
  }

  get handlers(): Handlers<'photos.duplicates' | 'photos.trash'> {
    return {
      'photos.duplicates': (input) => this.#page(input),
      'photos.trash': ({ fileIds }) => this.#trash.move(fileIds),
    };
  }

  /** Photos or files have changed. What their vectors were to each other is kept. */
  outdate(): void {
    this.#groups.clear();
    this.#looks = null;
  }

  async #page({ likeness, offset, limit }: ParsedInput<'photos.duplicates'>): Promise<DuplicateGroups> {
    const groups = await this.#groupsOf(likeness);
    return {
      total: groups.length,
      groups: groups.slice(offset, offset + limit).map((members) => {
        const stays = kept(members);
        return { files: members.map((member) => this.#describe(member, stays.has(member))) };
      }),
    };
  }

  #groupsOf(likeness: Likeness): Promise<readonly Member[][]> {
    const known = this.#groups.get(likeness);
    if (known !== undefined) return known;
    const groups = this.#find(likeness);
    this.#groups.set(likeness, groups);
    // The model may have gone away meanwhile, for example: the next one who asks gets another answer.
    groups.catch(() => {
      if (this.#groups.get(likeness) === groups) this.#groups.delete(likeness);
    });
    return groups;
  }

  async #find(likeness: Likeness): Promise<readonly Member[][]> {
    const looks = await (this.#looks ??= this.#loadLooks());
    const files = this.#standing();
    const groups = await this.#groupsOfFiles(likeness, files, looks);
    const leads = new Set([...this.#options.catalogue.files.values()].map(({ groupId }) => groupId));
    return groups
      .map((group) => {
        const members = keepFirst(group.map((file) => this.#member(file, looks, leads)));
        const stays = kept(members);
        const freed = members.reduce((sum, member) => sum + (stays.has(member) ? 0 : member.bytes), 0);
        return { members, path: members[0]?.path ?? '', freed };
      })
      .sort((a, b) => b.freed - a.freed || (a.path < b.path ? -1 : 1))
      .map(({ members }) => members);
  }

  /** A photo is in groups of one kind only: those of the surest kind. */
  async #groupsOfFiles(
    likeness: Likeness,
    files: ReadonlyMap<string, readonly FileRow[]>,
    looks: Looks,
  ): Promise<readonly (readonly FileRow[])[]> {
    if (likeness === 'exact') return [...files.values()].filter((same) => same.length > 1);
    const ids = this.#bestFirst(files, looks);
    const groups = likeness === 'same-shot' ? await this.#sameShots(ids, looks) : await this.#similar(ids, looks);
    return groups.map((group) => group.flatMap((id) => files.get(id) ?? []));
  }

  async #sameShots(ids: readonly string[], looks: Looks): Promise<string[][]> {
    const { resident, unit } = this.#measure(ids, looks);
    const shots = ids.map((id) => {
      const look = looks.get(id);
      return {
        id,
        phash: look?.phash ?? null,
        takenAt: look !== undefined && RELIABLE.has(look.takenAtSource) ? look.takenAt : null,
        seconds: this.#options.catalogue.photos.get(id)?.seconds ?? null,
      };
    });
    const apart = (a: { readonly id: string }, b: { readonly id: string }): number => {
      const [one, other] = [resident.direction(a.id), resident.direction(b.id)];
      return one === undefined || other === undefined ? Infinity : (1 - dot(one, other)) / unit;
    };
    return (await sameShots(shots, apart, setImmediate)).map((group) => group.map(({ id }) => id));
  }

  async #similar(all: readonly string[], looks: Looks): Promise<string[][]> {
    const { photos } = this.#options.catalogue;
    const shots = (await this.#groupsOf('same-shot')).flat();
    const isShot = new Set(shots.map(({ photoId }) => photoId));
    const ids = all.filter((id) => !isShot.has(id));
    const { neighbours } = this.#measure(all, looks);
    await neighbours.update(new Map(ids.map((id) => [id, photos.get(id)?.pixelHash ?? ''])));
    const places = new Map(ids.map((id, place) => [id, place]));
    const near = (id: string): number[] => neighbours.near(id).flatMap((other) => places.get(other) ?? []);
    return leaderGroups(ids, near, setImmediate);
  }

  /** Files by the photo they show: those that are seen, without the raw files and moving parts that belong to others. */
  #standing(): Map<string, readonly FileRow[]> {
    const { catalogue } = this.#options;
    return new Map(
      catalogue.newestFirst().map((id) => [id, catalogue.filesOf(id).filter(({ groupId }) => groupId === null)]),
    );
  }

  /** Photos with one file, those with the most pixels and the sharpest first. */
  #bestFirst(files: ReadonlyMap<string, readonly FileRow[]>, looks: Looks): string[] {
    const { photos } = this.#options.catalogue;
    const sizeOf = (id: string): number => {
      const photo = photos.get(id);
      return photo === undefined ? 0 : photo.width * photo.height;
    };
    const sharpnessOf = (id: string): number => looks.get(id)?.sharpness ?? 0;
    return [...files]
      .flatMap(([id, own]) => (own.length === 1 ? [id] : []))
      .sort((a, b) => sizeOf(b) - sizeOf(a) || sharpnessOf(b) - sharpnessOf(a) || (a < b ? -1 : 1));
  }

  /** What is usual is measured for each model, and again when the library has doubled. */
  #measure(photoIds: readonly string[], looks: Looks): Measured {
    const resident = this.#options.resident();
    const before = this.#measured;
    if (before?.resident === resident && photoIds.length <= 2 * before.photos) return before;
    const vectors: VectorSource = {
      dimension: resident.dimension,
      get: (id) => resident.direction(id),
      product: (all, terms) => resident.product(all, terms),
    };
    const areRelated = (a: string, b: string): boolean => {
      const [one, other] = [looks.get(a)?.phash ?? null, looks.get(b)?.phash ?? null];
      return one !== null && other !== null && hashDistance(one, other) <= RELATED_BITS;
    };
    // Ids are digits of a hash: their order has nothing to do with what the photos show.
    const unit = usualDistance(photoIds.toSorted(), vectors, areRelated);
    const neighbours = new Neighbours(vectors, 1 - ALIKE * unit);
    return (this.#measured = { resident, photos: photoIds.length, unit, neighbours });
  }

  async #loadLooks(): Promise<Looks> {
    const looks = new Map<string, PhotoLook>();
    for await (const look of this.#options.store.loadLooks()) looks.set(look.photoId, look);
    return looks;
  }

  /** @param leads keys of files that others belong to */
  #member(file: FileRow, looks: Looks, leads: ReadonlySet<string | null>): Member {
    const { catalogue, roots } = this.#options;
    const photoId = file.photoId ?? '';
    const { width = 1, height = 1, rating = null } = catalogue.photos.get(photoId) ?? {};
    const mark = catalogue.marks.get(photoId);
    return {
      file,
      photoId,
      path: roots.pathOf(file.rootId, file.relPath),
      bytes: file.size,
      width,
      height,
      sharpness: looks.get(photoId)?.sharpness ?? 0,
      isMarked: mark?.favourite === true || (mark?.rating ?? rating ?? 0) > 0,
      holdsMore: isRaw(file.relPath) || leads.has(file.fileId),
    };
  }

  #describe({ file, photoId, path, bytes, width, height, sharpness }: Member, keep: boolean): Duplicate {
    const { catalogue, roots } = this.#options;
    const { seconds = null, takenAt = null } = catalogue.photos.get(photoId) ?? {};
    const favourite = catalogue.marks.get(photoId)?.favourite ?? false;
    const offline = roots.isOffline(file);
    const { fileId } = file;
    return { id: photoId, fileId, path, bytes, width, height, seconds, offline, favourite, takenAt, sharpness, keep };
  }
}
