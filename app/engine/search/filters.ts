import type { Mark } from '../../contract/index.ts';
import type { Catalogue } from '../../library/catalogue.ts';
import { isRaw, kindOf } from '../../media/formats.ts';
import type { Filter, Trait } from '../../query/language/ast.ts';
import { readFilter, type FilterCondition } from '../../query/language/filter-values.ts';
import { printFilter } from '../../query/language/print.ts';
import type { Mask } from '../../query/rank.ts';
import type { FileRow, PhotoSummary } from '../../store/rows.ts';
import { predicateOf, type Recorded } from './predicates.ts';
import { LruMap } from '../../base/lru-map.ts';

/** What filters read of one state of the library. */
export interface FilterSource {
  readonly catalogue: Catalogue;
  /** Rows that some file still shows, `[N]`. */
  readonly shown: Mask;
  readonly rowOf: (photoId: string) => number | undefined;
  readonly photoIdsWhere: (predicate: string) => Promise<readonly string[]>;
  readonly pathOf: (file: FileRow) => string;
  /** See `Roots.folderOf`. */
  readonly folderOf: (file: FileRow) => string;
  readonly isOffline: (file: FileRow) => boolean;
  /** Rows that a word of the vocabulary is a tag of, `[N]`; null for a word that is none. */
  readonly tagRows: (tag: string) => Promise<Mask | null>;
}

/** Rows that hold, `[N]`, and what the person should know about them. */
export interface Filtered {
  readonly mask: Mask;
  readonly notes: readonly string[];
}

/** Masks that are kept: a person edits the terms beside the filters. */
const KEPT = 16;
/** Longer side by shorter side from which a picture is a panorama. */
const PANORAMA = 2;

/** Answers the filters of queries about one state of the library; each only once. */
export class Filters {
  readonly #source: FilterSource;
  readonly #kept = new LruMap<string, Filtered>(KEPT);

  constructor(source: FilterSource) {
    this.#source = source;
  }

