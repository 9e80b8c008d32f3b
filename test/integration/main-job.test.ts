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

  it('composes better than vector arithmetic, and knows how sure it is', async () => {
    const { composed, calibration, operators, refinements } = evaluationSchema
      .required()
      .omit({ fitted: true })
      .parse(
        await runJson(
          'eval',
          join(photos, 'captions.json'),
          '--suite',
          join(photos, 'composed.json'),
          '--operators',
          '--library',
          library,
        ),
      );
    const gain = (kind: string): number => (composed[kind]?.mAP ?? 0) / (operators.mix?.[kind]?.mAP ?? Infinity) - 1;
    expect(gain('A and B')).toBeGreaterThanOrEqual(0.09);
    expect(gain('A not B')).toBeGreaterThanOrEqual(0.2);
    expect(gain('photo - B + C')).toBeGreaterThanOrEqual(0.12);
    expect(composed['photo - B + C']?.n).toBe(120);
    expect(calibration.ece).toBeLessThanOrEqual(Math.min(0.08, calibration.baseRateEce / 2));
    const [plain] = refinements;
    const chosen = refinements.find((refinement) => refinement.chosen);
    expect(chosen?.textToImage.r10).toBeGreaterThanOrEqual((plain?.textToImage.r10 ?? 1) - 0.005);
  });

  it('fits how sure a match is to captions, for good', async () => {
    const fit = async (...flags: readonly string[]) =>
      evaluationSchema.parse(await runJson('eval', join(photos, 'captions.json'), ...flags, '--library', library));
    const { fitted } = await fit('--fit');
    expect(fitted?.slope).toBeGreaterThan(0.5);
    expect(fitted?.middle).toBeGreaterThan(1);
    const { curves } = z
      .object({ curves: z.record(z.string(), z.unknown()) })
      .parse(JSON.parse(readFileSync(join(library, 'library.json'), 'utf8')));
    expect(Object.values(curves)).toEqual([fitted]);
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
