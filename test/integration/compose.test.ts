import { copyFile, mkdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Client, SearchOutput } from '../../app/contract/index.ts';
import type { Connection } from '../../main/engine/connect.ts';
import { readHolder } from '../../main/engine/lock.ts';
import { connectBuilt } from '../support/built.ts';
import { temporaryFolder } from '../support/command-line.ts';
import { isRunning } from '../support/engine-process.ts';
import { paint, writePaintings } from '../support/paintings.ts';

let folder = '';
let photos = '';
let remove: () => Promise<void>;
let connection: Connection;
let client: Client;

const open = async (): Promise<void> => {
  connection = await connectBuilt(join(folder, 'library'));
  ({ client } = connection);
};

/** As another way to write é: e with an accent of its own, which is how some disks name files. */
const APART = 'Cafe\u0301';

const NAMES: string[] = [];

beforeAll(async () => {
  [folder, remove] = await temporaryFolder();
  photos = join(folder, 'photos');
  NAMES.push(...(await writePaintings(photos)));
  // Blue and red, and named after something that it does not show.
  await paint(480, 320, (x) => (x < 0.5 ? [30, 60, 200] : [200, 25, 25])).toFile(join(photos, 'yellow boat.png'));
  await mkdir(join(photos, APART));
  await paint(320, 480, () => [120, 60, 20]).toFile(join(photos, APART, `${APART}.png`));
  NAMES.push('yellow boat.png', `${APART}.png`);
  await open();
  await client.call('models.use', { id: 'starter' });
  await client.call('roots.add', { path: photos });
  await client.call('index.run', {});
});
afterAll(async () => {
  await connection.close();
  await remove();
});

const search = (query: string, page: { limit?: number; offset?: number } = {}): Promise<SearchOutput> =>
  client.call('search', { query, ...page });
const namesOf = ({ results }: SearchOutput): string[] => results.map(({ path }) => basename(path));
const found = async (query: string): Promise<string[]> => namesOf(await search(query));
const idOf = async (name: string): Promise<string> => {
  const { id } = await client.call('photos.find', { photo: name });
  if (id === null) throw new Error(`There is no photo ${name}.`);
  return id;
};
const numbersOf = (value: unknown): number[] =>
  typeof value === 'number'
    ? [value]
    : typeof value === 'object' && value !== null
      ? Object.values(value).flatMap(numbersOf)
      : [];

