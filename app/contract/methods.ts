import { failureSchema } from './failures.ts';
import { z } from 'zod';
import { executionSchema, modelInfoSchema, modelsListSchema, upgradeReportSchema } from './models.ts';
import {
  checkSchema,
  comparisonSchema,
  duplicateGroupsSchema,
  evaluationSchema,
  folderListSchema,
  indexReportSchema,
  likenessSchema,
  markSchema,
  photoDetailsSchema,
  photoIdSchema,
  photoPageSchema,
  pictureSchema,
  queryTextSchema,
  restSchema,
  rootSchema,
  savedSearchSchema,
  searchesSchema,
  searchInputSchema,
  searchOutputSchema,
  settingsSchema,
  statusSchema,
  suiteSchema,
  valueCountsSchema,
} from './schemas.ts';
import { importReportSchema, userDataPartSchema, userDataSchema } from './user-data.ts';

/**
 * Who may call a method. `ui`: anybody, answered by the engine. `host`: only the program's own hosts, because it takes or
 * gives paths. `shell`: called by the UI, answered by the host it runs in.
 */
export type Audience = 'ui' | 'host' | 'shell';

const method = <A extends Audience, I extends z.ZodType, O extends z.ZodType>(audience: A, input: I, output: O) => ({
  audience,
  input,
  output,
});

const nothing = z.object({});
const page = z.object({ offset: z.int().nonnegative().default(0), limit: z.int().min(1).max(10_000).default(1000) });
const query = z.object({ query: queryTextSchema.min(1) });
const token = z.object({ token: z.string().min(1).max(128) });
const root = z.object({ id: z.string() });
const photoFile = z.object({ id: photoIdSchema, fileId: z.string().max(128).exactOptional() });
/** By its id or name; of the catalogue, by the entry's id. */
const model = z.object({ id: z.string().min(1).max(200) });
const bytes = z.number().nonnegative();
const photos = z.object({ ids: z.array(photoIdSchema).min(1).max(100_000) });
/** Files that it was done to, and those that it could not be done to. */
const outcome = z.object({ done: z.int().nonnegative(), failures: z.array(failureSchema) });
const absolutePath = z.object({ path: z.string().min(1) });

