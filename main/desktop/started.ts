/** When this program began, as `performance.now()` counts: imported before all else, it is the bundle's first line. */
export const started = performance.now();
