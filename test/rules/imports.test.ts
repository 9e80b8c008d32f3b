import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cruise } from 'dependency-cruiser';
import { ESLint } from 'eslint';
import { afterAll, expect, it } from 'vitest';
import config from '../../.dependency-cruiser.mjs';

const root = join(import.meta.dirname, '../..');

/** One forbidden import per line: rule, importing file, what it imports. */
const forbidden = [
  ['no-cycles', 'app/space/a.ts', './b.ts'],
  ['nothing-unresolved', 'app/space/a.ts', './absent.ts'],
  ['renderer-knows-only-the-contract', 'renderer/state/a.ts', '../../app/store/b.ts'],
  ['renderer-knows-only-the-contract', 'renderer/a.ts', '../app/query/plan.ts'],
  ['renderer-knows-only-the-contract', 'renderer/view/A.svelte', '../../main/web/b.ts'],
  ['renderer-runs-in-a-browser', 'renderer/a.ts', 'node:fs'],
  ['main-uses-app', 'main/web/a.ts', '../../renderer/b.ts'],
  ['app-stands-alone', 'app/store/a.ts', '../../main/cli/b.ts'],
  ['app-speaks-no-http', 'app/engine.ts', 'node:http'],
  ['app-speaks-no-http', 'app/engine.ts', 'https'],
  ['app-speaks-no-http', 'app/engine.ts', 'ws'],
  ['app-speaks-no-http', 'app/engine/a.ts', 'undici'],
  ['hub-knows-the-contract-only', 'app/hub/a.ts', '../embed/b.ts'],
  ['sockets-only-in-main', 'app/store/a.ts', 'node:net'],
  ['programs-start-in-one-module', 'app/media/a.ts', 'node:child_process'],
  ['programs-start-in-one-module', 'main/web/a.ts', 'child_process'],
  ['electron-only-in-desktop', 'app/media/a.ts', 'electron'],
  ['electron-only-in-desktop', 'main/web/a.ts', 'electron'],
  ['base-imports-nothing', 'app/base/a.ts', '../contract/b.ts'],
  ['contract-imports-nothing', 'app/contract/a.ts', '../space/b.ts'],
  ['contract-imports-nothing', 'app/contract/a.ts', '../base/b.ts'],
  ['language-is-pure', 'app/query/language/a.ts', '../plan.ts'],
  ['browser-code-uses-no-node', 'app/contract/a.ts', 'node:path'],
  ['ground-floor', 'app/media/a.ts', '../store/b.ts'],
  ['ground-floor', 'app/space/a.ts', '../media/b.ts'],
  ['first-floor', 'app/query/a.ts', '../store/b.ts'],
  ['library-on-the-first-floor', 'app/library/a.ts', '../engine.ts'],
  ['library-on-the-first-floor', 'app/library/a.ts', '../embed/b.ts'],
  ['models-stand-below-the-hosts', 'models/a.ts', '../main/cli/b.ts'],
  ['generator-does-not-ship', 'app/embed/a.ts', '../../models/generate/b.ts'],
  ['shipped-code-needs-no-development-package', 'main/cli/a.ts', 'protobufjs'],
  ['nothing-imports-tests', 'app/store/a.ts', '../../test/support/b.ts'],
] as const;

const allowed = [
  ['renderer/state/a.ts', '../../app/contract/b.ts'],
  ['renderer/state/a.ts', '../../app/query/language/b.ts'],
  ['renderer/a.ts', 'svelte'],
  ['main/web/a.ts', '../../app/engine.ts'],
  ['main/web/a.ts', 'node:http'],
  ['main/web/a.ts', 'ws'],
  ['app/base/programs.ts', 'node:child_process'],
  ['main/desktop/a.ts', 'electron'],
  ['app/engine.ts', './store/b.ts'],
  ['app/embed/a.ts', '../media/b.ts'],
  ['app/library/a.ts', '../store/b.ts'],
  ['app/embed/a.test.ts', '../../test/support/b.ts'],
  ['app/space/a.ts', '../contract/b.ts'],
  ['app/media/a.ts', '../base/b.ts'],
  ['app/hub/a.ts', '../base/b.ts'],
  ['app/embed/a.ts', '../base/b.ts'],
  ['app/library/a.ts', '../base/b.ts'],
] as const;

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

it.each(forbidden)('%s: %s may not import %s', async (rule, file, target) => {
  expect(await rulesBrokenBy(file, target)).toContain(rule);
});

it.each(allowed)('%s may import %s', async (file, target) => {
  expect(await rulesBrokenBy(file, target)).toEqual([]);
});

it('every rule is proven here', () => {
  const proven = new Set<string>(forbidden.map(([rule]) => rule));
  expect(config.forbidden?.map(({ name }) => name).filter((name) => !proven.has(name ?? ''))).toEqual([]);
});

it.each([
  ['../../app/store/b.ts', false],
  ['../../app/query/plan.ts', false],
  ['../../main/web/b.ts', false],
  ['../../app/contract/b.ts', true],
  ['../../app/query/language/b.ts', true],
])('a component importing a type from %s passes lint: %s', async (target, passes) => {
  const rule = '@typescript-eslint/no-restricted-imports';
  const eslint = new ESLint({
    cwd: root,
    ruleFilter: ({ ruleId }) => ruleId === rule,
    overrideConfig: { languageOptions: { parserOptions: { project: null } } },
  });
  const component = `<script lang="ts">\n  import type { B } from '${target}';\n</script>\n`;
  const [result] = await eslint.lintText(component, { filePath: 'renderer/view/A.svelte' });
  expect(result?.messages.map(({ ruleId }) => ruleId)).toEqual(passes ? [] : [rule]);
});

/** Names of the rules that a project breaks in which `file` imports `target` and nothing else. */
async function rulesBrokenBy(file: string, target: string): Promise<readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'afterimage-rules-'));
  folders.push(folder);
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  for (const name of ['app', 'main', 'renderer', 'models', 'test']) mkdirSync(join(folder, name));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
  write('package.json', '{ "dependencies": { "ws": "*" }, "devDependencies": { "protobufjs": "*" } }');
  write('tsconfig.json', '{}');
  if (target.startsWith('.') && !target.includes('absent')) {
    const back = target === './b.ts' ? `import { a } from './a.ts';\nexport const c = a;\n` : '';
    write(join(dirname(file), target), `${back}export const b = 1;\n`);
  }
  const body = `import * as b from '${target}';\nexport const a = b;\n`;
  write(file, file.endsWith('.svelte') ? `<script lang="ts">\n${body.replace('export ', '')}</script>\n{a}\n` : body);

  const { output } = await cruise(['app', 'main', 'renderer', 'models', 'test'], {
    ...config.options,
    baseDir: folder,
    validate: true,
    ruleSet: { forbidden: config.forbidden ?? [] },
  });
  if (typeof output === 'string') throw new Error(output);
  return output.summary.violations.map(({ rule }) => rule.name);
}
