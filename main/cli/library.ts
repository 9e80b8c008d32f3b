import { readdir } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { replaceFile } from '../../app/base/disk.ts';
import { AfterimageError, userDataSchema } from '../../app/contract/index.ts';
import { moveApproved } from '../../app/engine/approval.ts';
import { libraryPaths, readFormat } from '../../app/store/manifest.ts';
import { deleteLibrary, moveLibrary, needLibrary } from '../../app/store/moving.ts';
import { librarySize } from '../../app/store/size.ts';
import { holdLibrary } from '../engine/hold.ts';
import { approvalsPlace } from '../paths.ts';
import { print, printJson } from '../terminal.ts';
import { needApproval } from './approval.ts';
import { confirm } from './confirm.ts';
import { counted, size } from './output.ts';
import { readJsonFile } from './read-file.ts';
import { withEngine, type Common } from './session.ts';

/** Lists the libraries that lie side by side with the one that is named. */
export const listLibraries = async ({ library, json }: Common): Promise<void> => {
  const folder = dirname(resolve(library));
  const libraries = [];
  for (const name of await readdir(folder).catch(() => [])) {
    const paths = libraryPaths(join(folder, name));
    // One of a newer program, or with a damaged manifest, is a library, too.
    const format = await readFormat(paths).catch(() => 0);
    if (format === null) continue;
    const { database, thumbnails, other } = await librarySize(paths);
    libraries.push({ name, directory: paths.directory, bytes: database + thumbnails + other });
  }
  if (json === true) printJson({ libraries });
  else for (const { name, directory, bytes } of libraries) print(`${name}  ${size(bytes)}  ${directory}`);
  if (libraries.length === 0 && json !== true) print(`There is no library in ${folder} yet.`);
};

export const measureLibrary = async ({ library, json }: Common): Promise<void> => {
  const directory = resolve(library);
  await needLibrary(directory);
  const sizes = await librarySize(libraryPaths(directory));
  if (json === true) printJson(sizes);
  else
    print(
      `${directory}: ${size(sizes.database)} database, ${size(sizes.thumbnails)} thumbnails, ${size(sizes.other)} other`,
    );
};

export const relocateLibrary = async (place: string, { library, json }: Common): Promise<void> => {
  const [from, to] = [resolve(library), resolve(place)];
  if (`${to}${sep}`.startsWith(`${from}${sep}`))
    throw new AfterimageError('invalid-request', 'A library cannot be moved into itself. Give another place.');
  await needLibrary(from);
  const everything = await needApproval(from);
  await holdLibrary(from, async () => {
    await moveApproved({ library: from, approvals: approvalsPlace(), everything }, to, () => moveLibrary(from, to));
    return to;
  });
  if (json === true) printJson({ directory: to });
  else print(`The library is in ${to} now. Give it as --library to use it.`);
};

export const removeLibrary = async ({ library, json, yes }: Common & { readonly yes?: boolean }): Promise<void> => {
  const directory = resolve(library);
  await needLibrary(directory);
  await needApproval(directory);
  const question = `Delete the library ${directory}, with all favourites, ratings and saved searches? Your photos stay.`;
  if (yes !== true && !(await confirm(question, 'the library'))) {
    process.exitCode = 1;
    return;
  }
  let others: readonly string[] = [];
  await holdLibrary(directory, async () => {
    others = await deleteLibrary(directory);
    return directory;
  });
  if (json === true) printJson({ directory, others });
  else
    print(
      others.length === 0
        ? `The library ${basename(directory)} is deleted. No photo was touched.`
        : `The library is deleted. Its folder stays, because other things lie in it: ${others.join(', ')}.`,
    );
};

export const exportUserData = (file: string, { library, json }: Common): Promise<void> =>
  withEngine(library, async (client) => {
    const data = await client.call('library.export', {});
    await replaceFile(resolve(file), `${JSON.stringify(data, null, 2)}\n`);
    const counts = { photos: data.photos.length, searches: data.searches.length };
    if (json === true) printJson(counts);
    else
      print(
        `Marks of ${counted(counts.photos, 'photo')} and ${counted(counts.searches, 'saved search', 'saved searches')} are in ${file} now.`,
      );
  });

export const importUserData = async (file: string, { library, json }: Common): Promise<void> => {
  const content = await readJsonFile(file, 'file').catch((error: unknown) => {
    // What is no JSON was not written by this program either.
    if (error instanceof AfterimageError && error.kind === 'invalid-request') return null;
    throw error;
  });
  const data = userDataSchema.safeParse(content);
  if (!data.success)
    throw new AfterimageError('invalid-request', `${file} was not written by “afterimage library export”.`);
  await withEngine(library, async (client) => {
    const report = await client.call('library.import', data.data);
    if (json === true) printJson(report);
    else
      print(
        `${counted(report.photos, 'photo')} marked and ${counted(report.searches, 'search', 'searches')} saved.` +
          (report.unknown === 0
            ? ''
            : ` ${counted(report.unknown, 'photo is', 'photos are')} not in this library: what is said of them waits until they come.`),
      );
    if (json !== true)
      for (const { name, reason } of report.refused) print(`Not saved: the search ${JSON.stringify(name)}. ${reason}`);
  });
};

/** As many photos as may be found at once. */
const MOST = 100_000;

export const writeSidecars = ({ library, json }: Common): Promise<void> =>
  withEngine(library, async (client) => {
    const { results } = await client.call('search', { query: 'rating:1..5', limit: MOST });
    const ids = results.map(({ id }) => id);
    const outcome = ids.length === 0 ? { done: 0, failures: [] } : await client.call('photos.writeSidecars', { ids });
    if (json === true) printJson(outcome);
    else {
      print(`Ratings and keywords of ${counted(outcome.done, 'file')} are in XMP files beside the photos now.`);
      for (const { path, message } of outcome.failures) print(`${path}: ${message}`);
    }
    if (outcome.failures.length > 0) process.exitCode = 1;
  });
