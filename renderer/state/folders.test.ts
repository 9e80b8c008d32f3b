import { describe, expect, it } from 'vitest';
import { AfterimageError, type Handlers } from '../../app/contract/index.ts';
import { Folders } from './folders.svelte.ts';
import { Library } from './library.svelte.ts';
import { connect } from './test-engine.ts';
import { rootAt } from './test-roots.ts';
import { Toasts } from './toasts.svelte.ts';

type Answered = 'status' | 'roots.remove' | 'roots.change' | 'roots.follow' | 'shell.relinkFolder';

const foldersOver = async (handlers: Omit<Handlers<Answered>, 'status'>) => {
  let looks = 0;
  const status = (): never => {
    looks += 1;
    throw new AfterimageError('engine-stopped', 'Only whether it is asked matters here.');
  };
  const { engine } = await connect<Answered>({ status, ...handlers });
  const toasts = new Toasts();
  return { toasts, looks: () => looks, folders: new Folders(engine, toasts, new Library(engine, toasts)) };
};

describe('Folders', () => {
  const root = rootAt('/photos');
  const asked: unknown[] = [];
  const note = <T>(input: T): T => (asked.push(input), input);
  const handlers: Omit<Handlers<Answered>, 'status'> = {
    'roots.remove': (input) => (note(input), {}),
    'roots.change': (input) => {
      note(input);
      if (input.excludes?.includes('[') === true) throw new AfterimageError('invalid-request', 'The rule “[” is none.');
      return root;
    },
    'roots.follow': (input) => (note(input), rootAt('/moved/holidays')),
    'shell.relinkFolder': (input) => (note(input), rootAt('/elsewhere')),
  };

  it('says where a folder is again, and looks at the library anew after every change', async () => {
    const { folders, toasts, looks } = await foldersOver(handlers);
    await folders.follow(root);
    await folders.relink(root, 'token');
    await folders.pause(root, true);
    await folders.remove(root);
    expect(toasts.list.map(({ text }) => text)).toEqual([
      '“holidays” is connected again.',
      '“elsewhere” is connected again.',
      '“photos” was taken out of the library. Its files were not touched.',
    ]);
    expect(asked).toEqual([{ id: 'r' }, { id: 'r', token: 'token' }, { id: 'r', paused: true }, { id: 'r' }]);
    expect(looks()).toBe(4);
  });

  it('lets whoever writes a rule know why it is none', async () => {
    const { folders, toasts } = await foldersOver(handlers);
    await expect(folders.change(root, { excludes: ['['] })).rejects.toThrow('The rule “[” is none.');
    expect(toasts.list).toEqual([]);
  });
});
