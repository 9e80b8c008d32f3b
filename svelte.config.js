/** @type {import('@sveltejs/vite-plugin-svelte').SvelteConfig} */
export default {
  // TypeScript in components is erased by the compiler itself; no preprocessor is needed.
  compilerOptions: { runes: true },
};
