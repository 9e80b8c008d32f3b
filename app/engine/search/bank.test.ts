import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ResidentVectors } from '../../embed/resident.ts';
import { hubOf, HUB_SHARE } from '../../space/hubs.ts';
import { dot } from '../../space/vector.ts';
import { Bank } from './bank.ts';

const graph = join(import.meta.dirname, '..', '..', '..', 'models', 'columns.onnx');

const axis = (place: number): Float32Array => Float32Array.from({ length: 4 }, (_, i) => (i === place ? 1 : 0));
const [first, second, third] = [axis(0), axis(1), axis(2)];
/** The empty text, then two words. */
const texts = ['', 'first', 'second'];
const vectors = Float32Array.from([...axis(3), ...first, ...second]);
/** What a photo's hub term is, whatever happened before. */
const hubFor = (photo: Float32Array): number =>
  HUB_SHARE * hubOf(Float32Array.from([first, second], (word) => dot(word, photo)));

let resident: ResidentVectors;
const bankOf = (): Bank => {
  const bank = Bank.of(texts, vectors, resident, new Map());
  if (bank === null) throw new Error('The words say nothing.');
  return bank;
};

beforeAll(async () => {
  resident = await ResidentVectors.create(4, graph, 1);
});
afterAll(() => resident.release());

describe('the bank', () => {
  it('compares a photo that is edited in the middle of it anew, and stores what it looks like now only', async () => {
    resident.put('photo', [{ vector: first, at: null }]);
    resident.put('other', [{ vector: second, at: null }]);
    const bank = bankOf();
    const underWay = bank.facts(2);
    // The comparison has begun with the next turn.
    await Promise.resolve();
    await Promise.resolve();
    resident.put('photo', [{ vector: third, at: null }]);
    bank.forget('photo');
    const before = await underWay;
    expect(before.hubs.every(Number.isFinite)).toBe(true);
    expect(Number.isFinite(before.usual.mean)).toBe(true);
    const { hubs } = await bank.facts(2);
    expect(hubs[0]).toBeCloseTo(hubFor(third));
    expect(hubs[1]).toBeCloseTo(hubFor(second));
    expect(bank.takeUnsaved().map(({ photoId }) => photoId)).toEqual(['other', 'photo']);
  });

  it('forgets what was to be stored of a photo that is edited afterwards', async () => {
    resident.put('photo', [{ vector: first, at: null }]);
    const bank = bankOf();
    await bank.facts(2);
    resident.put('photo', [{ vector: third, at: null }]);
    bank.forget('photo');
    expect(bank.takeUnsaved().map(({ photoId }) => photoId)).toEqual(['other']);
    expect((await bank.facts(2)).hubs[0]).toBeCloseTo(hubFor(third));
  });
});
