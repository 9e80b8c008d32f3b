import { describe, expect, it } from 'vitest';
import type { Notice, Status } from '../../app/contract/index.ts';
import { Library } from './library.svelte.ts';
import { Notices } from './notices.svelte.ts';
import { connect } from './test-engine.ts';
import { Toasts } from './toasts.svelte.ts';

const notice = (kind: Notice['kind'], message: string): Notice => ({ kind, rootId: 'r', message, command: null });

describe('Notices', () => {
  it('keeps aside what was dismissed until it says something else, but never where a folder went', async () => {
    const { engine } = await connect<never>({});
    const library = new Library(engine, new Toasts());
    const notices = new Notices(library);
    const [limit, moved] = [notice('watching', 'Too many folders.'), notice('moved', 'Moved to /new?')];
    const show = (list: Notice[]): void => {
      // Nothing else of the status matters to notices.
      library.status = { notices: list } as Status;
    };
    expect(notices.list).toEqual([]);
    show([limit, moved]);
    notices.dismiss(limit);
    notices.dismiss(moved);
    expect(notices.list).toEqual([moved]);
    show([{ ...limit, message: 'Still too many folders.' }]);
    expect(notices.list.map(({ message }) => message)).toEqual(['Still too many folders.']);
  });
});
