import { defineConfig } from 'vite';

/**
 * The programs that run on Node and Electron. Packages stay outside the bundles: they are installed beside them.
 * Every chunk lies directly in dist/main, so `import.meta.dirname` is that folder wherever a module ends up.
 */
const programs = {
  cli: 'main/cli/main.ts',
  web: 'main/web/main.ts',
  engine: 'main/engine/engine-main.ts',
  worker: 'main/engine/worker-main.ts',
  desktop: 'main/desktop/main.ts',
};

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
    // A sandboxed preload has to be one CommonJS file that requires nothing but Electron.
    preload: {
      consumer: 'server',
      resolve: { noExternal: true, external: ['electron'] },
      build: {
        outDir: 'dist/main',
        target: 'node22',
        ssr: true,
        rolldownOptions: {
          input: { preload: 'main/desktop/preload.ts' },
          output: { format: 'cjs', entryFileNames: '[name].cjs', codeSplitting: false },
        },
      },
    },
  },
  builder: {
    buildApp: async (builder) => {
      for (const name of ['ssr', 'preload']) {
        const environment = builder.environments[name];
        if (environment !== undefined) await builder.build(environment);
      }
    },
  },
});
