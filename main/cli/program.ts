import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { followSchema, likenessSchema, providerChoiceSchema, toAfterimageError } from '../../app/contract/index.ts';
import { defaultLibrary, version } from '../paths.ts';
import { print, printError } from '../terminal.ts';
import { runWeb, type WebOptions } from '../web/run.ts';
import { MODES, SORT_KEYS } from '../../app/query/language/ast.ts';
import { parseQuery } from '../../app/query/language/parse.ts';
import { NotAsked, trustLibrary } from './approval.ts';
import {
  doctor,
  evaluate,
  forgetSearches,
  index,
  listSearches,
  removeSearch,
  saveSearch,
  search,
  similar,
  status,
} from './commands.ts';
import { duplicates } from './duplicates.ts';
import {
  exportUserData,
  importUserData,
  listLibraries,
  measureLibrary,
  relocateLibrary,
  removeLibrary,
  writeSidecars,
} from './library.ts';
import { addModel, checkModel, compareModels, listModels, removeModel, rollBack, useModel } from './models.ts';
import { markedQuery } from './query.ts';
import { addRoot, changeRoot, listRoots, relinkRoot, removeRoot, settings } from './roots.ts';
import { upgradeModel } from './upgrade.ts';

const wholeNumber =
  (low: number, high: number) =>
  (text: string): number => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < low || value > high)
      throw new InvalidArgumentError(`It has to be a whole number from ${String(low)} to ${String(high)}.`);
    return value;
  };

const tolerance = (text: string): number => {
  try {
    const { tolerance: value, ...rest } = parseQuery(`tolerance:${text}`);
    if (value !== null && rest.terms.length + rest.filters.length === 0) return value;
  } catch {
    // Said below in the words of the command line.
  }
  throw new InvalidArgumentError('It has to be a number from 0 to 1, or a percentage.');
};

const libraryOption = (): Option =>
  new Option('--library <dir>', 'folder of the library').default(defaultLibrary(), 'the one of the application');
const jsonOption = (): Option => new Option('--json', 'print JSON on one line, for programs');
const limitOption = (): Option =>
  new Option('--limit <n>', 'number of results').default(20).argParser(wholeNumber(1, 100_000));
const providerOption = (): Option =>
  new Option(
    '--provider <name>',
    'what models run on; “auto”: what is fastest here and gives the CPU’s answers',
  ).choices(providerChoiceSchema.options);

const linesOf = (text: string): readonly string[] => text.trimEnd().split('\n');

/** What is wrong with a command line, which may quote it: only a guess of what was meant has a line of its own. */
const errorLines = (text: string): readonly string[] => text.trimEnd().split(/\n(?=\(Did you mean [^\n]+\?\)$)/u);

