import type * as electron from 'electron';

/** Electron as a module hands it on: everything with logic gets the objects it needs and imports none. */
export type Electron = typeof electron;
