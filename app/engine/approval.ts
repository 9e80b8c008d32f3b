import { realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { isErrno } from '../base/errno.ts';
import { Serial } from '../base/serial.ts';
import { AfterimageError, type Awaiting } from '../contract/index.ts';
import { ApprovalStore, newLibraryId, type ApprovalRecord } from '../store/approval-store.ts';
import { isEmptyFolder, isSameFolder, markOf } from '../store/folder-mark.ts';
import {
  isFree,
  libraryPaths,
  peekManifest,
  writeIdentity,
  type LibraryIdentity,
  type Manifest,
} from '../store/manifest.ts';
import type { ManifestFile } from '../store/manifest-file.ts';
import type { EngineOptions } from './options.ts';

/** What a person agrees to of a library that was not made here: folders by path, models by directory, as they were shown. */
export interface Consent {
  readonly folders: readonly string[];
  readonly models: readonly string[];
}

/** What is known of a library before anything in it is written or believed. */
interface Judgement {
  /** Real path; of a library that is yet to be made, the path as it was given. */
  readonly directory: string;
  /** Null for a library that is yet to be made. */
  readonly manifest: Manifest | null;
  /** What was approved of it; null when it has not been opened here before. */
  readonly record: ApprovalRecord | null;
  readonly isApproved: boolean;
}

type Options = Pick<EngineOptions, 'library' | 'approvals'>;

/**
 * Reads what decides whether a library may be opened, and writes nothing.
 *
 * @throws AfterimageError `library-newer`, `library-damaged`, `unreadable` for a folder that is no library
 */
const judge = async (library: string, { folder, data }: NonNullable<Options['approvals']>): Promise<Judgement> => {
  const directory = await realpath(library).catch((error: unknown) => {
    if (isErrno(error, 'ENOENT')) return null;
    throw error;
  });
  if (directory === null || (await isFree(directory)))
    return { directory: directory ?? library, manifest: null, record: null, isApproved: true };
  const manifest = await peekManifest(libraryPaths(directory));
  const store = new ApprovalStore(folder);
  const record = await store.read(directory);
  const { identity } = manifest;
  const isKnown = identity !== null && identity.id === record?.id && (await store.hasSigned(identity));
  if (isKnown || (await isOwn(directory, data))) return { directory, manifest, record, isApproved: true };
  // Another library lies in the place of a known one: nothing was approved for it.
  return { directory, manifest, record: null, isApproved: false };
};

/** Whether a library lies where this program keeps libraries, links resolved. */
const isOwn = async (directory: string, data: string): Promise<boolean> => {
  const own = await realpath(data).catch(() => null);
  return own !== null && directory.startsWith(join(own, 'libraries') + sep);
};

const awaitingOf = ({ roots, models }: Manifest): Awaiting => ({
  folders: roots.map(({ path }) => path),
  models: models.map(({ name, directory }) => ({ name, directory })),
});

const allOf = ({ roots, models }: Manifest): Consent => ({
  folders: roots.map(({ path }) => path),
  models: models.map(({ directory }) => directory),
});

/** What a library would do that has to be approved before it is opened; null when nothing has to. @throws as `Approval.open` */
export const awaitingOfLibrary = async ({ library, approvals }: Options): Promise<Awaiting | null> => {
  if (approvals === null) return null;
  const { manifest, isApproved } = await judge(library, approvals);
  return isApproved || manifest === null ? null : awaitingOf(manifest);
};

/**
 * Moves a library and what is approved of it. One that the person has approved just now, or that lies where libraries are made,
 * is known at its new place as it stands.
 *
 * @param everything whether the person has agreed to all that the library names; asked of a library that was not approved before
 * @param move called once the library carries its identity
 */
export const moveApproved = async (
  {
    library,
    approvals,
    everything,
  }: {
    readonly library: string;
    readonly approvals: NonNullable<Options['approvals']>;
    readonly everything: boolean;
  },
  to: string,
  move: () => Promise<void>,
): Promise<void> => {
  const { directory, manifest, record, isApproved } = await judge(library, approvals);
  if (manifest === null) return move();
  const store = new ApprovalStore(approvals.folder);
  const { folders, models } = isApproved || everything ? allOf(manifest) : { folders: [], models: [] };
  const approved = record ?? {
    library: directory,
    id: manifest.identity?.id ?? newLibraryId(),
    folders: folders.map((path) => ({ path, mark: null })),
    models: models.map((model) => ({ directory: model, contents: null })),
  };
  await writeIdentity(libraryPaths(directory), await store.signed(approved.id, manifest.identity));
  await move();
  await store.write({ ...approved, library: await realpath(to) });
  await store.remove(directory);
};

/** Folders and models that a message names at most; the others are counted. */
const NAMED = 20;

/** Whether a message names all folders and models, so that a person who has read it can agree to them. */
export const isNamedInFull = ({ folders, models }: Awaiting): boolean =>
  Math.max(folders.length, models.length) <= NAMED;

/** Why a library is not opened, in lines for a person who cannot be shown anything else. */
export const describeAwaiting = (library: string, { folders, models }: Awaiting): readonly string[] => {
  const listed = (what: string, lines: readonly string[]): string[] => [
    ...(lines.length === 0 ? [] : [`It would ${what}:`]),
    ...lines.slice(0, NAMED).map((line) => `  ${line}`),
    ...(lines.length > NAMED ? [`  and ${String(lines.length - NAMED)} more`] : []),
  ];
  return [
    `The library ${library} was not made here, or was copied or changed since. Nothing in it was opened.`,
    ...listed('watch these folders', folders),
    ...listed(
      'load these models',
      models.map(({ name, directory }) => `${name} from ${directory}`),
    ),
    ...(folders.length + models.length === 0 ? ['It names no folder and no model.'] : []),
  ];
};

/**
 * What the person has approved of the library that is open. Folders and models are known by path first: what is not approved
 * by its path is not even looked at, so that a path on another computer gets no credentials.
 */
export class Approval {
  /** Null where everything is approved. */
  readonly #store: ApprovalStore | null;
  readonly #consent: Consent | null;
  #record: ApprovalRecord;
  readonly #writes = new Serial();

  private constructor(store: ApprovalStore | null, record: ApprovalRecord, consent: Consent | null) {
    this.#store = store;
    this.#record = record;
    this.#consent = consent;
  }

  /**
   * @param consent what the person has just agreed to; null when nobody was asked
   * @throws AfterimageError `not-approved`, `library-newer`, `library-damaged`, `unreadable`
   */
  static async open({ library, approvals }: Options, consent: Consent | null): Promise<Approval> {
    const none = { library, id: newLibraryId(), folders: [], models: [] };
    if (approvals === null) return new Approval(null, none, null);
    const { directory, manifest, record, isApproved } = await judge(library, approvals);
    if (!isApproved && consent === null && manifest !== null)
      throw new AfterimageError('not-approved', describeAwaiting(directory, awaitingOf(manifest)).join(' '));
    // A library of our own from before approvals were recorded: the person chose what it names.
    const agreed = isApproved && record === null && manifest !== null ? allOf(manifest) : consent;
    const id = record?.id ?? manifest?.identity?.id ?? none.id;
    return new Approval(new ApprovalStore(approvals.folder), record ?? { ...none, library: directory, id }, agreed);
  }

  /** The identity of a library that is about to be made. It is recorded first, so that the library is recognised even if making it is interrupted. */
  async identityOfNew(): Promise<LibraryIdentity | null> {
    try {
      await this.#store?.write(this.#record);
      return (await this.#store?.signed(this.#record.id, null)) ?? null;
    } catch {
      // The library can still be made; the person is asked when it is opened again.
      return null;
    }
  }

  /** Folders and models that the person agreed to when the library was opened, and that are yet to be approved. */
  get consent(): Consent {
    return this.#consent ?? { folders: [], models: [] };
  }

  /**
   * Writes the library's id with this person's signature into it, and remembers it as approved.
   *
   * @throws the system's error when that cannot be remembered although the person said so
   */
  async seal(manifest: ManifestFile): Promise<void> {
    const store = this.#store;
    if (store === null) return;
    try {
      const { identity } = manifest.value;
      const isSigned = identity?.id === this.#record.id && (await store.hasSigned(identity));
      if (!isSigned) {
        const signed = await store.signed(this.#record.id, identity);
        await manifest.update(() => ({ identity: signed }));
      }
      await store.write(this.#record);
    } catch (error) {
      // A library that was opened without asking can be opened so again.
      if (this.#consent !== null) throw error;
    }
  }

  /** Whether a folder may be looked at: it is approved, and is the folder that it was then, or is not there. */
  async allowsFolder(path: string): Promise<boolean> {
    if (this.#store === null) return true;
    const known = this.#record.folders.find((folder) => folder.path === path);
    if (known === undefined) return false;
    const found = await markOf(path);
    if (found === 'missing') return true;
    if (found === 'other') return false;
    if (known.mark !== null && isSameFolder(known.mark, found)) return true;
    // A mount point without its volume has nothing to keep from anybody, and is not the folder that is waited for.
    if (await isEmptyFolder(path)) return true;
    if (known.mark !== null) return false;
    await this.#put({ folders: [...this.#foldersBut(path), { path, mark: found }] });
    return true;
  }

  /** Approves the folder that is at a path now; where there is none, the one that is found there first. */
  async approveFolder(path: string): Promise<void> {
    await this.#put({ folders: [...this.#foldersBut(path), { path, mark: null }] });
    await this.allowsFolder(path);
  }

  async forgetFolder(path: string): Promise<void> {
    await this.#put({ folders: this.#foldersBut(path) });
  }

  /** Whether a model's directory is approved, whatever lies in it now. */
  knowsModel(directory: string): boolean {
    return this.#store === null || this.#record.models.some((model) => model.directory === directory);
  }

  /**
   * Whether a model may be loaded from an approved directory: what it is run from is what it was then.
   *
   * @param contents see `contentsOf`; only asked for when it matters
   */
  async allowsModel(directory: string, contents: () => Promise<string>): Promise<boolean> {
    if (this.#store === null) return true;
    const known = this.#record.models.find((model) => model.directory === directory);
    if (known === undefined) return false;
    const found = await contents();
    if (known.contents === null) await this.approveModel(directory, found);
    return (known.contents ?? found) === found;
  }

  /** @param contents null: what is found there when it is loaded first */
  async approveModel(directory: string, contents: string | null): Promise<void> {
    await this.#put({ models: [...this.#modelsBut(directory), { directory, contents }] });
  }

  async forgetModel(directory: string): Promise<void> {
    await this.#put({ models: this.#modelsBut(directory) });
  }

  #foldersBut(path: string): ApprovalRecord['folders'] {
    return this.#record.folders.filter((folder) => folder.path !== path);
  }

  #modelsBut(directory: string): ApprovalRecord['models'] {
    return this.#record.models.filter((model) => model.directory !== directory);
  }

  /** Takes effect at once. If it cannot be saved, the person is asked again next time. */
  async #put(change: Partial<Pick<ApprovalRecord, 'folders' | 'models'>>): Promise<void> {
    this.#record = { ...this.#record, ...change };
    const record = this.#record;
    await this.#writes.run(() => this.#store?.write(record)).catch(() => undefined);
  }
}
