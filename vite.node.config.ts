import { defineConfig, type EnvironmentOptions } from 'vite';

/**
 * The programs that run on plain Node. Packages stay outside the bundles: they are installed beside them. Every chunk lies
 * directly in dist/main, so `import.meta.dirname` is that folder wherever a module ends up.
 */
const programs = {
  cli: 'main/cli/main.ts',
  web: 'main/web/main.ts',
  engine: 'main/engine/engine-main.ts',
  worker: 'main/engine/worker-main.ts',
};

/** What Electron runs: one file that needs nothing but Electron and Node, so that a package can seal it in its archive. */
const sealed = (name: string, input: string, format: 'es' | 'cjs', extension: string): EnvironmentOptions => ({
  consumer: 'server',
  resolve: { noExternal: true, external: ['electron'] },
  build: {
    outDir: 'dist/main',
    target: 'node22',
    ssr: true,
    // Read from the disk once, not sent to anybody.
    chunkSizeWarningLimit: 2000,
    rolldownOptions: {
      input: { [name]: input },
      output: { format, entryFileNames: `[name].${extension}`, codeSplitting: false },
    },
  },
});

export default defineConfig({
  publicDir: false,
  build: { ssr: true, sourcemap: true, minify: false, emptyOutDir: false },
  environments: {
    ssr: {
      build: {
        outDir: 'dist/main',
        target: 'node20.19',
        rolldownOptions: {
          input: programs,
          output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
        },
      },
    },
    desktop: sealed('desktop', 'main/desktop/main.ts', 'es', 'js'),
    // A sandboxed preload has to be CommonJS.
    preload: sealed('preload', 'main/desktop/preload.ts', 'cjs', 'cjs'),
  },
  builder: {
    buildApp: async (builder) => {
      for (const name of ['ssr', 'desktop', 'preload']) {
        const environment = builder.environments[name];
        if (environment !== undefined) await builder.build(environment);
      }
    },
  },
});
