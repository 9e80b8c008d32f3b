import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const top = fileURLToPath(new URL('../../', import.meta.url));
const text = await readFile(`${top}SECURITY.md`, 'utf8');

/** Cells of all rows of the tables below a heading, without the head. */
const rowsOf = (heading: string): readonly (readonly string[])[] => {
  const [, section = ''] = text.split(`## ${heading}\n`);
  const lines = (section.split('\n## ')[0] ?? '').split('\n').filter((line) => line.startsWith('|'));
  return lines.slice(2).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
};
const pathsIn = (cell: string): readonly string[] =>
  [...cell.matchAll(/`(?<path>[\w./*-]+)`/gu)].flatMap(({ groups }) => groups?.path ?? []);

describe('SECURITY.md', () => {
  it('has a row for each of the twenty items of Electron’s checklist', () => {
    expect(rowsOf('The desktop application').map(([number]) => number)).toEqual(
      Array.from({ length: 20 }, (_, index) => String(index + 1)),
    );
    expect(rowsOf('The web host').length).toBeGreaterThanOrEqual(15);
  });

  it.each(['Threat model', 'The desktop application', 'The web host', 'The contract', 'What a library reveals'])(
    'names for everything in “%s” a file that does it and a test that proves it, and they are there',
    (heading) => {
      expect(rowsOf(heading).length).toBeGreaterThan(0);
      for (const row of rowsOf(heading)) {
        expect(row.filter((cell) => cell === '' || cell === '–')).toEqual([]);
        const [where = '', proof = ''] = row.slice(-2);
        expect([row[0], pathsIn(where).length > 0, pathsIn(proof).length > 0]).toEqual([row[0], true, true]);
        for (const path of [...pathsIn(where), ...pathsIn(proof)])
          expect([path, existsSync(top + path)]).toEqual([path, true]);
      }
    },
  );
});