  /** Rows that satisfy all filters; hidden photos only do when they are asked for. The mask is shared: it is not to be written to. */
  of(filters: readonly Filter[]): Promise<Filtered> {
    return this.#once(`all ${filters.map(printFilter).join(' ')}`, async () => {
      const all = await Promise.all(
        filters.map(({ field, value }) =>
          this.#once(printFilter({ field, value, not: false }), () => this.#rowsOf(readFilter({ field, value }))),
        ),
      );
      const hidden = filters.some(asksForHidden) ? null : this.#marked((mark) => mark.hidden);
      const mask = this.#source.shown.map((is, row) => is & ~(hidden?.[row] ?? 0));
      for (const [index, { mask: holds }] of all.entries()) {
        const wanted = filters[index]?.not === true ? 0 : 1;
        for (let row = 0; row < mask.length; row++) if (holds[row] !== wanted) mask[row] = 0;
      }
      return { mask, notes: [...new Set(all.flatMap(({ notes }) => notes))] };
    });
  }

  async #once(key: string, find: () => Promise<Filtered>): Promise<Filtered> {
    const known = this.#kept.get(key);
    if (known !== undefined) return known;
    const answer = await find();
    this.#kept.set(key, answer);
    return answer;
  }

  async #rowsOf(condition: FilterCondition): Promise<Filtered> {
    switch (condition.kind) {
      case 'trait': {
        const mask = this.#withTrait(condition.trait);
        const isUnused = condition.trait === 'favourite' && !mask.includes(1);
        return { mask, notes: isUnused ? ['There are no favourites yet: mark some photos first.'] : [] };
      }
      case 'record':
        if (condition.record !== 'rating') return this.#recorded({ ...condition, record: condition.record });
        return found(this.#photos((photo) => (this.#starsOf(photo) ?? 0) > 0));
      case 'number':
        switch (condition.field) {
          case 'duration':
            return found(this.#photos(({ seconds }) => isWithin(seconds, condition)));
          case 'rating':
            return found(this.#photos((photo) => isWithin(this.#starsOf(photo), condition)));
          case 'width':
          case 'height': {
            const { field } = condition;
            return found(this.#photos((photo) => isWithin(photo[field], condition)));
          }
          default:
            return this.#recorded({ ...condition, field: condition.field });
        }
      case 'text':
        switch (condition.field) {
          case 'tag':
            return this.#withTag(condition.text);
          case 'in':
            return found(this.#files(this.#isIn(condition.text)));
          case 'name':
            return found(this.#files((file) => nameOf(file).includes(composed(condition.text))));
          default:
            return this.#recorded({ ...condition, field: condition.field });
        }
      case 'date':
      case 'near':
      case 'type':
        return this.#recorded(condition);
    }
  }

  async #recorded(condition: Recorded): Promise<Filtered> {
    const mask = this.#none();
    for (const id of await this.#source.photoIdsWhere(predicateOf(condition))) this.#mark(mask, id);
    return found(mask);
  }

  async #withTag(tag: string): Promise<Filtered> {
    const mask = await this.#source.tagRows(tag);
    return mask === null ? { mask: this.#none(), notes: [`No photo has the tag “${tag}” here.`] } : found(mask);
  }

  #withTrait(trait: Trait): Mask {
    switch (trait) {
      case 'landscape':
        return this.#photos(({ width, height }) => width > height);
      case 'portrait':
        return this.#photos(({ width, height }) => height > width);
      case 'panorama':
        return this.#photos(({ width, height }) => Math.max(width, height) >= PANORAMA * Math.min(width, height));
      case 'video':
        return this.#photos(({ seconds }) => seconds !== null);
      case 'raw':
        return this.#files(({ relPath }) => isRaw(relPath));
      case 'live':
        return this.#files(({ relPath, groupId }) => groupId !== null && kindOf(relPath) === 'video');
      case 'favourite':
        return this.#marked(({ favourite }) => favourite);
      case 'hidden':
        return this.#marked(({ hidden }) => hidden);
      case 'offline': {
        const { isOffline } = this.#source;
        const online = this.#files((file) => !isOffline(file));
        return this.#files(isOffline).map((row, index) => row & ~(online[index] ?? 0));
      }
      case 'duplicate': {
        const { catalogue } = this.#source;
        // Parts of one shot are no copies of each other.
        const isCopied = (id: string): boolean => catalogue.filesOf(id).filter(isWhole).length > 1;
        return this.#photos(({ photoId }) => catalogue.fileCount(photoId) > 1 && isCopied(photoId));
      }
    }
  }

  /** The person's stars, else those in the file. */
  #starsOf({ photoId, rating }: PhotoSummary): number | null {
    return this.#source.catalogue.marks.get(photoId)?.rating ?? rating;
  }

  /** Whether a file lies in a folder whose name or path has the text in it, or begins with it from the very top. */
  #isIn(text: string): (file: FileRow) => boolean {
    const { folderOf, pathOf } = this.#source;
    const wanted = composed(text.replaceAll('\\', '/'));
    return (file) =>
      composed(folderOf(file)).includes(wanted) ||
      (isFromTop(wanted) && composed(pathOf(file).replaceAll('\\', '/')).startsWith(wanted));
  }

  #none(): Mask {
    return new Uint8Array(this.#source.shown.length);
  }

  #mark(mask: Mask, photoId: string): void {
    const row = this.#source.rowOf(photoId);
    if (row !== undefined && row < mask.length) mask[row] = 1;
  }

  /** Rows of photos that hold. */
  #photos(holds: (photo: PhotoSummary) => boolean): Mask {
    const mask = this.#none();
    for (const photo of this.#source.catalogue.photos.values()) if (holds(photo)) this.#mark(mask, photo.photoId);
    return mask;
  }

  /** Rows of photos that the person has said so of. */
  #marked(holds: (mark: Mark) => boolean): Mask {
    const mask = this.#none();
    for (const [photoId, mark] of this.#source.catalogue.marks) if (holds(mark)) this.#mark(mask, photoId);
    return mask;
  }

  /** Rows of photos with a file that holds. */
  #files(holds: (file: FileRow) => boolean): Mask {
    const mask = this.#none();
    for (const file of this.#source.catalogue.files.values())
      if (file.photoId !== null && holds(file)) this.#mark(mask, file.photoId);
    return mask;
  }
}

const asksForHidden = ({ field, value, not }: Filter): boolean =>
  field === 'is' && !not && value.trim().toLowerCase() === 'hidden';

/** No raw data of a picture, nor its moving part. */
const isWhole = ({ groupId }: FileRow): boolean => groupId === null;

const found = (mask: Mask): Filtered => ({ mask, notes: [] });

const isFromTop = (path: string): boolean => /^(?:\/|[a-z]:\/)/u.test(path);

/** In small letters, accents as keyboards write them: some disks take them apart. */
const composed = (text: string): string => text.toLowerCase().normalize('NFC');

const nameOf = ({ relPath }: FileRow): string => composed(relPath.split('/').at(-1) ?? '');

type Range = Pick<Extract<FilterCondition, { kind: 'number' }>, 'least' | 'most'>;

const isWithin = (value: number | null, { least, most }: Range): boolean =>
  value !== null &&
  (least === null || value > least.value || (least.included && value === least.value)) &&
  (most === null || value < most.value || (most.included && value === most.value));
