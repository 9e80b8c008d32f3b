import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../test/support/command-line.ts';
import { AfterimageError, type Client, type Command } from '../../app/contract/index.ts';
import { openAll } from './opening.ts';

let home = '';
let remove: () => Promise<void>;
beforeAll(async () => {
  [home, remove] = await temporaryFolder();
  await mkdir(join(home, 'Trip'));
  for (const name of ['red.jpg', 'blue.png', 'damaged.jpg', 'letter.txt', 'clip.mp4'])
    await writeFile(join(home, name), '');
});
afterAll(() => remove());

/** Opens things with an engine that has a model, and can read all pictures but one. @returns what happened, in order */
const opened = async (...given: readonly string[]) => {
  const happened: (Command | readonly [string, unknown])[] = [];
  const answers: Record<string, (input: { path: string }) => unknown> = {
    'pictures.add': ({ path }) => {
      if (path.endsWith('damaged.jpg')) throw new AfterimageError('unreadable', 'This picture cannot be read.');
      return { token: path.endsWith('red.jpg') ? '1'.repeat(16) : '2'.repeat(16) };
    },
    'roots.add': () => ({ id: 'trip' }),
    status: () => ({ model: {} }),
    'index.run': () => ({}),
  };
  const call = (method: string, input: { path: string }): Promise<unknown> => {
    if (method === 'index.run') happened.push([method, input]);
    return Promise.resolve().then(() => answers[method]?.(input));
  };
  // No more of an engine is needed.
  await openAll(given, home, { call } as unknown as Client, (command) => happened.push(command));
  return happened;
};

describe('opening', () => {
  it('makes one search of several pictures', async () => {
    expect(await opened('red.jpg', 'blue.png')).toEqual([
      { do: 'search', query: `image:${'1'.repeat(16)} image:${'2'.repeat(16)}` },
    ]);
  });

  it('says what it cannot open, and goes on with the rest', async () => {
    expect(
      await opened('letter.txt', 'clip.mp4', 'gone.jpg', 'afterimage://open?path=/etc', 'damaged.jpg', 'blue.png'),
    ).toEqual([
      { do: 'say', text: 'Afterimage cannot open “letter.txt”.', tone: 'error' },
      { do: 'say', text: 'Afterimage cannot open “clip.mp4”.', tone: 'error' },
      { do: 'say', text: 'Afterimage cannot open “gone.jpg”.', tone: 'error' },
      { do: 'say', text: 'Afterimage cannot open that link.', tone: 'error' },
      { do: 'say', text: 'This picture cannot be read.', tone: 'error' },
      { do: 'search', query: `image:${'2'.repeat(16)}` },
    ]);
  });

  it('searches before it looks through a folder, which takes its time', async () => {
    expect(await opened('Trip', 'red.jpg', 'afterimage://search?q=dog')).toEqual([
      { do: 'say', text: '“Trip” is in the library.', tone: 'plain' },
      { do: 'search', query: `image:${'1'.repeat(16)} dog` },
      ['index.run', { rootIds: ['trip'] }],
    ]);
  });
});