describe('a composed query', () => {
  it('wants, avoids and weighs words and photos together', async () => {
    const words = await found('"red"');
    expect(words[0]).toBe('red.jpg');
    const composed = await search('photo:"red.jpg" +"blue"^2 -"green"');
    // The photo of the query is no answer to it.
    expect(namesOf(composed)).not.toContain('red.jpg');
    expect(composed.total).toBe(NAMES.length - 1);
    expect(composed.results[0]?.why).toHaveLength(3);
    const order = namesOf(composed);
    expect(await found('photo:"red.jpg" +"blue"^0.05 -"green"')).not.toEqual(order);
    expect(await found('-"green" +"blue"^2 +photo:"red.jpg"')).toEqual(order);
    expect((await found('"forest" -"green"')).indexOf('green.jpg')).toBeGreaterThan(
      (await found('"forest"')).indexOf('green.jpg'),
    );
  });

  it.each(['auto', 'mix', 'all', 'any', 'together'])('gives finite numbers only, with mode:%s', async (mode) => {
    for (const query of ['"red" -"blue"', '-"red" -"blue"', '"red"^0.001 +"red"^4', 'photo:red.jpg -"red"', '"zzzz"']) {
      const answer = await search(`${query} mode:${mode}`);
      expect(answer.results.length).toBeGreaterThan(0);
      expect(numbersOf(answer).every(Number.isFinite)).toBe(true);
    }
  });

  it('says that a slide has no look', async () => {
    await expect(search('slide:(photo:blue.png~0.5, "red")@0.5')).rejects.toThrow(/Leave out the ~/u);
  });

  it('slides from one end to the other', async () => {
    const [from, to] = [await search('"red"'), await search(`photo:blue.png`)];
    const at = (place: number): Promise<SearchOutput> => search(`slide:("red", photo:blue.png)@${String(place)}`);
    const scores = ({ results }: SearchOutput): [string, number, number][] =>
      results
        .filter(({ path }) => basename(path) !== 'blue.png')
        .map(({ id, score, match }) => [id, score, match] as const)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([id, score, match]) => [id, score, match]);
    expect(scores(await at(0))).toEqual(scores(from));
    expect(scores(await at(1))).toEqual(scores(to));
    const nested = await search('slide:(slide:("red", "blue")@1, "green")@0');
    expect(nested.results.map(({ score }) => score)).toEqual(
      (await search('"blue"')).results.map(({ score }) => score),
    );
  });

  it('tells the halves of a picture apart', async () => {
    const left = await found('photo:"yellow boat.png"#0,0,0.5,1');
    const right = await found('photo:"yellow boat.png"#0.5,0,0.5,1');
    expect(left[0]).toBe('blue.png');
    expect(right[0]).toBe('red.jpg');
    expect(left).not.toContain('yellow boat.png');
    for (const region of ['0,0,0,1', '0.5,0,0.6,1', 'NaN,0,1,1', '0,0,1e999,1'])
      await expect(search(`photo:"yellow boat.png"#${region}`)).rejects.toMatchObject({ kind: 'query-syntax' });
  });

  it('compares by content, by look, and by anything between', async () => {
    const byLook = (look: number): Promise<SearchOutput> => search(`photo:"forest.tif"~${String(look)}`);
    const [content, between, look] = [await byLook(0), await byLook(0.5), await byLook(1)];
    for (const { path } of between.results) {
      const of = ({ results }: SearchOutput): number => results.find((other) => other.path === path)?.match ?? NaN;
      expect(of(between)).toBeGreaterThanOrEqual(0);
      expect(of(between)).toBeLessThanOrEqual(1);
    }
    expect(content.results.map(({ match }) => match)).not.toEqual(look.results.map(({ match }) => match));
  });

  it('takes likes and unlikes as terms', async () => {
    const [red, blue] = [await idOf('red.jpg'), await idOf('blue.png')];
    const liked = await found(`like:${red}`);
    expect(liked[0]).toBe('red.jpg');
    const both = await search(`like:${red} unlike:${blue}`);
    expect(namesOf(both).indexOf('blue.png')).toBeGreaterThan(liked.indexOf('blue.png'));
    expect(both.results[0]?.why).toHaveLength(2);
  });

  it('answers several queries of many terms at the same time', async () => {
    const many = (word: string): string => Array.from({ length: 24 }, (_, i) => `+"${word} ${String(i)}"`).join(' ');
    for (let round = 0; round < 3; round++) {
      const answers = await Promise.all(['red', 'blue', 'dark', 'snow'].map((word) => search(many(word))));
      for (const { total, results } of answers) {
        expect(total).toBe(NAMES.length);
        expect(numbersOf(results).every(Number.isFinite)).toBe(true);
      }
    }
    await expect(search(`${many('red')} +"one more"`)).rejects.toMatchObject({ kind: 'query-syntax' });
  });

  it('says that nothing is wanted where everything is avoided', async () => {
    const { notes, results } = await search('-"red" -"orange"');
    expect(notes.join()).toContain('only avoided');
    expect(basename(results.at(-1)?.path ?? '')).toMatch(/^(?:red|orange)/u);
    await expect(search('"red" -"red"')).rejects.toThrow('both wanted and avoided');
  });
});

