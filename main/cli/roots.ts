import { basename, resolve } from 'node:path';
import {
  AfterimageError,
  toAfterimageError,
  type Client,
  type Follow,
  type ProviderChoice,
  type Root,
  type Settings,
} from '../../app/contract/index.ts';
import { print, printJson } from '../terminal.ts';
import { rootLine } from './output.ts';
import { withEngine, type Common } from './session.ts';

/** The folder of the library that a person names by id, path, or the last part of its path. */
const rootNamed = async (client: Client, text: string): Promise<Root> => {
  const { roots } = await client.call('status', {});
  const path = resolve(text);
  const exact = roots.filter((root) => root.id === text || root.path === path);
  const [found, other] = exact.length > 0 ? exact : roots.filter((root) => basename(root.path) === text);
  if (found !== undefined && other === undefined) return found;
  throw new AfterimageError(
    'not-found',
    found === undefined
      ? `No folder “${text}” is in the library. “afterimage roots list” shows those that are.`
      : `Several folders of the library are called “${text}”. Give the path or the id of one.`,
  );
};

const printRoot = (root: Root, json: boolean | undefined): void => {
  if (json === true) printJson(root);
  else print(`${root.id}  ${rootLine(root)}`);
};

export const listRoots = ({ library, json }: Common): Promise<void> =>
  withEngine(library, async (client) => {
    const { roots } = await client.call('status', {});
    if (json === true) printJson({ roots });
    else for (const root of roots) printRoot(root, false);
  });

export const addRoot = (folder: string, { library, json }: Common): Promise<void> =>
  withEngine(library, async (client) => {
    printRoot(await client.call('roots.add', { path: resolve(folder) }), json);
  });

export const removeRoot = (folder: string, { library }: Common): Promise<void> =>
  withEngine(library, async (client) => {
    const { id, path } = await rootNamed(client, folder);
    await client.call('roots.remove', { id });
    print(`${path} was taken out of the library. Its files were not touched.`);
  });

interface RuleOptions {
  readonly exclude?: readonly string[];
  readonly include?: readonly string[];
}

/** Rules with some more and some fewer; undefined when nothing was said of them. */
const changedRules = (rules: readonly string[], { exclude, include }: RuleOptions): string[] | undefined => {
  if (exclude === undefined && include === undefined) return undefined;
  return [...new Set([...rules, ...(exclude ?? [])])].filter((rule) => include?.includes(rule) !== true);
};

interface RootOptions extends Common, RuleOptions {
  readonly pause?: boolean;
  readonly resume?: boolean;
  readonly follow?: Follow;
}

export const changeRoot = (folder: string, options: RootOptions): Promise<void> =>
  withEngine(options.library, async (client) => {
    const { pause, resume, follow } = options;
    const root = await rootNamed(client, folder);
    const excludes = changedRules(root.excludes, options);
    const changed = await client.call('roots.change', {
      id: root.id,
      ...(pause === true ? { paused: true } : {}),
      ...(resume === true ? { paused: false } : {}),
      ...(follow === undefined ? {} : { follow }),
      ...(excludes === undefined ? {} : { excludes }),
    });
    printRoot(changed, options.json);
  });

/** Takes a folder that was moved to be at `place`, or without one where it seems to be. */
export const relinkRoot = (folder: string, place: string | undefined, { library, json }: Common): Promise<void> =>
  withEngine(library, async (client) => {
    const { id, path } = await rootNamed(client, folder);
    const lost = (error: unknown): never => {
      if (toAfterimageError(error).kind !== 'not-found') throw error;
      throw new AfterimageError(
        'not-found',
        `Afterimage does not know where ${path} went. Give its new place: afterimage roots relink ${JSON.stringify(folder)} <new place>`,
        { cause: error },
      );
    };
    const relinked =
      place === undefined
        ? await client.call('roots.follow', { id }).catch(lost)
        : await client.call('roots.relink', { id, path: resolve(place) });
    printRoot(relinked, json);
  });

interface SettingsOptions extends Common, RuleOptions {
  readonly graceDays?: number;
  readonly provider?: ProviderChoice;
}

const printSettings = ({ excludes, graceDays, provider }: Settings): void => {
  print(`Left out of every folder: ${excludes.length === 0 ? 'nothing more than usual' : excludes.join(', ')}`);
  print(`Data of photos that are gone is kept for ${String(graceDays)} days`);
  print(`Models run on: ${provider === 'auto' ? 'what is fastest here and gives the CPU’s answers' : provider}`);
};

/** Shows the settings of the library, changed where options say so. */
export const settings = (options: SettingsOptions): Promise<void> =>
  withEngine(options.library, async (client) => {
    const current = await client.call('settings.get', {});
    const excludes = changedRules(current.excludes, options);
    const { graceDays, provider } = options;
    const change = {
      ...(excludes === undefined ? {} : { excludes }),
      ...(graceDays === undefined ? {} : { graceDays }),
      ...(provider === undefined ? {} : { provider }),
    };
    const values = Object.keys(change).length === 0 ? current : await client.call('settings.change', change);
    if (options.json === true) printJson(values);
    else printSettings(values);
  });
