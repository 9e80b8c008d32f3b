import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

interface Suite {
  readonly name: string;
  readonly include: readonly string[];
  /** Milliseconds one test may take. */
  readonly timeout: number;
  /** Suites of one order run together; a suite that starts processes of its own runs its files one by one. */
  readonly order: number;
  readonly env?: Readonly<Record<string, string>>;
}

const suites: readonly Suite[] = [
  { name: 'unit', include: ['{app,main,renderer,models,build}/**/*.test.ts'], timeout: 60_000, order: 0 },
  { name: 'contract', include: ['test/contract/**/*.test.ts'], timeout: 60_000, order: 1 },
  {
    name: 'integration',
    include: ['test/{integration,rules,parity}/**/*.test.ts', 'test/faults/*.test.ts'],
    timeout: 180_000,
    order: 2,
  },
  // Input made to harm, against the built program: a sample of it, see test/support/hostile/whole.ts.
  { name: 'hostile', include: ['test/hostile/*.test.ts'], timeout: 180_000, order: 3 },
  { name: 'e2e', include: ['test/e2e/**/*.test.ts'], timeout: 240_000, order: 4 },
  // Behind `npm run test:faults`: it takes minutes.
  {
    name: 'faults',
    include: ['test/{faults,hostile}/long/*.test.ts', 'test/hostile/*.test.ts'],
    timeout: 420_000,
    order: 5,
    env: { AFTERIMAGE_HOSTILE: 'whole' },
  },
];

export default defineConfig({
  test: {
    projects: suites.map(({ name, include, timeout, order, env }): TestProjectInlineConfiguration => ({
      plugins: [svelte()],
      test: {
        name,
        include: [...include],
        environment: 'node',
        globalSetup: ['test/support/data-of-tests.ts'],
        setupFiles: ['test/support/fixed-seed.ts'],
        expect: { poll: { timeout: 15_000 } },
        // As the hosts do: ONNX Runtime is to keep its reports to itself.
        env: { ORT_DISABLE_TELEMETRY: '1', ...env },
        testTimeout: timeout,
        hookTimeout: timeout,
        fileParallelism: order === 0,
        sequence: { groupOrder: order },
      },
    })),
  },
});
