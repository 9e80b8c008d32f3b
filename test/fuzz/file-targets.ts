import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describeModel, type Model } from '../../app/embed/model.ts';
import { Tokenizer } from '../../app/embed/tokenizer.ts';
import { unpackModel } from '../../app/hub/archive.ts';
import { libraryPaths, noIdentity, openManifest, readSpare } from '../../app/store/manifest.ts';
import { tarOf, zipOf } from '../support/archives.ts';
import { changedModel, starterModel } from '../support/model-folders.ts';
import type { Target } from './target.ts';
import { isOfKind } from './text-targets.ts';
import { JSON_WORDS } from './words.ts';

const rooms: string[] = [];

/** A folder for the files of one target. */
const roomOf = (name: string): string => {
  const folder = mkdtempSync(join(tmpdir(), `afterimage-fuzz-${name}-`));
  rooms.push(folder);
  return folder;
};

/** Removes the files of all targets. */
export const removeRooms = (): void => {
  for (const room of rooms.splice(0)) rmSync(room, { recursive: true, force: true });
};

const library = (): Target => {
  const paths = libraryPaths(join(roomOf('library'), 'library'));
  const sound = {
    format: 2,
    name: 'library',
    roots: [{ id: '22801e86a954', path: '/photos', device: '1', inode: '2', excludes: ['*.png'], follow: 'watch' }],
    models: [{ id: 'm', name: 'm', directory: '/m', kind: 'full', layout: 'immich', dimension: 512, fingerprint: 'f' }],
    activeModel: 'm',
    curves: { m: { a: 1, b: 2 } },
    upgrade: { from: 'm', to: 'n', anchors: 3, retention: 0.5, isAnswering: true },
    settings: { excludes: [], graceDays: 30, provider: 'auto' },
  };
  return {
    name: 'library',
    watched: ['/app/store/', '/app/base/'],
    seeds: () =>
      Promise.resolve([
        Buffer.from(JSON.stringify(sound)),
        Buffer.from('{"format":1,"name":"a","roots":[],"models":[],"activeModel":null}'),
      ]),
    dictionary: [
      ...JSON_WORDS,
      '"format"',
      '"roots"',
      '"models"',
      '"directory"',
      '"excludes"',
      '"curves"',
      '"upgrade"',
      '"settings"',
    ],
    run: async (input) => {
      await mkdir(join(paths.spareManifest, '..'), { recursive: true });
      await writeFile(paths.spareManifest, input);
      await readSpare(paths);
      await writeFile(paths.manifest, input);
      await openManifest(paths, noIdentity);
    },
    isDeclared: isOfKind('library-damaged', 'library-newer', 'unreadable'),
    tested: 375,
  };
};

const archives = (): Target => {
  const folder = roomOf('archives');
  const models = join(folder, 'models');
  const things = [
    { path: 'model/', kind: 'folder' as const },
    { path: 'model/config.json', content: Buffer.from('{"a":1}'.repeat(20)) },
    { path: 'model/onnx/b.onnx', content: Buffer.alloc(600) },
  ];
  return {
    name: 'archives',
    watched: ['/app/hub/'],
    seeds: () =>
      Promise.resolve([
        zipOf(things),
        tarOf(things),
        gzipSync(tarOf(things)),
        zipOf([{ path: 'config.json', content: Buffer.from('{}'), isStored: true }]),
      ]),
    dictionary: [
      'PK\x01\x02',
      'PK\x03\x04',
      'PK\x05\x06',
      'PK\x06\x06',
      'PK\x06\x07',
      '../',
      '/',
      '\\',
      '\0',
      'ustar',
      '\xff\xff\xff\xff',
      '\xff\xff',
      '././@LongLink',
      'config.json',
      '17 path=../../../x\n',
    ],
    run: async (input) => {
      const ending = input.toString('latin1', 0, 2) === 'PK' ? 'zip' : input[0] === 0x1f ? 'tgz' : 'tar';
      const path = join(folder, `packed.${ending}`);
      await writeFile(path, input);
      try {
        await unpackModel(path, { models, freeBytes: () => Promise.resolve(2 ** 30) });
      } finally {
        // Whatever came of it: nothing lies beside the folder of models.
        const beside = (await readdir(folder)).filter((name) => !name.startsWith('packed.'));
        assert.deepEqual(beside, ['models']);
        await rm(models, { recursive: true, force: true });
        await rm(path, { force: true });
      }
    },
    isDeclared: isOfKind('model-invalid', 'invalid-request', 'disk-full', 'unreadable'),
    tested: 125,
  };
};