describe('what stays in the list', () => {
  it('is decided by tolerance, and by what is required', async () => {
    const query = '"snow"';
    const { total, results, histogram, sure } = await search(`${query} sort:match`);
    expect(histogram.reduce((sum, bin) => sum + bin, 0)).toBe(total);
    expect(results.filter(({ match, literal }) => match >= 0.5 && !literal)).toHaveLength(sure);
    const totals = [];
    for (const tolerance of [0, 0.3, 0.6, 0.9, 1])
      totals.push((await search(`${query} tolerance:${String(tolerance)}`)).total);
    expect(totals).toEqual(totals.toSorted((a, b) => a - b));
    expect(totals.at(-1)).toBe(total);
    expect(totals[0]).toBeLessThan(total);
    const required = await search('!"snow" +"blue"');
    expect(required.total).toBeLessThan(required.candidates);
    expect(required.results.every(({ why, literal }) => literal || (why[0]?.match ?? 0) >= 0.5)).toBe(true);
  });

  it('is decided by filters', async () => {
    expect(await found('camera:lumen')).toEqual(['red.jpg']);
    expect(await found('-camera:lumen type:jpeg on:2021')).toEqual([]);
    expect(await found('is:portrait')).toEqual([`${APART}.png`]);
    expect((await found('width:480')).length).toBe(NAMES.length - 1);
    for (const odd of ["'", '%', '_', '"\\\\"', '"a\' OR 1=1 --"', '😀', '"\u0000"'])
      for (const field of ['camera', 'lens', 'keyword', 'title']) expect(await found(`${field}:${odd}`)).toEqual([]);
  });

  it.each(['NFC', 'NFD'])('knows accents written in either way: %s', async (form) => {
    const written = 'café'.normalize(form);
    expect(await found(`in:${written}`)).toEqual([`${APART}.png`]);
    expect(await found(`name:${written}`)).toEqual([`${APART}.png`]);
    expect(await found(`photo:"${'Café'.normalize(form)}.png"`)).not.toContain(`${APART}.png`);
    expect((await search(written)).literal).toBe(1);
  });

  it('leads with what has the words, marked', async () => {
    const { results, literal } = await search('yellow boat');
    expect(literal).toBe(1);
    expect(results.map((result) => result.literal)).toEqual(results.map((_, index) => index === 0));
    expect(basename(results[0]?.path ?? '')).toBe('yellow boat.png');
    expect((await search('yellow boat -"red"')).literal).toBe(0);
  });

  it('is in the asked order, page by page', async () => {
    const byName = await found('sort:name');
    expect(byName).toEqual(NAMES.toSorted((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1)));
    expect(await found('sort:name-')).toEqual(byName.toReversed());
    expect(namesOf(await search('sort:name', { limit: 3, offset: 2 }))).toEqual(byName.slice(2, 5));
    const empty = await search('"red"', { limit: 0 });
    expect(empty).toMatchObject({ total: NAMES.length, results: [] });
    expect((await search('"red"', { offset: 1e9 })).results).toEqual([]);
  });

  it('follows tags', async () => {
    const tags = (await client.call('search.values', { field: 'tag', prefix: '' })).values;
    expect(tags.length).toBeGreaterThan(0);
    const [first] = tags;
    const tagged = await search(`tag:"${first?.value ?? ''}"`);
    expect(tagged.total).toBeGreaterThanOrEqual(first?.photos ?? Infinity);
    const unknown = await search('tag:"no such tag"');
    expect(unknown).toMatchObject({ total: 0, notes: [expect.stringContaining('no such tag')] });
    const forest = await client.call('photos.details', { id: await idOf('forest.tif') });
    expect(forest.tags).toContain('forest');
  });
});

