import type { DuplicateGroups, Likeness } from '../../app/contract/index.ts';
import { print, printJson } from '../terminal.ts';
import { counted, size } from './output.ts';
import { withEngine, type Common } from './session.ts';

interface DuplicatesOptions extends Common {
  readonly likeness: Likeness;
  readonly limit: number;
}

const MEANING = {
  exact: 'files that hold the same picture',
  'same-shot': 'photos of the same moment',
  similar: 'photos that look alike',
} as const satisfies Record<Likeness, string>;

/** Lists groups of duplicates. Nothing is moved from here: that is for somebody who sees the photos. */
export const duplicates = ({ library, json, likeness, limit }: DuplicatesOptions): Promise<void> =>
  withEngine(library, async (client) => {
    const found = await client.call('photos.duplicates', { likeness, limit });
    if (json === true) printJson(found);
    else printGroups(found, likeness);
  });

const printGroups = ({ total, groups }: DuplicateGroups, likeness: Likeness): void => {
  print(`${counted(total, 'group')} of ${MEANING[likeness]}`);
  for (const { files } of groups) {
    print('');
    for (const { keep, width, height, bytes, path } of files) {
      const pixels = `${String(width)} × ${String(height)}`.padEnd(13);
      print(`${keep ? '*' : ' '} ${pixels} ${size(bytes).padStart(9)}  ${JSON.stringify(path)}`);
    }
  }
  if (groups.length > 0) print('', '* is suggested to be kept. The application shows them side by side.');
};
