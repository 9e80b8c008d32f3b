import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { evaluationSchema, indexReportSchema, searchOutputSchema } from '../../app/contract/index.ts';
import { runJson, temporaryFolder } from '../support/command-line.ts';
import { needsShared, sharedDir } from '../support/shared.ts';

const captionsSchema = z.array(z.object({ file: z.string(), captions: z.array(z.string()) }));

/** Text → image R@10 of mini-a on these photos as published with the model; the resizer accounts for ± 0.01. */
const PUBLISHED_R10 = 0.65;

describe.skipIf(sharedDir === undefined)(`the main job on real photos${needsShared}`, () => {
  const photos = join(sharedDir ?? '', 'photos', 'flickr8k-dev');
  let library = '';
  let remove: () => Promise<void>;
  beforeAll(async () => {
    [library, remove] = await temporaryFolder();
    const report = indexReportSchema.parse(
      await runJson('index', photos, '--model', join(sharedDir ?? '', 'models', 'mini-a'), '--library', library),
    );
    expect(report).toMatchObject({ indexed: 500, failed: 0, unchanged: 0 });
  });
  afterAll(() => remove());

  it('reaches the published recall', async () => {
    const evaluation = evaluationSchema.parse(
      await runJson('eval', join(photos, 'captions.json'), '--library', library),
    );
    expect(evaluation).toMatchObject({ photos: 500, captions: 2500 });
    expect(evaluation.textToImage.r10).toBeGreaterThanOrEqual(PUBLISHED_R10 - 0.01);
  });

  it('shows dogs in snow first', async () => {
    const captions = new Map(
      captionsSchema
        .parse(JSON.parse(readFileSync(join(photos, 'captions.json'), 'utf8')))
        .map((entry) => [entry.file, entry.captions.join(' ')]),
    );
    const { results } = searchOutputSchema.parse(
      await runJson('search', 'two dogs running in snow', '--library', library, '--limit', '5'),
    );
    const shown = results.map((result) => captions.get(result.path.split('/').at(-1) ?? '') ?? '');
    expect(shown[0]).toMatch(/dog/u);
    expect(shown[0]).toMatch(/snow/u);
    expect(shown.filter((text) => text.includes('dog') && text.includes('snow')).length).toBeGreaterThanOrEqual(3);
  });

  it('reads no pixel the second time', async () => {
    expect(await runJson('index', photos, '--library', library)).toMatchObject({ indexed: 0, unchanged: 500 });
  });

  it('refuses to mix models, and says what to do', async () => {
    await expect(
      runJson('index', photos, '--model', join(sharedDir ?? '', 'models', 'mini-b'), '--library', library),
    ).rejects.toThrow(/indexed with the model mini-a.*models use/su);
  });
});
