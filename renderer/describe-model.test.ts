import { describe, expect, it } from 'vitest';
import type { Download, Upgrade } from '../app/contract/index.ts';
import {
  describeDownload,
  describeOutcome,
  describeQuality,
  describeRetention,
  describeSeen,
  figuresOf,
  formatRate,
  nameOfModel,
  purposeOf,
} from './describe-model.ts';
import { modelInfo, offer } from './state/test-models.ts';

const download: Download = {
  id: 'a',
  state: 'running',
  done: 210e6,
  total: 663e6,
  bytesPerSecond: 12e6,
  secondsLeft: 38,
  problem: null,
};
const upgrade: Upgrade = {
  from: { id: 'a', name: 'A' },
  to: { id: 'b', name: 'B' },
  phase: 'mapped',
  done: 120,
  total: 4000,
  photosPerSecond: 9.94,
  secondsLeft: 390,
  anchors: 200,
  retention: 0.87,
};

describe('models in words', () => {
  it('names the starter for what it is, and takes the purpose from the catalogue', () => {
    expect(nameOfModel({ kind: 'starter', name: 'starter-v2' })).toBe('Starter model');
    const known = modelInfo('x', { catalogue: 'a' });
    expect(purposeOf(known, [offer('b', { purpose: 'No.' }), offer('a', { purpose: 'Finds all.' })])).toBe(
      'Finds all.',
    );
    expect(purposeOf(modelInfo('x'), [offer('a')])).toMatch(/^Finds what is in your photos/u);
    expect(purposeOf(modelInfo('x', { kind: 'starter' }), [])).toMatch(/does not know the names of things/u);
  });

  it('says how good a model is in tries, and gives the figures that were published', () => {
    const figures = { imagenet: 63.3, cocoTextToImage: 30.4, flickrTextToImage: null, xm3600TextToImage: null };
    const entry = offer('a', { figures });
    expect(describeQuality(entry)).toBe(
      'Picks the right one of 5,000 photos at the first try for 30 of 100 descriptions.',
    );
    expect(figuresOf(entry).map(([, percent]) => percent)).toEqual(['30.4 %', '63.3 %']);
    expect([describeQuality(offer('b')), figuresOf(offer('b'))]).toEqual([null, []]);
  });

  it('says how far a download is', () => {
    expect(describeDownload(download)).toBe('210 MB of 663 MB · 12 MB a second · about 40 seconds left');
    expect(describeDownload({ ...download, state: 'paused' })).toBe('210 MB of 663 MB · paused');
    expect(describeDownload({ ...download, total: 0, bytesPerSecond: null, secondsLeft: null })).toBe('210 MB');
  });

  it('says how far a change of models is, and what it is worth', () => {
    expect(describeSeen(upgrade)).toBe('120 of 4,000 photos · 9.9 a second · about 7 minutes left');
    expect(describeSeen({ ...upgrade, photosPerSecond: 0, done: 4000 })).toBe('4,000 of 4,000 photos');
    expect(describeSeen({ ...upgrade, phase: 'anchors', done: 0, total: 0 })).toMatch(/^Finding out how it runs/u);
    expect(describeRetention(0.87, 'B')).toMatch(/^About 9 of the 10 .* \(87% measured\)\.$/u);
    expect(formatRate(1234)).toBe('1,234 photos a second');
  });

  it('has a sentence of its own for each outcome', () => {
    const report = { anchors: 1, retention: null, seconds: 1, dimOld: 1, dimNew: 1 };
    const outcomes = ['mapped', 'same-space', 'below-floor', 'embedded'] as const;
    expect(new Set(outcomes.map((outcome) => describeOutcome({ ...report, outcome }, 'B'))).size).toBe(4);
  });
});
