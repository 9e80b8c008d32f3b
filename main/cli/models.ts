import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import {
  AfterimageError,
  toAfterimageError,
  type Client,
  type ModelInfo,
  type ModelsList,
  type Offer,
  type ProviderChoice,
} from '../../app/contract/index.ts';
import { print, printJson, terminalWidth } from '../terminal.ts';
import { confirm } from './confirm.ts';
import { downloadLine, printComparison, printExecution, printModels } from './models-output.ts';
import { counted, size } from './output.ts';
import { withEngine, type Common } from './session.ts';
import { interruptible, liveLine } from './working.ts';

/** What a person types to name it: the shortest that is its own. */
const handleOf = ({ id, catalogue }: ModelInfo): string => catalogue ?? id;

const kindOfPath = (path: string): Promise<'folder' | 'file' | null> =>
  stat(path).then(
    (stats) => (stats.isDirectory() ? 'folder' : 'file'),
    () => null,
  );

const known = (text: string, list: ModelsList): ModelInfo | undefined => {
  const { models } = list;
  const exact = models.find(
    ({ id, catalogue, source }) => id === text || catalogue === text || (text === 'starter' && source === 'shipped'),
  );
  if (exact !== undefined) return exact;
  // A folder may be called like a model of the catalogue without being it.
  const [found, other] = offerNamed(text, list) === undefined ? models.filter(({ name }) => name === text) : [];
  if (found !== undefined && other !== undefined)
    throw new AfterimageError(
      'invalid-request',
      `Several models here are called “${text}”. Give the id of one: ${found.id}, ${other.id}.`,
    );
  return found ?? models.find(({ id }) => id === offerNamed(text, list)?.installed);
};

/** Of the catalogue, by its id or by what it is there for, as in `default`. */
const offerNamed = (text: string, { offers }: ModelsList): Offer | undefined =>
  offers.find(({ id }) => id === text) ?? offers.find(({ slot }) => slot === text);

const unknown = (text: string, list: ModelsList): AfterimageError => {
  const offer = offerNamed(text, list);
  if (offer !== undefined)
    return new AfterimageError(
      'no-model',
      `${offer.name} is not on this computer yet. Download it with “afterimage models add ${offer.id}” first.`,
    );
  return new AfterimageError(
    'not-found',
    `There is no model “${text}” here, and no folder of that name. Here are: ${list.models.map(handleOf).join(', ')}. ${offered(list)}`,
  );
};

const offered = ({ offers }: ModelsList): string =>
  `“afterimage models add” can download: ${offers.map(({ id }) => id).join(', ')}.`;

/**
 * The model that a person names by its folder, id or name, or by its entry of the catalogue or what that is there for.
 *
 * @throws AfterimageError `no-model` when it has to be downloaded first, `not-found` with what there is
 */
export const modelNamed = async (client: Client, text: string): Promise<ModelInfo> => {
  if ((await kindOfPath(text)) === 'folder') return client.call('models.add', { path: resolve(text) });
  const list = await client.call('models.list', {});
  const found = known(text, list);
  if (found === undefined) throw unknown(text, list);
  return found;
};

export const listModels = ({ library, json }: Common): Promise<void> =>
  withEngine(library, async (client) => {
    const list = await client.call('models.list', {});
    if (json === true) printJson(list);
    else printModels(list);
  });

/** Downloads an entry of the catalogue; Ctrl+C keeps what has come. */
const download = async (client: Client, text: string, json: boolean | undefined): Promise<ModelInfo> => {
  const list = await client.call('models.list', {});
  const offer = offerNamed(text, list);
  if (offer === undefined)
    throw new AfterimageError(
      'not-found',
      `The catalogue has no model “${text}”, and there is no folder or archive of that name. ${offered(list)}`,
    );
  const { id, name, bytes, licence, installed } = offer;
  if (json !== true && installed === null) {
    print(`${name}${bytes === null ? '' : `, ${size(bytes)}`}, ${licence.name} (${licence.url})`);
    if (licence.notice !== null) print(licence.notice);
  }
  const line = liveLine(json);
  const end = client.on('downloads', ({ downloads }) => {
    const mine = downloads.find((one) => one.id === id);
    if (mine !== undefined) line.show(downloadLine(mine));
  });
  const stop = (): void => {
    client.call('models.stopDownload', { id }).catch(() => undefined);
  };
  try {
    return await interruptible(stop, () => client.call('models.download', { id }));
  } catch (error) {
    if (toAfterimageError(error).kind !== 'cancelled') throw error;
    throw new AfterimageError(
      'cancelled',
      `The download is paused, and what has come is kept. “afterimage models add ${id}” goes on with it, “afterimage models remove ${id}” drops it.`,
      { cause: error },
    );
  } finally {
    end();
    line.clear();
  }
};

