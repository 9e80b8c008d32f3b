import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

const typed = {
  project: ['tsconfig.json', 'tsconfig.page.json', 'renderer/tsconfig.json', 'tsconfig.shared.json'],
  tsconfigRootDir: import.meta.dirname,
  extraFileExtensions: ['.svelte'],
};

const namedExportsOnly = {
  selector: 'ExportDefaultDeclaration',
  message: 'Named exports only: a thing has one name everywhere.',
};

export default defineConfig(
  globalIgnores(['dist/', 'release/', '.cache/', 'coverage/', 'test/output/', 'test/bench/*/node_modules/']),
  { linterOptions: { reportUnusedDisableDirectives: 'error', reportUnusedInlineConfigs: 'error' } },
  js.configs.recommended,
  ts.configs.strictTypeChecked,
  ts.configs.stylisticTypeChecked,
  svelte.configs.recommended,
  { languageOptions: { parserOptions: typed } },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { ...typed, parser: ts.parser, svelteConfig } },
  },
  {
    files: ['renderer/**'],
    languageOptions: { globals: globals.browser },
    rules: {
      // dependency-cruiser guards the same border, but does not see what a component imports as a type only.
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: '^(\\.\\./)+(app/(?!contract/|query/language/)|main/|models/|build/)',
              message: 'The interface sees app/contract and app/query/language only.',
            },
          ],
        },
      ],
    },
  },
  {
    // What is printed may quote anything: one module writes it, with nothing left that a terminal obeys.
    files: ['app/**/*.ts', 'main/**/*.ts'],
    ignores: ['main/terminal.ts', '**/*.test.ts'],
    rules: {
      'no-restricted-globals': ['error', { name: 'console', message: 'main/terminal.ts prints.' }],
      'no-restricted-properties': [
        'error',
        ...['stdout', 'stderr'].map((property) => ({
          object: 'process',
          property,
          message: 'main/terminal.ts prints.',
        })),
        ...['console', 'process'].map((property) => ({
          object: 'globalThis',
          property,
          message: 'main/terminal.ts prints; “process” and “console” are named as they are, so that lint sees them.',
        })),
      ],
      'no-restricted-imports': [
        'error',
        {
          paths: ['process', 'console', 'tty']
            .flatMap((name) => [name, `node:${name}`])
            .map((name) => ({ name, message: 'main/terminal.ts prints.' })),
        },
      ],
    },
  },
  {
    files: ['**/*.{js,mjs}'],
    languageOptions: { globals: globals.node },
  },
  {
    rules: {
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      eqeqeq: 'error',
      'no-restricted-syntax': ['error', namedExportsOnly],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/consistent-type-exports': 'error',
      '@typescript-eslint/prefer-readonly': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true, requireDefaultForNonUnion: true },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // A number in a sentence needs no String() around it.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
    },
  },
  {
    // What lies in a folder may have been put there by somebody else: one module reads files, another one changes disks.
    files: ['app/**/*.ts', 'main/**/*.ts'],
    ignores: ['app/base/{read,disk}.ts', '**/*.test.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          paths: [
            ...['node:fs', 'node:fs/promises'].map((name) => ({
              name,
              allowImportNames: [
                ...[
                  'access',
                  'lstat',
                  'opendir',
                  'readdir',
                  'readlink',
                  'realpath',
                  'stat',
                  'statfs',
                  'existsSync',
                  'readdirSync',
                ],
                ...['constants', 'Dirent', 'Stats', 'BigIntStats', 'FileHandle'],
              ],
              message: 'Files are read by app/base/read.ts, and disks are changed by app/base/disk.ts alone.',
            })),
            ...['fs', 'fs/promises'].map((name) => ({ name, message: 'Import from “node:fs” or “node:fs/promises”.' })),
          ],
        },
      ],
      'no-restricted-syntax': [
        'error',
        namedExportsOnly,
        ...[
          'ImportExpression[source.value=/^(node:)?fs(\\u002Fpromises)?$/u]',
          'CallExpression[arguments.0.value=/^(node:)?fs(\\u002Fpromises)?$/u]',
          "MemberExpression[property.name='getBuiltinModule']",
          "CallExpression[callee.property.name='toFile']",
        ].map((selector) => ({ selector, message: 'Disks are changed by app/base/disk.ts alone.' })),
      ],
    },
  },
  {
    // Loops over typed arrays: the bound of the loop is the proof, and `?? 0` would hide a wrong one.
    files: [
      'app/{embed,media,query,space}/**/*.ts',
      'app/engine/search/**/*.ts',
      'models/**/*.ts',
      '**/*.test.ts',
      'test/**/*.ts',
    ],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off' },
  },
  {
    // vitest types its asymmetric matchers, such as expect.any(Number), as any.
    files: ['**/*.test.ts', 'test/**/*.ts'],
    rules: { '@typescript-eslint/no-unsafe-assignment': 'off' },
  },
  {
    // Plain scripts are checked through JSDoc, which cannot narrow what JSON.parse gives in a way these rules see.
    files: ['**/*.{js,mjs}'],
    rules: {
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  {
    // A bench's own package is only installed by the bench, so its types are not here.
    files: ['test/bench/*/**'],
    extends: [ts.configs.disableTypeChecked],
  },
  {
    // Tools ask for a default export.
    files: ['*.config.{js,ts}', 'vite*.config.ts', '.dependency-cruiser.mjs', 'build/reporter.mjs'],
    rules: { 'no-restricted-syntax': 'off' },
  },
);
