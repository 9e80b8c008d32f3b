import { execFileSync } from 'node:child_process';
import { chmod, copyFile, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { indexReportSchema, searchOutputSchema } from '../../app/contract/index.ts';
import { ownData, finished, programs, run, runJson, start, temporaryFolder } from '../support/command-line.ts';
import { paint, writeMany, writePaintings } from '../support/paintings.ts';
import { hugePng } from '../support/huge-png.ts';

let folder = '';
let photos = '';
let library = '';
let remove: () => Promise<void>;
beforeEach(async () => {
  [folder, remove] = await temporaryFolder();
  photos = join(folder, 'photos');
  library = join(folder, 'library');
  await mkdir(photos);
});
afterEach(() => remove());

const index = async () => indexReportSchema.parse(await runJson('index', photos, '--library', library));
const picture = (): Sharp => paint(64, 48, (x, y) => [255 * x, 255 * y, 128]);
const isRoot = process.getuid?.() === 0;

describe('files that are no good photos', () => {
  it('names each with its reason, and indexes the rest', async () => {
    const jpeg = await paint(640, 480, (x, y) => [
      255 * x,
      255 * y,
      255 * Math.abs(Math.sin(x * 40) * Math.cos(y * 30)),
    ])
      .jpeg()
      .toBuffer();
    await writeFile(join(photos, 'good.jpg'), jpeg);
    await writeFile(join(photos, 'empty.jpg'), '');
    await writeFile(join(photos, 'truncated.jpg'), jpeg.subarray(0, Math.floor(jpeg.length / 2)));
    await writeFile(join(photos, 'text.jpg'), 'Dear diary, today I took no photo.');
    await writeFile(join(photos, 'huge.png'), hugePng(30_000, 30_000));
    const { failures, indexed } = await index();
    expect(indexed).toBe(1);
    const reasons = new Map(failures.map((failure) => [failure.path, failure]));
    expect(reasons.get(join(photos, 'empty.jpg'))).toMatchObject({ kind: 'empty' });
    expect(reasons.get(join(photos, 'truncated.jpg'))).toMatchObject({ kind: 'truncated' });
    expect(reasons.get(join(photos, 'text.jpg'))).toMatchObject({ kind: 'not-an-image' });
    expect(reasons.get(join(photos, 'huge.png'))).toMatchObject({
      kind: 'too-large',
      message: expect.stringMatching(/30.?000/u),
    });
    expect(failures).toHaveLength(4);

    const { stdout } = await run('status', '--library', library);
    for (const name of ['empty.jpg', 'truncated.jpg', 'text.jpg', 'huge.png']) expect(stdout).toContain(name);
    expect(await index()).toMatchObject({ indexed: 0, unchanged: 1, failed: 4 });
  });

  it('takes a file back that was mended', async () => {
    await writeFile(join(photos, 'a.jpg'), '');
    expect(await index()).toMatchObject({ indexed: 0, failed: 1 });
    await picture().jpeg().toFile(join(photos, 'a.jpg'));
    expect(await index()).toMatchObject({ indexed: 1, failed: 0 });
  });

  it('reads CMYK, 16-bit, grey, transparent and animated pictures', async () => {
    await picture().toColourspace('cmyk').jpeg().toFile(join(photos, 'cmyk.jpg'));
    await picture().toColourspace('rgb16').png().toFile(join(photos, 'sixteen.png'));
    await picture().toColourspace('rgb16').tiff().toFile(join(photos, 'sixteen.tif'));
    await picture().toColourspace('b-w').png().toFile(join(photos, 'grey.png'));
    await picture().ensureAlpha(0.4).png().toFile(join(photos, 'transparent.png'));
    await picture().avif().toFile(join(photos, 'modern.avif'));
    const frames = await Promise.all(
      [0, 80, 160].map((shade) =>
        paint(64, 48, () => [shade, 255 - shade, shade])
          .png()
          .toBuffer(),
      ),
    );
    await sharp(frames, { join: { animated: true } })
      .gif()
      .toFile(join(photos, 'animated.gif'));
    await sharp(frames, { join: { animated: true } })
      .webp()
      .toFile(join(photos, 'animated.webp'));
    expect(await index()).toMatchObject({ indexed: 8, failed: 0, failures: [] });
    const { results } = searchOutputSchema.parse(await runJson('search', 'green', '--library', library));
    for (const { width, height } of results) expect([width, height]).toEqual([64, 48]);
  });

  it('copes with any name', async () => {
    const names = [
      '😀 🏔️.jpg',
      'two\nlines.jpg',
      '\u202Egpj.עברית.jpg',
      `it's "so" $(quoted);.jpg`,
      '-rf.jpg',
      'a'.repeat(200) + '.jpg',
    ];
    for (const name of names) await picture().modulate({ hue: name.length }).jpeg().toFile(join(photos, name));
    const report = await index();
    expect(report).toMatchObject({ failed: 0 });
    expect(report.indexed).toBe(names.length);
    for (const name of names) expect(await runJson('similar', join(photos, name), '--library', library)).toBeDefined();
  });

  it.runIf(process.platform !== 'win32')(
    'is not held up by a pipe, a folder with the name of a picture, or a link out of the root',
    async () => {
      await picture().jpeg().toFile(join(photos, 'good.jpg'));
      await mkdir(join(photos, 'album.jpg'));
      await picture()
        .negate()
        .jpeg()
        .toFile(join(photos, 'album.jpg', 'inside.jpg'));
      execFileSync('mkfifo', [join(photos, 'pipe.jpg')]);
      await writeFile(join(folder, 'private.jpg'), await picture().jpeg().toBuffer());
      await symlink(join(folder, 'private.jpg'), join(photos, 'link.jpg'));
      const { indexed, failures } = await index();
      expect(indexed).toBe(2);
      expect(failures.map((failure) => [failure.path, failure.kind]).sort()).toEqual([
        [join(photos, 'album.jpg'), 'not-a-file'],
        [join(photos, 'pipe.jpg'), 'not-a-file'],
      ]);
    },
  );

  it.runIf(process.platform !== 'win32')('names a file that it may not read, and reads it once it may', async () => {
    await picture().jpeg().toFile(join(photos, 'mine.jpg'));
    await picture().negate().jpeg().toFile(join(photos, 'closed.jpg'));
    await chmod(join(photos, 'closed.jpg'), 0);
    await chmod(folder, 0o755);
    // Root may read everything, so the indexing runs as nobody there.
    const as = isRoot ? { uid: 65_534, gid: 65_534 } : {};
    if (isRoot) execFileSync('chown', ['-R', '65534:65534', folder]);
    const indexAs = () =>
      JSON.parse(
        execFileSync(process.execPath, [join(programs, 'cli.js'), 'index', photos, '--library', library, '--json'], {
          ...as,
          // Nobody has a home of its own to keep approvals in.
          env: { ...process.env, ...ownData(folder) },
          encoding: 'utf8',
          stdio: ['ignore', 'pipe', 'inherit'],
        }),
      ) as unknown;
    const report = indexReportSchema.parse(indexAs());
    expect(report).toMatchObject({
      indexed: 1,
      failed: 1,
      failures: [{ path: join(photos, 'closed.jpg'), kind: 'unreadable' }],
    });
    await chmod(join(photos, 'closed.jpg'), 0o600);
    expect(indexReportSchema.parse(indexAs())).toMatchObject({ indexed: 1, unchanged: 1, failed: 0 });
  });
});

describe('folders that go away', () => {
  it('calls a folder offline when it vanishes, keeps its photos, and goes on when it is back', async () => {
    await writePaintings(photos);
    const before = await index();
    const away = join(folder, 'away');
    execFileSync('mv', [photos, away]);
    const { code, stdout } = await run('index', photos, '--library', library);
    expect(code).toBe(1);
    expect(stdout).toContain(`${String(before.indexed)} offline`);
    expect(await runJson('status', '--library', library)).toMatchObject({
      library: { photos: before.indexed },
      roots: [{ state: 'offline' }],
    });
    expect(searchOutputSchema.parse(await runJson('search', 'red', '--library', library)).total).toBe(before.indexed);
    execFileSync('mv', [away, photos]);
    expect(await index()).toMatchObject({ indexed: 0, unchanged: before.indexed, removed: 0 });
  });

  it('loses nothing when a folder vanishes while it is read', async () => {
    const names = await writeMany(photos, 400);
    const running = start('index', photos, '--library', library, '--json');
    await expect
      .poll(() => readFile(join(library, 'library.json'), 'utf8').catch(() => ''), { timeout: 30_000 })
      .toContain(photos);
    await new Promise((resolve) => setTimeout(resolve, 300));
    execFileSync('mv', [photos, join(folder, 'away')]);
    const { stdout } = await finished(running);
    const report = indexReportSchema.parse(JSON.parse(stdout));
    expect(report.failed).toBe(0);
    execFileSync('mv', [join(folder, 'away'), photos]);
    const after = await index();
    expect(after).toMatchObject({ failed: 0, removed: 0 });
    expect(report.indexed + after.indexed).toBe(names.length);
  });
});

describe('libraries and models that cannot be used', () => {
  it('refuses a library of a newer program and a damaged one, and changes neither', async () => {
    await mkdir(library);
    for (const [text, reason] of [
      ['{"format":99}', /newer Afterimage.*Update/su],
      ['{"format":', /library\.json is damaged/u],
    ] as const) {
      await writeFile(join(library, 'library.json'), text);
      const { code, stderr } = await run('status', '--library', library);
      expect(code).toBe(1);
      expect(stderr).toMatch(reason);
      expect(await readFile(join(library, 'library.json'), 'utf8')).toBe(text);
    }
  });

  it('does not take a folder of photos for a library', async () => {
    await writePaintings(photos);
    const { code, stderr } = await run('index', photos, '--library', photos);
    expect(code).toBe(1);
    expect(stderr).toContain('not empty');
  });

  it('names what a model folder lacks, or what is wrong with it', async () => {
    await writePaintings(photos);
    const model = join(folder, 'model');
    const original = join(programs, '..', '..', 'models', 'starter');
    const files = [
      'config.json',
      'preprocessor_config.json',
      'tokenizer.json',
      'tokenizer_config.json',
      'onnx/text_model.onnx',
      'onnx/vision_model.onnx',
    ];
    const fresh = async (): Promise<void> => {
      await rm(model, { recursive: true, force: true });
      await mkdir(join(model, 'onnx'), { recursive: true });
      for (const file of files) await copyFile(join(original, file), join(model, file));
    };
    const attempt = () => run('index', photos, '--model', model, '--library', library);
    for (const file of [
      'preprocessor_config.json',
      'tokenizer.json',
      'onnx/vision_model.onnx',
      'onnx/text_model.onnx',
    ]) {
      await fresh();
      await rm(join(model, file));
      const { code, stderr } = await attempt();
      expect(code).toBe(1);
      expect(stderr).toContain(file);
    }
    await fresh();
    await copyFile(join(model, 'onnx/text_model.onnx'), join(model, 'onnx/vision_model.onnx'));
    const swapped = await attempt();
    expect(swapped.code).toBe(1);
    expect(swapped.stderr).toMatch(/vision_model\.onnx/u);
  });
});
