import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { z } from 'zod';
import { AfterimageError, methods, toAfterimageError, type Check, type Client } from '../../app/contract/index.ts';
import { offerNegation } from '../../app/query/language/negation.ts';
import { parseQuery } from '../../app/query/language/parse.ts';
import { printQuery } from '../../app/query/language/print.ts';
import { print, printJson } from '../terminal.ts';
import { printEvaluation, printReport, printResults, printStatus } from './output.ts';
import { modelNamed } from './models.ts';
import { composeQuery, type Overrides } from './query.ts';
import { readJsonFile } from './read-file.ts';
import { withEngine, type Common } from './session.ts';
import { runIndex } from './working.ts';

/** Chooses the model of a library that has none; another one than the library's own is refused, not switched to in passing. */
const settleModel = async (client: Client, wanted: string | undefined): Promise<void> => {
  const { model } = await client.call('status', {});
  const { models } = await client.call('models.list', {});
  const current = model ?? models.find(({ active }) => active);
  if (wanted === undefined) {
    if (current === undefined) await client.call('models.use', { id: 'starter' });
    return;
  }
  const { id } = await modelNamed(client, wanted);
  if (current !== undefined && current.id !== id && current.photos > 0) {
    throw new AfterimageError(
      'model-mismatch',
      `This library is indexed with the model ${current.name}. Change it with “afterimage models upgrade ${wanted}”, which keeps its photos searchable, or with “afterimage models use ${wanted} --anew”; or give another --library.`,
    );
  }
  await client.call('models.use', { id });
};

export const index = (
  folders: readonly string[],
  { library, json, model }: Common & { readonly model?: string },
): Promise<void> =>
  withEngine(library, async (client) => {
    await settleModel(client, model);
    const roots = [];
    for (const folder of folders) roots.push(await client.call('roots.add', { path: resolve(folder) }));
    const rootIds = roots.map(({ id }) => id);
    const report = await runIndex(client, json, rootIds);
    if (json === true) printJson(report);
    else printReport(report);
  });

interface ListOptions extends Common {
  readonly limit: number;
}

const find = async (client: Client, query: string, { limit, json }: ListOptions): Promise<void> => {
  const found = await client.call('search', { query, limit });
  if (json === true) {
    printJson(found);
    return;
  }
  const { words } = await client.call('search.unknownWords', { query });
  printResults(found, words);
  const offer = offerNegation(parseQuery(query));
  if (offer !== null) print(`To leave out what “${offer.text}” names, search for: ${printQuery(offer.query)}`);
};

const addPicture =
  (client: Client) =>
  async (path: string): Promise<string> =>
    (await client.call('pictures.add', { path })).token;

export const search = (text: string, options: ListOptions & Overrides): Promise<void> =>
  withEngine(options.library, async (client) => {
    await find(client, await composeQuery(text, options, addPicture(client)), options);
  });

export const similar = (photo: string, options: ListOptions): Promise<void> =>
  withEngine(options.library, async (client) => {
    const path = resolve(photo);
    const isFile = await stat(path).then(
      (stats) => stats.isFile(),
      () => false,
    );
    const { id } = await client.call('photos.find', { photo: isFile ? path : photo });
    if (id !== null) return find(client, `photo:${id}`, options);
    if (!isFile)
      throw new AfterimageError('not-found', `There is no photo “${photo}” in the library, and no file of that name.`);
    return find(client, `image:${await addPicture(client)(path)}`, options);
  });

interface EvaluateOptions extends Common {
  readonly suite?: string;
  readonly operators?: boolean;
  readonly fit?: boolean;
}

export const evaluate = (file: string, options: EvaluateOptions): Promise<void> =>
  withEngine(options.library, async (client) => {
    if (options.operators === true && options.suite === undefined)
      throw new AfterimageError('invalid-request', 'Operators are compared on a suite of queries: give --suite, too.');
    const { captions, suite } = methods.evaluate.input.shape;
    const evaluation = await client.call('evaluate', {
      captions: await readList(file, captions, 'captions', '{"file", "captions"}'),
      ...(options.suite === undefined
        ? {}
        : { suite: await readList(options.suite, suite.unwrap(), 'suite', '{"kind", "query", "relevant"}') }),
      operators: options.operators === true,
      fit: options.fit === true,
    });
    if (options.json === true) printJson(evaluation);
    else printEvaluation(evaluation);
  });