/** Every call there is: adding one is a line here and a function where it is answered. */
export const methods = {
  status: method('ui', nothing, statusSchema),
  /** Looks at everything a search depends on; with `repair`, mends what can be mended from what is left. */
  doctor: method('ui', z.object({ repair: z.boolean().default(false) }), z.object({ checks: z.array(checkSchema) })),

  'settings.get': method('ui', nothing, settingsSchema),
  'settings.change': method('ui', settingsSchema.partial(), settingsSchema),

  'roots.remove': method('ui', root, nothing),
  'roots.add': method('host', absolutePath, rootSchema),
  /** Paths of the library's folders: a host shows and hands on files below them only. */
  'roots.folders': method('host', nothing, z.object({ folders: z.array(z.string()) })),
  'roots.change': method(
    'ui',
    root.extend(rootSchema.pick({ paused: true, excludes: true, follow: true }).partial().shape),
    rootSchema,
  ),
  /** Takes a folder that was moved to be where it seems to be now (`movedTo`). */
  'roots.follow': method('ui', root, rootSchema),
  /** Takes a folder that was moved to be at a path. */
  'roots.relink': method('host', root.extend(absolutePath.shape), rootSchema),

  /** Approves a folder that the library names. Only what the person names or approves is ever looked at. */
  'roots.approve': method('ui', root, rootSchema),

  /**
   * Approves the library and opens it; with `everything`, its folders and models, too, as `status` shows them. Resolves when
   * it is open.
   */
  'library.approve': method('ui', z.object({ everything: z.boolean() }), nothing),
  /** Keeps the folders up to date from now on, for as long as the engine runs: by their events or by the clock. */
  'library.follow': method('host', nothing, nothing),
  /** Bytes on disk, by what they hold. */
  'library.size': method('ui', nothing, z.object({ database: bytes, thumbnails: bytes, other: bytes })),
  'library.export': method('ui', nothing, userDataSchema),
  /** Adds what an export holds, all or nothing; what is already marked here stays unless the export says otherwise. */
  'library.import': method('ui', userDataPartSchema, importReportSchema),

  /** Scans the folders and indexes what is new; resolves when nothing is left to do. A second call joins the first. */
  'index.run': method('ui', z.object({ rootIds: z.array(z.string()).optional() }), indexReportSchema),
  'index.pause': method('ui', nothing, nothing),
  'index.resume': method('ui', nothing, nothing),
  'index.cancel': method('ui', nothing, nothing),
  'index.failures': method('ui', page, z.object({ total: z.int(), failures: z.array(failureSchema) })),

  /** All photos, newest first. */
  'photos.page': method('ui', page, photoPageSchema),
  'photos.details': method('ui', z.object({ id: photoIdSchema }), photoDetailsSchema),
  /** A unique prefix of an id, a path, or a file name; null when the library has no such photo. */
  'photos.find': method('host', z.object({ photo: z.string() }), z.object({ id: photoIdSchema.nullable() })),
  /**
   * The file that shows the photo: its thumbnail, or a picture every browser can draw. Of a video, what it shows at a
   * second, or what stands for all of it where that cannot be read now.
   */
  'photos.file': method(
    'host',
    z.object({
      id: photoIdSchema,
      as: z.enum(['thumbnail', 'view', 'original']),
      at: z.number().nonnegative().optional(),
    }),
    z.object({ path: z.string(), mime: z.string() }),
  ),
  /** Marks photos; what is not given stays. */
  'photos.mark': method('ui', photos.extend(markSchema.partial().shape), nothing),
  /** Writes ratings and keywords to XMP files beside the photos; only ever when asked. */
  'photos.writeSidecars': method('ui', photos, outcome),
  /** Moves files to the system's trash; none is ever deleted. */
  'photos.trash': method('ui', z.object({ fileIds: z.array(z.string()).min(1).max(10_000) }), outcome),
  'photos.duplicates': method('ui', page.extend({ likeness: likenessSchema }), duplicateGroupsSchema),

  search: method('ui', searchInputSchema, searchOutputSchema),
  /** Loads the text tower ahead of the first words; answers when it is there, or cannot be. */
  'search.prepare': method('ui', nothing, nothing),
  /** Words of the query's sentences that make no difference to the model. */
  'search.unknownWords': method('ui', query, z.object({ words: z.array(z.string()) })),
  /** Tags among the photos that match (`match` ≥ ½), most frequent first. */
  'search.tags': method('ui', query.extend({ limit: z.int().min(1).max(200).default(24) }), valueCountsSchema),
  /** Values of a field in this library that begin with (or contain, at a word's beginning) what is written, most photos first. */
  'search.values': method(
    'ui',
    z.object({
      field: z.enum(['in', 'camera', 'lens', 'keyword', 'tag', 'name', 'type', 'after']),
      prefix: z.string().max(200),
      limit: z.int().min(1).max(100).default(8),
    }),
    valueCountsSchema,
  ),
  /** Makes a picture from outside the library usable in a query as `image:<token>`, for as long as a search needs it. */
  'pictures.add': method('host', absolutePath, pictureSchema),
  'pictures.file': method('host', token, z.object({ path: z.string(), mime: z.string() })),

  'searches.list': method('ui', nothing, searchesSchema),
  /** Saves a query under a name; with the id of a saved search, changes that one. */
  'searches.save': method('ui', savedSearchSchema.partial({ id: true }), savedSearchSchema),
  'searches.remove': method('ui', savedSearchSchema.pick({ id: true }), nothing),
  /** How many photos a saved search finds now: those with its words, and all that match (`match` ≥ ½) or that its tolerance keeps. */
  'searches.count': method('ui', savedSearchSchema.pick({ id: true }), z.object({ photos: z.int().nonnegative() })),
  /** Puts a query first among the recent ones. */
  'searches.remember': method('ui', query, nothing),
  /** Forgets the recent searches. */
  'searches.forget': method('ui', nothing, nothing),

  'models.list': method('ui', nothing, modelsListSchema),
  /** Takes a model from a folder as it lies there, or from an archive, which is unpacked. */
  'models.add': method('host', absolutePath, modelInfoSchema),
  /** Approves a model that the library names, as it lies in its folder now. */
  'models.approve': method('ui', model, modelInfoSchema),
  /** Fetches a model of the catalogue, or goes on with it; resolves when it is there and verified. A second call joins the first. */
  'models.download': method('ui', model, modelInfoSchema),
  /** Stops a download; what is there stays for the next call, unless it is to be dropped. */
  'models.stopDownload': method('ui', model.extend({ drop: z.boolean().default(false) }), nothing),
  /** Makes a model the library's own at once; photos without a vector of it are embedded by the next `index.run`, and found from then on. */
  'models.use': method('ui', model, modelInfoSchema),
  /**
   * Changes to another model without a gap: some photos are embedded with both, a map between the two spaces is fitted, and
   * the new model answers through it at once. `index.run` then embeds all others.
   */
  'models.upgrade': method(
    'ui',
    model.extend({ anchors: z.int().min(20).max(100_000).optional() }),
    upgradeReportSchema,
  ),
  /** Goes back to the model before the last upgrade, whose vectors are still there. */
  'models.rollback': method('ui', nothing, modelInfoSchema),
  /** Lets go of a model: its vectors in this library, and its files where this program has put them. */
  'models.remove': method('ui', model, nothing),
  /** Answers a query with two models that have seen the library. */
  'models.compare': method(
    'ui',
    z.object({
      models: z.tuple([z.string(), z.string()]),
      query: queryTextSchema.min(1),
      limit: z.int().min(1).max(1000).default(50),
    }),
    comparisonSchema,
  ),
  /** Tries all execution providers anew with the model in use. */
  'models.check': method('ui', nothing, executionSchema),

  evaluate: method(
    'host',
    z.object({
      captions: z.array(z.object({ file: z.string(), captions: z.array(z.string()) })),
      suite: suiteSchema.exactOptional(),
      /** Compares all operators and refinements on the suite. */
      operators: z.boolean().default(false),
      /** Fits `match` to these captions, for this library and model. */
      fit: z.boolean().default(false),
    }),
    evaluationSchema,
  ),
  /** Ends the engine once nobody else speaks to it; `ends` tells whether that is now. */
  shutdown: method('host', nothing, z.object({ ends: z.boolean() })),

  'shell.info': method(
    'shell',
    nothing,
    z.object({
      host: z.enum(['desktop', 'web']),
      nativeFolderDialog: z.boolean(),
      /** Whether files can be shown, opened, copied and dragged out. */
      fileActions: z.boolean(),
      /** The system's accent colour, `#rrggbb`; null where it has none, or nobody may know. */
      accent: z
        .string()
        .regex(/^#[0-9a-f]{6}$/u)
        .nullable(),
      /** Why indexing rests, where the host lets it; null otherwise. */
      rest: restSchema.nullable(),
    }),
  ),
  /** Opens the system's folder dialog; null when it was closed without a choice. */
  'shell.chooseFolder': method('shell', nothing, z.object({ folder: folderListSchema.nullable() })),
  /** Folders below the one the token stands for; without a token, where the person's pictures usually are. */
  'shell.listFolders': method('shell', token.partial(), folderListSchema),
  'shell.addFolder': method('shell', token, rootSchema),
  'shell.relinkFolder': method('shell', root.extend(token.shape), rootSchema),
  'shell.addModel': method('shell', token, modelInfoSchema),
  /** Shows a file of a photo in the system's file manager: the photo's own, or one of those that `photos.details` names. */
  'shell.reveal': method('shell', photoFile, nothing),
  /** Opens it in the program that the person uses for such files. */
  'shell.open': method('shell', photoFile, nothing),
  /** Puts the file itself on the clipboard, to be pasted in a file manager. */
  'shell.copyFile': method('shell', photoFile, nothing),
  /** Puts what the photo shows on the clipboard, to be pasted in a document. */
  'shell.copyPicture': method('shell', z.object({ id: photoIdSchema }), nothing),
  /** Goes on with a drag that began on the page as a drag of the file, to anywhere. */
  'shell.dragOut': method('shell', photoFile, nothing),
} as const;

export type MethodName = keyof typeof methods;
export type Input<M extends MethodName> = z.input<(typeof methods)[M]['input']>;
export type ParsedInput<M extends MethodName> = z.output<(typeof methods)[M]['input']>;
export type Output<M extends MethodName> = z.output<(typeof methods)[M]['output']>;

type WithAudience<A extends Audience> = {
  [M in MethodName]: (typeof methods)[M]['audience'] extends A ? M : never;
}[MethodName];
export type UiMethod = WithAudience<'ui' | 'shell'>;
export type EngineMethod = WithAudience<'ui' | 'host'>;
export type ShellMethod = WithAudience<'shell'>;

export const isMethodName = (name: string): name is MethodName => Object.hasOwn(methods, name);

/** One function per method; the signal aborts when the caller cancels or goes away. */
export type Handlers<M extends MethodName> = {
  readonly [K in M]: (input: ParsedInput<K>, signal: AbortSignal) => Promise<Output<K>> | Output<K>;
};