const SEPARATOR = '\0';
const MODEL_FILES = ['config.json', 'preprocessor_config.json', 'tokenizer_config.json'] as const;

const modelFolder = (): Target => {
  const folder = roomOf('model');
  const model = join(folder, 'model');
  const cache = join(folder, 'fingerprints.json');
  return {
    name: 'model',
    watched: ['/app/embed/model', '/app/embed/preprocessing'],
    seeds: async () => {
      await changedModel(model, {});
      const files = await Promise.all(MODEL_FILES.map((file) => readFile(join(starterModel, file), 'utf8')));
      return [Buffer.from(files.join(SEPARATOR))];
    },
    dictionary: [
      ...JSON_WORDS,
      SEPARATOR,
      '"siglip"',
      '"projection_dim"',
      '"hidden_size"',
      '"max_position_embeddings"',
      '"crop_size"',
      '"shortest_edge"',
      '"afterimage"',
      '"do_center_crop"',
      '"resample"',
      '"model_max_length"',
    ],
    run: async (input) => {
      const texts = input.toString().split(SEPARATOR);
      for (const [index, file] of MODEL_FILES.entries()) await writeFile(join(model, file), texts[index] ?? '');
      const { dimension, preprocessing, textRules } = await describeModel(model, { cache });
      // What a tower takes and gives is bounded, whatever a folder says.
      assert.ok(dimension <= 8192 && textRules.contextLength <= 4096, 'A model of absurd size.');
      assert.ok(Math.max(preprocessing.crop.width, preprocessing.crop.height) <= 2048, 'Pictures of absurd size.');
    },
    isDeclared: isOfKind('model-invalid'),
    tested: 200,
  };
};

const tokenizer = (): Target => {
  const folder = roomOf('tokenizer');
  const path = join(folder, 'tokenizer.json');
  const config = join(folder, 'tokenizer_config.json');
  let model: Model;
  return {
    name: 'tokenizer',
    watched: ['/app/embed/tokenizer'],
    seeds: async () => {
      model = { ...(await describeModel(starterModel)), tokenizer: path, tokenizerConfig: config };
      await writeFile(config, await readFile(join(starterModel, 'tokenizer_config.json')));
      // With few words: what the program does is the same, and sooner done.
      const json = JSON.parse(await readFile(join(starterModel, 'tokenizer.json'), 'utf8')) as TokenizerJson;
      const { vocab } = json.model;
      const kept = Object.fromEntries(
        Object.entries(vocab).filter(([word], index) => index < 60 || word.startsWith('<') || word.startsWith('[')),
      );
      return [Buffer.from(JSON.stringify({ ...json, model: { ...json.model, vocab: kept } }))];
    },
    dictionary: [
      ...JSON_WORDS,
      '"type"',
      '"BPE"',
      '"Unigram"',
      '"WordPiece"',
      '"Split"',
      '"Regex"',
      '"Sequence"',
      '"Replace"',
      '"Precompiled"',
      '"merges"',
      '"vocab"',
      '"added_tokens"',
      '(a+)+$',
      '[',
      '\\p{L}',
    ],
    run: async (input) => {
      await writeFile(path, input);
      (await Tokenizer.load(model)).encode(['a photo of two dogs in the snow', '']);
    },
    isDeclared: isOfKind('model-invalid'),
    tested: 375,
  };
};

/** As far as it is looked at here: of the starter model's own tokenizer. */
interface TokenizerJson {
  readonly model: { readonly vocab: Readonly<Record<string, number>> };
}

export const fileTargets = (): readonly Target[] => [library(), archives(), modelFolder(), tokenizer()];
