import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const candidate = fileURLToPath(new URL('../../../shared', import.meta.url));

/** Folder of test models and captioned photos beside the checkout; undefined where it is absent. */
export const sharedDir: string | undefined = existsSync(candidate) ? candidate : undefined;

/** Why a test that needs the folder was skipped; appended to its title. */
export const needsShared =
  sharedDir === undefined ? ' (skipped: ../shared with test models and photos is not here)' : '';