describe('what a person should know', () => {
  it('names the words that the model does not understand', async () => {
    expect(await client.call('search.unknownWords', { query: 'a red qwertyzxcv -"blorptang"' })).toEqual({
      words: ['qwertyzxcv', 'blorptang'],
    });
  });

  it('says what is wrong with a query, and where', async () => {
    await expect(search('camra:sony')).rejects.toMatchObject({ kind: 'query-syntax', details: { at: 0 } });
    await expect(search('photo:"nope.jpg"')).rejects.toMatchObject({ kind: 'not-found' });
    await expect(search('image:"not a picture"')).rejects.toMatchObject({ kind: 'query-syntax' });
    await expect(search(`image:${'0'.repeat(32)}`)).rejects.toThrow('Drop or paste it again');
    await expect(search('x'.repeat(8001))).rejects.toThrow('8,000 characters');
  });

  it('names the query of a suite that cannot be asked, and takes the captions of a file that is named twice', async () => {
    const captions = [
      { file: 'red.jpg', captions: ['a red picture'] },
      { file: 'red.jpg', captions: ['red all over'] },
      { file: 'snow.jpg', captions: ['white snow'] },
    ];
    const asked = { captions, operators: false, fit: false };
    expect(await client.call('evaluate', asked)).toMatchObject({ photos: 2, captions: 3 });
    const suite = (query: string) => [{ kind: 'A and B', query, relevant: ['snow.jpg'] }];
    await expect(client.call('evaluate', { ...asked, suite: suite('red ^2') })).rejects.toThrow('“red ^2”');
    await expect(client.call('evaluate', { ...asked, suite: suite('photo:nope.jpg') })).rejects.toThrow('nope.jpg');
    const elsewhere = [...suite('snow'), { kind: 'A and B', query: 'red', relevant: ['not here.jpg'] }];
    const { composed, calibration } = await client.call('evaluate', { ...asked, suite: elsewhere });
    expect(composed).toEqual({ 'A and B': { mAP: 1, n: 1 } });
    expect(calibration?.bins.reduce((sum, { n }) => sum + n, 0)).toBe(2);
  });
});

describe('what changes', () => {
  it('keeps a dropped picture and a saved search over a restart, and counts what the list shows', async () => {
    const dropped = join(folder, 'dropped.png');
    await copyFile(join(photos, 'blue.png'), dropped);
    const { token } = await client.call('pictures.add', { path: dropped });
    await rm(dropped);
    const query = `image:${token} -"red"`;
    const before = await search(query);
    expect(namesOf(before)[0]).toBe('blue.png');
    const [kept, named] = [
      await client.call('searches.save', { name: 'Blue', query }),
      await client.call('searches.save', { name: 'Boat', query: 'yellow boat' }),
    ];
    const holder = await readHolder(join(folder, 'library'));
    if (holder === null) throw new Error('Nobody holds the library.');
    process.kill(holder.pid, 'SIGKILL');
    await expect.poll(() => isRunning(holder.pid)).toBe(false);
    await connection.close();
    await open();
    expect((await client.call('searches.list', {})).saved).toEqual([kept, named]);
    expect((await search(query)).results).toEqual(before.results);
    const { literal, sure } = await search(named.query);
    expect(await client.call('searches.count', { id: named.id })).toEqual({ photos: literal + sure });
    expect(literal).toBe(1);
    await writeFile(dropped, 'no picture');
    await expect(client.call('pictures.add', { path: dropped })).rejects.toMatchObject({ kind: 'not-a-picture' });
  });

  it('sees an edited photo as it is now', async () => {
    const path = join(photos, 'green.jpg');
    await writeFile(path, await readFile(join(photos, 'red.jpg')));
    await paint(480, 320, () => [235, 20, 235]).toFile(path);
    const later = new Date(Date.now() + 5000);
    await utimes(path, later, later);
    const first = (await found('"green" -name:red'))[0];
    expect(first).toBe('green.jpg');
    await client.call('index.run', {});
    expect((await found('"pink"'))[0]).toBe('green.jpg');
  });

  it('lets a photo that was deleted stay a term, also after a restart', async () => {
    const id = await idOf('orange sunset.jpg');
    const query = `photo:${id} -"blue"`;
    const before = await found(query);
    await rm(join(photos, 'orange sunset.jpg'));
    await client.call('index.run', {});
    for (let start = 0; start < 2; start++) {
      const after = await search(query);
      expect(namesOf(after)[0]).toBe(before[0]);
      expect(namesOf(after).toSorted()).toEqual(before.toSorted());
      expect(after.notes.join()).toContain(id);
      await expect(search(`photo:${id}#0,0,0.5,0.5`)).rejects.toMatchObject({ kind: 'not-found' });
      await connection.close();
      await open();
    }
  });
});
