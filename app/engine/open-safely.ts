import { AfterimageError } from '../contract/index.ts';
import { Catalogue } from '../library/catalogue.ts';
import { openLibrary } from '../store/library.ts';
import type { LibraryPaths, MakeIdentity } from '../store/manifest.ts';
import { Marks } from './marks.ts';
import type { EngineOptions } from './options.ts';
import { Starts, StepLeftOut } from './starts.ts';
import { dropUnusableRules } from './usable-rules.ts';

type Opened = Awaited<ReturnType<typeof open>> & { readonly starts: Starts };

/** All that is read of a database when it is opened: some rows may be far larger than any that this program writes. */
const open = async (paths: LibraryPaths, makeIdentity: MakeIdentity) => {
  const library = await openLibrary(paths, makeIdentity);
  const catalogue = new Catalogue();
  for await (const photo of library.store.loadPhotos()) catalogue.putPhoto(photo);
  for (const file of await library.store.loadFiles()) catalogue.putFile(file);
  return { ...library, catalogue, marks: await Marks.open(library.store, catalogue) };
};

/**
 * Opens a library and reads its database, unless that has ended the last starts, and takes out of it what cannot be used.
 *
 * @throws AfterimageError as `openLibrary`, and `library-damaged` when it is not opened any more
 */
export const openSafely = async (
  { models }: Pick<EngineOptions, 'models'>,
  paths: LibraryPaths,
  makeIdentity: MakeIdentity,
): Promise<Opened> => {
  const starts = await Starts.open(models, paths.directory);
  try {
    const { mended, ...library } = await starts.run('database', () => open(paths, makeIdentity));
    return { ...library, starts, mended: [...mended, ...(await dropUnusableRules(library.manifest))] };
  } catch (error) {
    if (!(error instanceof StepLeftOut)) throw error;
    throw new AfterimageError(
      'library-damaged',
      `Afterimage ended ${String(error.deaths)} times in a row while it opened the database in ${paths.database}, so it is not opened again. Restore the library from a backup, or choose another library folder; your photos are untouched. If somebody else ended Afterimage, delete ${starts.file} to have the library opened once more.`,
      { cause: error },
    );
  }
};
