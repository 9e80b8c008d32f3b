import { join } from 'node:path';
import { ESLint } from 'eslint';
import { expect, it } from 'vitest';

const eslint = new ESLint({
  cwd: join(import.meta.dirname, '../..'),
  ruleFilter: ({ ruleId }) => ruleId.startsWith('no-restricted-'),
  overrideConfig: { languageOptions: { parserOptions: { project: null } } },
});

const faultsOf = async (text: string, filePath: string): Promise<number> => {
  const [result] = await eslint.lintText(text, { filePath });
  return result?.messages.length ?? 0;
};

it.each([
  `process.stdout.write('a');`,
  `process.stderr.write('a');`,
  `process['stdout'].write('a');`,
  `const { stderr } = process;`,
  `console.log('a');`,
  `const { log } = console;`,
  `globalThis.console.log('a');`,
  `globalThis.process.stdout.write('a');`,
  `import { stdout } from 'node:process';`,
  `import { log } from 'console';`,
  `import { WriteStream } from 'node:tty';`,
])('no other module may print: %s', async (text) => {
  for (const path of ['main/cli/a.ts', 'main/desktop/a.ts', 'main/web/a.ts', 'app/engine/a.ts'])
    expect([path, await faultsOf(text, path)]).toEqual([path, 1]);
  expect(await faultsOf(text, 'main/cli/a.test.ts')).toBe(0);
});

it('the module that prints may', async () => {
  expect(await faultsOf(`process.stdout.write('a');`, 'main/terminal.ts')).toBe(0);
  expect(await faultsOf(`process.stdin.isTTY; process.exitCode = 1;`, 'main/cli/a.ts')).toBe(0);
});