const build = (): Command => {
  const program = new Command('afterimage')
    .description('Find photos on this computer by describing them. Nothing leaves the machine.')
    .version(version)
    .option('--trust', 'approve a library that was not made here, with its folders and models, once and for all')
    .hook('preAction', () => {
      if (program.opts().trust === true) trustLibrary();
    })
    .exitOverride()
    .configureOutput({
      writeOut: (text) => print(...linesOf(text)),
      writeErr: (text) => printError(...linesOf(text)),
      outputError: (text) => printError(...errorLines(text)),
    })
    .showHelpAfterError('Use --help to see what is possible.');
  const command = (usage: string, description: string): Command =>
    program.command(usage).description(description).addOption(libraryOption());

  command('index <folder...>', 'index folders of photos; what is known and unchanged is not read again')
    .option('--model <id|dir>', 'model of a new library: “starter”, an id, or the folder of a model')
    .addOption(jsonOption())
    .action(index);
  command(
    'search <query>',
    'find photos: words, +wanted -avoided !required, "quoted"^weight, photo:<id|name>, image:"<path>", camera:…, in:…',
  )
    .addOption(new Option('--mode <mode>', 'how the terms are combined').choices(MODES))
    .option('--tolerance <number>', 'how unsure a match may be: 0 strict, 1 anything; or in percent', tolerance)
    .addOption(
      new Option('--sort <key>', 'order of the results; with a - behind it, the other way round').choices(
        SORT_KEYS.flatMap((key) => [key, `${key}-`]),
      ),
    )
    .addOption(limitOption())
    .addOption(jsonOption())
    .action(search);
  command('similar <path|id>', 'find photos like a picture file or a photo of the library')
    .addOption(limitOption())
    .addOption(jsonOption())
    .action(similar);
  command('duplicates', 'list photos that the library has more than once; none is moved')
    .addOption(
      new Option('--likeness <kind>', 'the same picture, the same moment, or merely alike')
        .choices(likenessSchema.options)
        .default('exact'),
    )
    .addOption(limitOption())
    .addOption(jsonOption())
    .action(duplicates);
  command('eval <captions.json>', 'measure retrieval with captions: [{"file", "captions": […]}]')
    .option('--suite <suite.json>', 'measure composed queries, too: [{"kind", "query", "relevant": […]}]')
    .option('--operators', 'compare all operators and refinements on the suite')
    .option('--fit', 'fit how sure a match is to the captions, for this library and model')
    .addOption(jsonOption())
    .action(evaluate);
  command('status', 'show the library, its folders, its model and what could not be indexed')
    .addOption(jsonOption())
    .action(status);
  command('doctor', 'check runtime, model and library')
    .option('--repair', 'mend what is damaged from what is left of it; no photo is touched')
    .addOption(jsonOption())
    .action(doctor);
  command('serve [folder...]', 'run the application in a browser of this machine')
    .option('--port <n>', 'port to listen on', wholeNumber(0, 65_535), 0)
    .option('--no-open', 'do not open the browser')
    .option('--plain-address', 'use 127.0.0.1, for browsers that do not find names in .localhost; less safe', false)
    .action(
      (
        folders: string[],
        { open, ...options }: Omit<WebOptions, 'folders' | 'openBrowser' | 'isTrusted'> & { open: boolean },
      ) => runWeb({ ...options, folders, openBrowser: open, isTrusted: program.opts().trust === true }),
    );
  const roots = program.command('roots').description('see and change the folders of the library');
  const rootCommand = (usage: string, description: string): Command =>
    roots.command(usage).description(description).addOption(libraryOption());
  rootCommand('list', 'list the folders').addOption(jsonOption()).action(listRoots);
  rootCommand('add <folder>', 'add a folder; “afterimage index <folder>” reads it')
    .addOption(jsonOption())
    .action(addRoot);
  rootCommand('remove <id|folder>', 'take a folder out of the library; its files stay').action(removeRoot);
  rootCommand('change <id|folder>', 'pause a folder, leave parts of it out, or look for changes at other times')
    .option('--pause', 'leave it alone; its photos stay searchable')
    .addOption(new Option('--resume', 'take care of it again').conflicts('pause'))
    .addOption(new Option('--follow <when>', 'when to look for changes').choices(followSchema.options))
    .option('--exclude <rule...>', 'leave out what is called so: Trash, 2019/Raw, "*.png"')
    .option('--include <rule...>', 'take such rules away again')
    .addOption(jsonOption())
    .action(changeRoot);
  rootCommand(
    'relink <id|folder> [place]',
    'say where a folder is that was moved; without a place, where it seems to be',
  )
    .addOption(jsonOption())
    .action(relinkRoot);
  command('settings', 'show and change what holds for the whole library')
    .option('--exclude <rule...>', 'leave out of every folder what is called so')
    .option('--include <rule...>', 'take such rules away again')
    .option('--grace-days <n>', 'days that the data of photos that are gone is kept', wholeNumber(0, 3650))
    .addOption(providerOption())
    .addOption(jsonOption())
    .action(settings);
  const libraries = program
    .command('library')
    .description('see, move and delete libraries; take along what you said of photos');
  const libraryCommand = (usage: string, description: string): Command =>
    libraries.command(usage).description(description).addOption(libraryOption()).addOption(jsonOption());
  libraryCommand('list', 'list the libraries beside this one').action(listLibraries);
  libraryCommand('size', 'measure what the library takes on disk').action(measureLibrary);
  libraryCommand('move <place>', 'move the library to another place; your photos stay').action(relocateLibrary);
  libraryCommand('delete', 'delete the library; your photos stay').option('--yes', 'do not ask').action(removeLibrary);
  libraryCommand('export <file>', 'write favourites, ratings, hidden photos and saved searches to a file').action(
    exportUserData,
  );
  libraryCommand('import <file>', 'take over what “export” wrote, in this or another library').action(importUserData);
  libraryCommand('sidecars', 'write ratings and keywords of all rated photos to XMP files beside them').action(
    writeSidecars,
  );
  const models = program.command('models').description('see, add, choose and change models');
  const modelCommand = (usage: string, description: string): Command =>
    models.command(usage).description(description).addOption(libraryOption()).addOption(jsonOption());
  modelCommand('list', 'list the models here, and those that can be downloaded').action(listModels);
  modelCommand(
    'add <id|folder|archive>',
    'download a model of the catalogue, or add one from a folder or an archive',
  ).action(addModel);
  modelCommand('use <id|folder>', 'make a model the library’s own at once')
    .option('--anew', 'also when photos cannot be found until they are embedded anew')
    .action(useModel);
  modelCommand('upgrade <id|folder>', 'change to another model; the library stays searchable all the while')
    .option('--anchors <n>', 'photos to learn the change from; without, as many as it needs', wholeNumber(20, 100_000))
    .option('--bridge-only', 'stop after that, before all photos are embedded anew')
    .action(upgradeModel);
  modelCommand('rollback', 'go back to the model before the last upgrade').action(rollBack);
  modelCommand('remove <id>', 'let go of a model: what it saw here, and its files if Afterimage has put them there')
    .option('--yes', 'do not ask')
    .action(removeModel);
  modelCommand('compare <a> <b> <query>', 'answer a query with two models, side by side')
    .addOption(limitOption())
    .action(compareModels);
  modelCommand('check', 'try anew what the model in use can run on, and how fast')
    .addOption(providerOption())
    .action(checkModel);
  const searches = program.command('searches').description('see and save searches');
  searches
    .command('list')
    .description('list the saved searches')
    .addOption(libraryOption())
    .addOption(jsonOption())
    .action(listSearches);
  searches
    .command('save <name> <query>')
    .description('save a search under a name')
    .addOption(libraryOption())
    .addOption(jsonOption())
    .action(saveSearch);
  searches
    .command('remove <id|name>')
    .description('remove a saved search')
    .addOption(libraryOption())
    .action(removeSearch);
  searches
    .command('forget')
    .description('forget the recent searches')
    .addOption(libraryOption())
    .action(forgetSearches);
  return program;
};

/** Runs one command line. @returns the exit code: 0 done, 1 failed, 2 wrong usage */
export const main = async (args: readonly string[]): Promise<number> => {
  try {
    await build().parseAsync([...args], { from: 'user' });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (error instanceof NotAsked) {
      printError(...error.lines);
      return 1;
    }
    const shown = toAfterimageError(error);
    printError(`afterimage: ${shown.message}`, ...markedQuery(shown));
    return 1;
  }
};
