import { describe, expect, it } from 'vitest';
import { AfterimageError, HISTOGRAM_BINS, type Comparison, type Handlers } from '../../app/contract/index.ts';
import { ModelComparison } from './model-comparison.svelte.ts';
import { connect } from './test-engine.ts';

const comparisonOf = (models: readonly string[], query: string): Comparison => ({
  sides: models.map((id) => ({
    model: { id, name: id },
    tookMs: 1,
    query,
    total: 0,
    candidates: 0,
    literal: 0,
    sure: 0,
    histogram: Array.from({ length: HISTOGRAM_BINS }, () => 0),
    notes: [],
    results: [],
  })),
});

const comparisonOver = async (
  compare: Handlers<'models.compare'>['models.compare'] = ({ models, query }) => comparisonOf(models, query),
) => {
  const { engine } = await connect<'models.compare'>({ 'models.compare': compare });
  return new ModelComparison(engine);
};
const shown = ({ answer }: ModelComparison) => answer?.sides.map(({ model, query }) => [model.id, query]);

describe('ModelComparison', () => {
  it('asks both models, and nobody when there is nothing to ask', async () => {
    const comparison = await comparisonOver();
    await comparison.start(['a', 'b'], ' snow ');
    expect(shown(comparison)).toEqual([
      ['a', 'snow'],
      ['b', 'snow'],
    ]);
    await comparison.start(['a', 'b'], '  ');
    expect([comparison.answer, comparison.busy]).toEqual([null, false]);
  });

  it('lets models change places rather than compare one with itself', async () => {
    const comparison = await comparisonOver();
    await comparison.start(['a', 'b'], 'snow');
    await comparison.choose(0, 'b');
    expect(comparison.pair).toEqual(['b', 'a']);
    await comparison.choose(1, 'c');
    expect(shown(comparison)?.map(([id]) => id)).toEqual(['b', 'c']);
  });

  it('shows the answer to the newest question, whichever comes last', async () => {
    const waiting: (() => void)[] = [];
    const comparison = await comparisonOver(async ({ models, query }) => {
      if (query === 'slow') await new Promise<void>((resolve) => waiting.push(resolve));
      return comparisonOf(models, query);
    });
    const slow = comparison.start(['a', 'b'], 'slow');
    comparison.query = 'quick';
    await comparison.ask();
    for (const go of waiting) go();
    await slow;
    expect([shown(comparison)?.[0]?.[1], comparison.busy, comparison.problem]).toEqual(['quick', false, null]);
  });

  it('says why there is no answer, until there is one', async () => {
    let works = false;
    const comparison = await comparisonOver(({ models, query }) => {
      if (!works) throw new AfterimageError('no-model', '“b” has not seen your photos.');
      return comparisonOf(models, query);
    });
    await comparison.start(['a', 'b'], 'snow');
    expect(comparison.problem?.message).toBe('“b” has not seen your photos.');
    works = true;
    await comparison.ask();
    expect([comparison.problem, shown(comparison)?.length]).toEqual([null, 2]);
  });
});
