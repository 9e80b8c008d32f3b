import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import ts from 'typescript';

const read = (name: string): string => {
  const text = readFileSync(new URL(`page/${name}.ts`, import.meta.url), 'utf8');
  const { outputText } = ts.transpileModule(text, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
  });
  return outputText;
};

// Read when the double starts, as Electron's own scripts are part of it: a window does not wait for them.
const mainWorld = read('main-world');
const preloadWorld = read('preload-world');

/** @returns what runs in either world before the page, the preload script in it */
export const pageScripts = (
  preload: string | undefined,
): { readonly mainWorld: string; readonly preloadWorld: string } => {
  const channel = `electron-double-${randomBytes(16).toString('hex')}`;
  const script = preload === undefined ? '' : readFileSync(preload, 'utf8');
  const run = `const runPreload = (require, module) => { const exports = module.exports; ${script}\n};`;
  return {
    mainWorld: mainWorld.replaceAll('CHANNEL', channel),
    preloadWorld: `(() => {${run}\n${preloadWorld.replaceAll('CHANNEL', channel)}})();`,
  };
};
