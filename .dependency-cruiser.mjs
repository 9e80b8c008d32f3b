// Imports point downwards only (docs: ARCHITECTURE.md). test/rules/imports.test.ts proves that each rule bites.

/** Unit tests stand beside their source and may use test/support; otherwise they obey the rules of their folder. */
const unitTest = '\\.test\\.ts$';

/** A package by name: resolved, or left bare where it is not installed. @param {string} names */
const packages = (names) => `(^|/)node_modules/(${names})/|^(${names})$`;

/** What of app/base runs in a page, too: it uses no Node. */
const portable = '^app/base/(errno|file-refused|lru-map|map-unordered|pause-gate|random|serial)\\.ts$';

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Two modules that need each other are one module, or miss a third.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'nothing-unresolved',
      comment: 'An import that resolves to nothing escapes every other rule. A bench may install a package of its own.',
      severity: 'error',
      from: { pathNot: '^test/bench/[^/]+/' },
      to: { couldNotResolve: true },
    },
    {
      name: 'renderer-knows-only-the-contract',
      comment: 'The same interface runs over any host: it sees the contract and the query language, never the engine.',
      severity: 'error',
      from: { path: '^renderer/' },
      to: { path: '^(app|main|models|build)/', pathNot: `^app/contract/|^app/query/language/|${portable}` },
    },
    {
      name: 'renderer-runs-in-a-browser',
      comment: 'A page has no Node modules.',
      severity: 'error',
      from: { path: '^renderer/', pathNot: unitTest },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'main-uses-app',
      comment: 'Hosts start the engine and serve the built interface; they import neither interface nor tooling.',
      severity: 'error',
      from: { path: '^main/' },
      to: { path: '^(renderer|build)/' },
    },
    {
      name: 'app-stands-alone',
      comment: 'The engine does not know how the program is run.',
      severity: 'error',
      from: { path: '^app/' },
      to: { path: '^(main|renderer|build)/' },
    },
    {
      name: 'app-speaks-no-http',
      comment:
        'Serving is the work of a host; the engine answers over whatever channel it is given. Only the hub asks others.',
      severity: 'error',
      from: { path: '^app/', pathNot: `^app/hub/|${unitTest}` },
      to: { path: `^(node:)?(http|https|http2)$|${packages('ws|undici')}` },
    },
    {
      name: 'hub-knows-the-contract-only',
      comment: 'Fetching and unpacking models needs nothing of what models are for.',
      severity: 'error',
      from: { path: '^app/hub/', pathNot: unitTest },
      to: { path: '^app/', pathNot: '^app/(hub|contract|base)/' },
    },
    {
      name: 'sockets-only-in-main',
      comment: 'Whoever opens a socket decides who may connect: one folder to review.',
      severity: 'error',
      from: { pathNot: `^(main|test|build)/|${unitTest}` },
      to: { path: '^(node:)?(net|tls|dgram)$' },
    },
    {
      name: 'programs-start-in-one-module',
      comment:
        'A program is started by its whole path, from where no other user can have put it: app/base/programs.ts looks.',
      severity: 'error',
      from: { path: '^(app|main)/', pathNot: `^app/base/programs\\.ts$|${unitTest}` },
      to: { path: '^(node:)?child_process$', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'electron-only-in-desktop',
      comment: 'Everything but the desktop shell runs without Electron.',
      severity: 'error',
      from: { pathNot: '^main/desktop/' },
      to: { path: packages('electron') },
    },
    {
      name: 'base-imports-nothing',
      comment: 'The ground that everything else stands on: reading and changing disks, bounds, deadlines.',
      severity: 'error',
      from: { path: '^app/base/', pathNot: unitTest },
      to: { path: '^(app|models)/', pathNot: '^app/base/' },
    },
    {
      name: 'contract-imports-nothing',
      comment: 'Everyone imports the contract, so it imports none of them: only what of app/base runs in a page, too.',
      severity: 'error',
      from: { path: '^app/contract/' },
      to: { path: '^(app|models)/', pathNot: `^app/contract/|${portable}` },
    },
    {
      name: 'language-is-pure',
      comment: 'The interface parses queries with the same code as the engine: no Node, nothing but the contract.',
      severity: 'error',
      from: { path: '^app/query/language/', pathNot: unitTest },
      to: { path: '^app/|^models/', pathNot: '^app/(contract/|query/language/)' },
    },
    {
      name: 'browser-code-uses-no-node',
      comment: 'The contract, the query language and a part of app/base are bundled into the interface.',
      severity: 'error',
      from: { path: `^app/(contract/|query/language/)|${portable}`, pathNot: unitTest },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'ground-floor',
      comment: 'Pixels and geometry stand on the contract and app/base alone.',
      severity: 'error',
      from: { path: '^app/(media|space)/' },
      to: { path: '^app/', pathNot: '^app/($1|contract|base)/' },
    },
    {
      name: 'first-floor',
      comment: 'Query, store and embed do not know each other; the engine composes them.',
      severity: 'error',
      from: { path: '^app/(query|store|embed)/' },
      to: { path: '^app/', pathNot: '^app/($1|media|space|contract|base)/' },
    },
    {
      name: 'library-on-the-first-floor',
      comment: 'The library knows the rows that the store keeps (docs/decisions/0007), and neither query nor embed.',
      severity: 'error',
      from: { path: '^app/library/' },
      to: { path: '^app/', pathNot: '^app/(library|store|media|space|contract|base)/' },
    },
    {
      name: 'models-stand-below-the-hosts',
      comment: 'The catalogue and the generator are used by others and use at most the engine.',
      severity: 'error',
      from: { path: '^models/' },
      to: { path: '^(main|renderer|build)/' },
    },
    {
      name: 'generator-does-not-ship',
      comment: 'The starter model is generated ahead of time; its generator needs development packages.',
      severity: 'error',
      from: { path: '^(app|main|renderer)/', pathNot: unitTest },
      to: { path: '^models/generate/' },
    },
    {
      name: 'shipped-code-needs-no-development-package',
      comment:
        'Only `dependencies` are installed beside the packaged engine and hosts. Electron is the runtime itself.',
      severity: 'error',
      from: { path: '^(app|main)/', pathNot: unitTest },
      to: {
        dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'],
        dependencyTypesNot: ['type-only'],
        pathNot: packages('electron'),
      },
    },
    {
      name: 'nothing-imports-tests',
      comment: 'What ships must not depend on what checks it.',
      severity: 'error',
      from: { pathNot: `^test/|${unitTest}` },
      to: { path: '^test/' },
    },
  ],
  options: {
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'svelte', 'default', 'types'],
    },
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: 'specify',
    tsConfig: { fileName: 'tsconfig.json' },
    detectProcessBuiltinModuleCalls: true,
    exclude: { path: '^(dist|release|\\.cache)/' },
  },
};