const readList = async <S extends z.ZodType>(
  file: string,
  schema: S,
  what: string,
  entries: string,
): Promise<z.output<S>> => {
  const list = schema.safeParse(await readJsonFile(file, `${what} file`));
  if (list.success) return list.data;
  // The first fault is enough: a file of another kind has one in every line.
  const [first] = list.error.issues;
  const place = first === undefined || first.path.length === 0 ? '' : ` at ${z.core.toDotPath(first.path)}`;
  throw new AfterimageError('invalid-request', `${file} is not a list of ${entries}${place}: ${first?.message ?? ''}`);
};

export const status = ({ library, json }: Common): Promise<void> =>
  withEngine(library, async (client) => {
    const current = await client.call('status', {});
    const { failures } = await client.call('index.failures', { limit: 10_000 });
    if (json === true) {
      printJson({ ...current, failures });
      return;
    }
    printStatus(current);
    for (const { path, message } of failures) print(`Refused  ${JSON.stringify(path)}: ${message}`);
  });

/** What to do about a check, by its name and state. */
const REMEDIES: Readonly<Record<string, string>> = {
  'Database error': 'Repair with “afterimage doctor --repair”.',
  'Failures warning': '“afterimage status” lists what was refused.',
};

const MARKS = { ok: 'ok      ', warning: 'warning ', error: 'ERROR   ' } as const;

/** What can be said of a library that does not open: why, and that the program itself runs. */
const checksWithoutLibrary = (error: unknown): Check[] => [
  { name: 'Runtime', state: 'ok', message: `Node ${process.versions.node} on ${process.platform}-${process.arch}.` },
  { name: 'Library', state: 'error', message: toAfterimageError(error).message },
];

export const doctor = async ({ library, json, repair }: Common & { readonly repair?: boolean }): Promise<void> => {
  const checks = await withEngine(
    library,
    async (client) => (await client.call('doctor', { repair: repair === true })).checks,
  ).catch(checksWithoutLibrary);
  if (json === true) printJson({ checks });
  else
    for (const { name, state, message } of checks) {
      const remedy = REMEDIES[`${name} ${state}`];
      print(`${MARKS[state]}${name}: ${message}${remedy === undefined ? '' : ` ${remedy}`}`);
    }
  if (checks.some((check) => check.state === 'error')) process.exitCode = 1;
};

export const listSearches = ({ library, json }: Common): Promise<void> =>
  withEngine(library, async (client) => {
    const searches = await client.call('searches.list', {});
    if (json === true) printJson(searches);
    else for (const { id, name, query } of searches.saved) print(`${id}  ${name}: ${query}`);
  });

export const saveSearch = (name: string, text: string, { library, json }: Common): Promise<void> =>
  withEngine(library, async (client) => {
    const query = await composeQuery(text, {}, addPicture(client));
    const saved = await client.call('searches.save', { name, query });
    if (json === true) printJson(saved);
    else print(`${saved.id}  ${saved.name}: ${saved.query}`);
  });

export const forgetSearches = ({ library }: Common): Promise<void> =>
  withEngine(library, async (client) => {
    await client.call('searches.forget', {});
  });

export const removeSearch = (search: string, { library }: Common): Promise<void> =>
  withEngine(library, async (client) => {
    const { saved } = await client.call('searches.list', {});
    const [found, other] = saved.filter(({ id, name }) => id === search || name === search);
    if (found === undefined || other !== undefined)
      throw new AfterimageError(
        'not-found',
        found === undefined
          ? `No search “${search}” is saved.`
          : `Several saved searches are called “${search}”. Give the id of one.`,
      );
    await client.call('searches.remove', { id: found.id });
  });
