import { ESLint } from 'eslint';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const RULES = ['@typescript-eslint/no-restricted-imports', 'no-restricted-syntax'];

const eslint = new ESLint({
  cwd: root,
  ruleFilter: ({ ruleId }) => RULES.includes(ruleId),
  overrideConfig: { languageOptions: { parserOptions: { project: null } } },
});

/** Whether lint passes a file of these lines. */
const passes = async (code: string, filePath: string): Promise<boolean> => {
  const [result] = await eslint.lintText(`${code}\n`, { filePath });
  return result?.messages.length === 0;
};

/** Everything in node:fs that changes a disk, or opens what may be no file. */
const CHANGING = [
  ...['rm', 'rmdir', 'unlink', 'rename', 'writeFile', 'appendFile', 'copyFile', 'cp', 'link', 'symlink', 'truncate'],
  ...['mkdir', 'mkdtemp', 'chmod', 'chown', 'lchown', 'utimes', 'lutimes', 'open', 'readFile'],
];
const STREAMS = [
  'createWriteStream',
  'createReadStream',
  'WriteStream',
  'ftruncate',
  'futimes',
  'fchmod',
  'openAsBlob',
];

const forbidden = [
  ...CHANGING.map((name) => `import { ${name} } from 'node:fs/promises';`),
  ...[...CHANGING.map((name) => `${name}Sync`), ...STREAMS].map((name) => `import { ${name} } from 'node:fs';`),
  "import { promises } from 'node:fs';",
  "import { rm as removeAll } from 'node:fs/promises';",
  "import * as fs from 'node:fs';",
  "import fs from 'node:fs/promises';",
  "import { rm } from 'fs/promises';",
  "import { rmSync } from 'fs';",
  "export { rm } from 'node:fs/promises';",
  "export * from 'node:fs';",
  "const fs = await import('node:fs');",
  "const fs = await import('fs/promises');",
  "import { createRequire } from 'node:module';\ncreateRequire(import.meta.url)('node:fs').rmSync('/');",
  "process.getBuiltinModule('node:fs').rmSync('/');",
  "declare const image: { toFile(path: string): void };\nimage.toFile('/');",
];

it.each(forbidden)('in app and main nobody may write %s', async (code) => {
  expect(await passes(code, 'app/engine/engine.ts')).toBe(false);
  expect(await passes(code, 'main/cli/program.ts')).toBe(false);
});

it.each([
  ["import { lstat, readdir, realpath } from 'node:fs/promises';", 'app/engine/engine.ts'],
  ["import { existsSync, constants } from 'node:fs';", 'main/cli/program.ts'],
  ["import { rm, rename } from 'node:fs/promises';", 'app/base/disk.ts'],
  ["import { open } from 'node:fs/promises';", 'app/base/read.ts'],
  ["import { rm } from 'node:fs/promises';", 'app/store/store.test.ts'],
])('allowed is %s in %s', async (code, file) => {
  expect(await passes(code, file)).toBe(true);
});