/** Adds a model: from a folder or an archive where there is one of that name, else from the catalogue. */
export const addModel = (model: string, { library, json }: Common): Promise<void> =>
  withEngine(library, async (client) => {
    const path = resolve(model);
    const added =
      (await kindOfPath(path)) === null
        ? await download(client, model, json)
        : await client.call('models.add', { path });
    if (json === true) {
      printJson(added);
      return;
    }
    const status = await client.call('status', {});
    print(`${added.name} is here: ${String(added.dimension)} dimensions, ${size(added.bytes)}.`);
    const handle = handleOf(added);
    const isEmpty = status.model === null || status.model.photos === 0;
    if (!added.active)
      print(
        isEmpty
          ? `Use it: afterimage index <folder> --model ${handle}`
          : `Change to it, and search all the while: afterimage models upgrade ${handle}`,
      );
  });

/** What cannot be found until it is indexed again; nothing where that is no photo. */
const printUnseen = async (client: Client, { photos }: ModelInfo): Promise<void> => {
  const unseen = (await client.call('status', {})).library.photos - photos;
  if (unseen > 0)
    print(
      `${counted(unseen, 'photo')} will be embedded anew when you index the folders again, and cannot be found until then.`,
    );
};

/** Makes a model the library's own; with fewer photos than the one in use has, only when told that this is meant. */
export const useModel = (model: string, { library, json, anew }: Common & { readonly anew?: boolean }): Promise<void> =>
  withEngine(library, async (client) => {
    const wanted = await modelNamed(client, model);
    const { model: current } = await client.call('status', {});
    if (anew !== true && current !== null && current.id !== wanted.id && wanted.photos < current.photos)
      throw new AfterimageError(
        'model-mismatch',
        `${current.name} has seen ${counted(current.photos, 'photo')}, ${wanted.name} ${String(wanted.photos)}: the others could not be found until they are embedded anew. “afterimage models upgrade ${model}” keeps them searchable meanwhile; --anew changes nevertheless.`,
      );
    const used = await client.call('models.use', { id: wanted.id });
    if (json === true) {
      printJson(used);
      return;
    }
    print(`${used.name} is in use.`);
    await printUnseen(client, used);
  });

export const rollBack = ({ library, json }: Common): Promise<void> =>
  withEngine(library, async (client) => {
    const { upgrade } = await client.call('status', {});
    const model = await client.call('models.rollback', {});
    if (json === true) {
      printJson(model);
      return;
    }
    print(`${model.name} answers again, as before the upgrade.`);
    await printUnseen(client, model);
    if (upgrade !== null)
      print(`What ${upgrade.to.name} has seen is kept: “afterimage models remove ${upgrade.to.id}” lets go of it.`);
  });

/** Lets go of a model, or of what has come of one whose download was stopped. */
export const removeModel = (
  model: string,
  { library, json, yes }: Common & { readonly yes?: boolean },
): Promise<void> =>
  withEngine(library, async (client) => {
    const list = await client.call('models.list', {});
    const found = known(model, list);
    if (found === undefined) {
      const stopped = list.downloads.find(({ id }) => id === offerNamed(model, list)?.id);
      if (stopped === undefined) throw unknown(model, list);
      await client.call('models.stopDownload', { id: stopped.id, drop: true });
      if (json === true) printJson({ id: stopped.id });
      else print(`What had come of ${stopped.id} is deleted.`);
      return;
    }
    const { id, name, photos, source, bytes, active } = found;
    const question = `Delete the model ${name} (${size(bytes)}), and its vectors of ${counted(photos, 'photo')}?`;
    // The engine refuses to remove the one in use: there is nothing to ask then.
    if (source === 'installed' && !active && yes !== true && !(await confirm(question, 'the model'))) {
      process.exitCode = 1;
      return;
    }
    await client.call('models.remove', { id });
    if (json === true) {
      printJson({ id });
      return;
    }
    const files = source === 'installed' ? `, with ${size(bytes)} of files` : '';
    const kept = source === 'folder' ? ' The files in its folder stay.' : '';
    print(`${name} is gone from the library${files}.${kept}`);
  });

export const compareModels = (
  first: string,
  second: string,
  query: string,
  { library, json, limit }: Common & { readonly limit: number },
): Promise<void> =>
  withEngine(library, async (client) => {
    const models: [string, string] = [(await modelNamed(client, first)).id, (await modelNamed(client, second)).id];
    const comparison = await client.call('models.compare', { models, query, limit });
    if (json === true) printJson(comparison);
    else printComparison(comparison, terminalWidth());
  });

/** Tries anew what the model in use can run on; with a provider, that one from now on. */
export const checkModel = ({
  library,
  json,
  provider,
}: Common & { readonly provider?: ProviderChoice }): Promise<void> =>
  withEngine(library, async (client) => {
    if (provider !== undefined) await client.call('settings.change', { provider });
    const execution = await client.call('models.check', {});
    if (json === true) printJson(execution);
    else printExecution(execution);
  });
