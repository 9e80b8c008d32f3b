import { expect, it } from 'vitest';
import { starterModel } from '../../test/support/model-folders.ts';
import type { Upgrade } from '../contract/index.ts';
import { describeModel } from '../embed/model.ts';
import { Catalogue } from '../library/catalogue.ts';
import { ProgressMeter } from './progress.ts';
import { describe } from './status.ts';

it('tells nothing that an event has overtaken while it was looked up', async () => {
  const upgrades: { state: Upgrade | null } = {
    state: {
      from: { id: 'a', name: 'a' },
      to: { id: 'b', name: 'b' },
      phase: 'anchors',
      done: 0,
      total: 8,
      photosPerSecond: null,
      secondsLeft: null,
      anchors: 0,
      retention: null,
    },
  };
  const repairs: string[] = [];
  const told = await describe(
    {
      version: '1',
      paths: { directory: '/library' },
      manifest: {
        value: {
          format: 2,
          name: 'l',
          identity: null,
          roots: [],
          models: [],
          activeModel: null,
          curves: {},
          upgrade: null,
          settings: { excludes: [], graceDays: 30, provider: 'auto' },
        },
      },
      catalogue: new Catalogue(),
      store: { repairs },
      mended: [],
      roots: { list: () => [], notices: () => [] },
      models: {
        info: (model) => {
          // As the change is cancelled just then.
          upgrades.state = null;
          repairs.push('mended');
          return Promise.resolve({
            ...model,
            photos: 3,
            active: true,
            source: 'shipped',
            catalogue: null,
            licence: null,
            bytes: 1,
            photosPerSecond: null,
            awaiting: null,
          });
        },
        awaiting: [],
      },
      indexer: { meter: new ProgressMeter() },
      upgrades,
    },
    { answering: { model: await describeModel(starterModel), resident: { has: () => true } }, problem: null },
  );
  expect(told).toMatchObject({ upgrade: null, model: { photos: 3 }, notices: [{ message: 'mended' }] });
});
