import type { Catalogue } from '../../library/catalogue.ts';
import type { Filter, Trait } from '../../query/language/ast.ts';
import type { CalendarDay } from '../../query/language/dates.ts';
import { readFilter, type FilterCondition } from '../../query/language/filter-values.ts';
import { printFilter } from '../../query/language/print.ts';
import type { Mask } from '../../query/rank.ts';
import type { FileRow, PhotoSummary } from '../../store/rows.ts';
import { predicateOf, type Recorded } from './predicates.ts';
import { RecentMap } from '../recent-map.ts';

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
  readonly isOffline: (rootId: string) => boolean;
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

const NOT_YET: Readonly<Record<Extract<Trait, 'favourite' | 'video' | 'raw'>, string>> = {
  favourite: 'Photos cannot be marked as favourites yet: there is none.',
  video: 'Videos are not indexed yet: there is none.',
  raw: 'Raw files of cameras are not indexed yet: there is none.',
};

/** Answers the filters of queries about one state of the library; each only once. */
export class Filters {
  readonly #source: FilterSource;
  readonly #kept = new RecentMap<string, Filtered>(KEPT);

  constructor(source: FilterSource) {
    this.#source = source;
  }

  /** Rows that satisfy all filters. The mask is shared: it is not to be written to. */
  of(filters: readonly Filter[]): Promise<Filtered> {
    return this.#once(`all ${filters.map(printFilter).join(' ')}`, async () => {
      const all = await Promise.all(
        filters.map(({ field, value }) =>
          this.#once(printFilter({ field, value, not: false }), () => this.#rowsOf(readFilter({ field, value }))),
        ),
      );
      const mask = this.#source.shown.slice();
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
      case 'date':
        return found(this.#photos(takenBetween(startOf(condition.from), startOf(condition.until))));
      case 'trait':
        return this.#withTrait(condition.trait);
      case 'number':
        switch (condition.field) {
          case 'duration':
            return { mask: this.#none(), notes: ['Videos are not indexed yet: no photo has a duration.'] };
          case 'width':
          case 'height':
          case 'rating': {
            const { field, least, most } = condition;
            return found(this.#photos((photo) => isWithin(photo[field], least, most)));
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

  #withTrait(trait: Trait): Filtered {
    switch (trait) {
      case 'landscape':
        return found(this.#photos(({ width, height }) => width > height));
      case 'portrait':
        return found(this.#photos(({ width, height }) => height > width));
      case 'panorama':
        return found(
          this.#photos(({ width, height }) => Math.max(width, height) >= PANORAMA * Math.min(width, height)),
        );
      case 'offline': {
        const { isOffline } = this.#source;
        const online = this.#files(({ rootId }) => !isOffline(rootId));
        return found(this.#files(({ rootId }) => isOffline(rootId)).map((row, index) => row & ~(online[index] ?? 0)));
      }
      case 'duplicate': {
        const once = this.#none();
        const twice = this.#none();
        for (const { photoId } of this.#source.catalogue.files.values()) {
          const row = photoId === null ? undefined : this.#source.rowOf(photoId);
          if (row === undefined || row >= once.length) continue;
          if (once[row] === 1) twice[row] = 1;
          once[row] = 1;
        }
        return found(twice);
      }
      case 'favourite':
      case 'video':
      case 'raw':
        return { mask: this.#none(), notes: [NOT_YET[trait]] };
    }
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

  /** Rows of photos with a file that holds. */
  #files(holds: (file: FileRow) => boolean): Mask {
    const mask = this.#none();
    for (const file of this.#source.catalogue.files.values())
      if (file.photoId !== null && holds(file)) this.#mark(mask, file.photoId);
    return mask;
  }
}

const found = (mask: Mask): Filtered => ({ mask, notes: [] });

const isFromTop = (path: string): boolean => /^(?:\/|[a-z]:\/)/u.test(path);

/** In small letters, accents as keyboards write them: some disks take them apart. */
const composed = (text: string): string => text.toLowerCase().normalize('NFC');

const nameOf = ({ relPath }: FileRow): string => composed(relPath.split('/').at(-1) ?? '');

type Side = Extract<FilterCondition, { kind: 'number' }>['least'];

const isWithin = (value: number | null, least: Side, most: Side): boolean =>
  value !== null &&
  (least === null || value > least.value || (least.included && value === least.value)) &&
  (most === null || value < most.value || (most.included && value === most.value));

/** Milliseconds since 1970 when the day begins on this computer's clock. */
const startOf = (day: CalendarDay | null): number | null =>
  day === null ? null : new Date(day.year, day.month - 1, day.day).getTime();

const takenBetween =
  (from: number | null, until: number | null) =>
  ({ takenAt }: PhotoSummary): boolean =>
    (from === null || takenAt >= from) && (until === null || takenAt < until);
