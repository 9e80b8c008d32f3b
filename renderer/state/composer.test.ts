import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Composer, type Change } from './composer.svelte.ts';
import { newGesture } from './history.ts';

const id = (digit: string): string => digit.repeat(16);

/** A composer, and what it asked and said. */
const composing = () => {
  const asked: (readonly [query: string, change: Change])[] = [];
  const said: string[] = [];
  const composer: Composer = new Composer({
    changed: (change) => asked.push([composer.asked, change]),
    said: (text) => said.push(text),
  });
  return { composer, asked, said, queries: () => asked.map(([query]) => query) };
};

/** A composer to which these texts were entered one by one. */
const composed = (...texts: readonly string[]) => {
  const all = composing();
  for (const text of texts) {
    all.composer.type(text);
    all.composer.enter();
  }
  return all;
};

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('Composer', () => {
  it('searches live for a plain sentence, which becomes a term by Enter', () => {
    const { composer, asked } = composing();
    composer.type('dog on');
    composer.type('dog on the beach');
    expect(composer.query.terms).toEqual([]);
    expect(composer.enter()).toBe(true);
    expect(composer.query.terms).toHaveLength(1);
    expect(composer.draft).toBe('');
    expect(asked).toEqual([
      ['dog on', 'typed'],
      ['dog on the beach', 'typed'],
      ['dog on the beach', 'edited'],
    ]);
    expect(composer.enter()).toBe(false);
  });

  it('adds what is being typed to what is set, whatever it is', () => {
    const { composer } = composed('dog', '-people', `photo:${id('a')} rating:>=3`);
    composer.type('sunset mode:all');
    expect(composer.asked).toBe(`dog -people photo:${id('a')} sunset rating:>=3 mode:all`);
    expect(composer.text).toBe(composer.asked);
    composer.type('');
    expect(composer.asked).toBe(`dog -people photo:${id('a')} rating:>=3`);
  });

  it('takes back every gesture, one by one, to the empty box, and does it again', () => {
    const { composer } = composed('dog', '-cat');
    const states = ['dog -cat'];
    const gestures: readonly (() => void)[] = [
      () => composer.setWeight(0, 2, newGesture()),
      () => composer.toggleAvoid(1),
      () => composer.toggleRequired(1),
      () => composer.setMode('mix'),
      () => composer.setTolerance(0.4),
      () => composer.setSort('date', true),
      () => composer.mark(id('b'), true),
      () => composer.add({ kind: 'region', photo: { by: 'id', id: id('c') }, region: { x: 0, y: 0, w: 0.5, h: 1 } }),
      () => composer.blend(0, 1),
      () => composer.remove(0),
    ];
    for (const gesture of gestures) {
      gesture();
      expect(composer.asked).not.toBe(states.at(-1));
      states.push(composer.asked);
    }
    for (const state of states.toReversed()) {
      expect(composer.asked).toBe(state);
      expect(composer.text).toBe(state);
      composer.undo();
    }
    while (composer.canUndo) composer.undo();
    expect([composer.asked, composer.draft]).toEqual(['', '']);
    while (composer.canRedo) composer.redo();
    expect(composer.asked).toBe(states.at(-1));
  });

  it('takes back a whole drag in one step', () => {
    const { composer } = composed('dog');
    const drag = newGesture();
    for (const weight of [1.1, 1.4, 2, 2.5]) composer.setWeight(0, weight, drag);
    expect(composer.asked).toBe('dog^2.5');
    composer.undo();
    expect(composer.asked).toBe('dog');
    composer.redo();
    expect(composer.asked).toBe('dog^2.5');
  });

  it('keeps weights within their limits, and ignores what is no number', () => {
    const { composer } = composed('dog');
    for (const [weight, kept] of [
      [99, 4],
      [-1, 0.05],
      [Number.NaN, 0.05],
      [Infinity, 4],
    ] as const) {
      composer.setWeight(0, weight, newGesture());
      expect(composer.query.terms[0]?.weight).toBe(kept);
    }
  });

  it('keeps the last good query beside a text that cannot be read, and says where it fails', () => {
    const { composer, queries } = composed('dog');
    composer.write('dog camra:sony', newGesture());
    expect(composer.problem).toBeNull();
    vi.advanceTimersByTime(1000);
    expect(composer.problem).toMatchObject({ where: 'text', at: 4, suggestion: 'camera:' });
    expect([composer.text, composer.asked]).toEqual(['dog camra:sony', 'dog']);
    expect(queries().at(-1)).toBe('dog');
    composer.write('dog camera:sony', newGesture());
    expect([composer.problem, composer.asked]).toEqual([null, 'dog camera:sony']);
  });

  it('keeps the text as it is written, as long as nothing else changes the query', () => {
    const { composer } = composing();
    composer.write('dog   +  beach', newGesture());
    expect(composer.text).toBe('dog   +  beach');
    composer.setMode('all');
    expect(composer.text).toBe(composer.asked);
    expect(composer.asked).toMatch(/mode:all$/u);
  });

  it.each([
    ['contradictions', 'dog -dog', /both wanted and avoided/u],
    ['40 terms', Array.from({ length: 40 }, (_, index) => `"${String(index)}"`).join(' '), /24|40/u],
    ['weights without a number', 'dog^NaN', /weight/u],
    ['weights beyond every number', 'dog^1e999', /weight/u],
    ['parts without a size', `photo:${id('a')}#0.1,0.1,0,0.5`, /size/u],
    ['parts outside of the photo', `photo:${id('a')}#0.9,0.1,0.5,0.5`, /outside/u],
  ])('says what is wrong with %s, in the box and in a link, and loses nothing', (_what, text, message) => {
    const { composer } = composed('sea');
    composer.type(text);
    vi.advanceTimersByTime(1000);
    expect(composer.problem?.message).toMatch(message);
    expect(composer.enter()).toBe(false);
    expect([composer.draft, composer.asked]).toEqual([text, 'sea']);

    composer.load(text);
    expect(composer.problem?.message).toMatch(message);
    expect([composer.draft, composer.asked]).toEqual([text, 'sea']);
    while (composer.problem !== null) composer.undo();
    expect(composer.asked).toBe('sea');
  });

  it('finds contradictions between what is set and what is typed, and lets them be undone', () => {
    const { composer } = composed('dog', 'cat');
    composer.type('-dog');
    expect(composer.problem?.message).toMatch(/both wanted and avoided/u);
    expect(composer.asked).toBe('dog +cat');
    composer.type('');
    expect(composer.problem).toBeNull();
  });

  it('opens a link that is pasted into the box, and mends nothing that is damaged', () => {
    const { composer } = composing();
    composer.type('afterimage://search?q=dog%20-cat%5E2');
    expect([composer.asked, composer.draft]).toEqual(['dog -cat^2', '']);
    composer.type('afterimage://search?q=%E0%A4%A');
    expect(composer.problem?.where).toBe('draft');
    expect(composer.asked).toBe('dog -cat^2');
  });

  it('marks photos in visible terms, moves them to the other side, and takes the mark away', () => {
    const { composer, said } = composed('dog');
    composer.mark(id('a'), true);
    composer.mark(id('b'), true);
    composer.mark(id('a'), false);
    expect(composer.asked).toBe(`dog like:${id('b')} unlike:${id('a')}`);
    composer.mark(id('b'), true);
    expect(composer.asked).toBe(`dog unlike:${id('a')}`);
    expect(said.slice(-2)).toEqual(['Less like this photo.', 'Mark taken away.']);
  });

  it('offers to avoid what a sentence only mentions, and does it only when told', () => {
    const { composer } = composed('beach without people');
    expect(composer.asked).toBe('beach without people');
    composer.accept();
    expect(composer.asked).toBe('beach -people');
    expect(composer.offer).toBeNull();
    composer.undo();
    expect(composer.asked).toBe('beach without people');
  });

  it('blends two terms into one that slides, and parts them again', () => {
    const { composer } = composed('summer', 'snow', '-people');
    composer.blend(0, 1);
    expect(composer.asked).toBe('slide:(summer, snow)@0.5 -people');
    composer.part(0);
    expect(composer.query.terms.map(({ atom }) => atom.kind === 'words' && atom.words)).toEqual([
      'summer',
      'snow',
      'people',
    ]);
    composer.blend(1, 0);
    expect(composer.asked).toBe('slide:(snow, summer)@0.5 -people');
  });

  it('asks for “this, but … instead of …”', () => {
    const { composer } = composing();
    composer.analogy({ kind: 'photo', photo: { by: 'id', id: id('a') }, look: null }, 'day', ' night ');
    expect(composer.asked).toBe(`photo:${id('a')} -day +night`);
  });

  it('clears everything, and brings it back', () => {
    const { composer, asked } = composed('dog');
    composer.type('cat');
    composer.clear();
    expect(asked.at(-1)).toEqual(['', 'new']);
    expect(composer.empty).toBe(true);
    composer.undo();
    expect([composer.asked, composer.draft]).toEqual(['dog +cat', 'cat']);
  });
});
