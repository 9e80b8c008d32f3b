import { describe, expect, it } from 'vitest';
import { AfterimageError, HISTOGRAM_BINS, type Handlers } from '../../app/contract/index.ts';
import { Sidecars } from './sidecars.svelte.ts';
import { connect } from './test-engine.ts';
import { idOf, photoCell } from './test-photos.ts';

const result = (id: string) => ({ ...photoCell(id), path: '', score: 0, match: 1, literal: false, why: [], at: null });
const answer = (count: number) => ({
  tookMs: 1,
  query: '',
  total: count,
  candidates: count,
  literal: 0,
  sure: 0,
  histogram: Array.from({ length: HISTOGRAM_BINS }, () => 0),
  notes: [],
  results: Array.from({ length: count }, (_, index) => result(idOf(index))),
});

describe('Sidecars', () => {
  it('finds what has stars, writes in messages of a bearable size, and adds up how it went', async () => {
    const sizes: number[] = [];
    const handlers: Handlers<'search' | 'photos.writeSidecars'> = {
      search: () => answer(12_000),
      'photos.writeSidecars': ({ ids }) => {
        sizes.push(ids.length);
        return { done: ids.length - 1, failures: [{ path: '/a.jpg', kind: 'unreadable', message: 'Read-only.' }] };
      },
    };
    const { engine } = await connect(handlers);
    const sidecars = new Sidecars(engine);
    await sidecars.askAll();
    expect([sidecars.ids?.length, sidecars.outcome, sizes]).toEqual([12_000, null, []]);
    await sidecars.write();
    expect(sizes).toEqual([10_000, 2000]);
    expect([sidecars.outcome?.done, sidecars.outcome?.failures.length]).toEqual([11_998, 2]);
  });

  it('says why nothing could be written', async () => {
    const { engine } = await connect<'photos.writeSidecars'>({
      'photos.writeSidecars': () => {
        throw new AfterimageError('disk-full', 'The disk is full.');
      },
    });
    const sidecars = new Sidecars(engine);
    sidecars.ask([idOf(1)]);
    await sidecars.write();
    expect([sidecars.problem, sidecars.outcome, sidecars.busy]).toEqual(['The disk is full.', null, false]);
  });
});
