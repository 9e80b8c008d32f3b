import { vi } from 'vitest';

/** Lets programs started from here keep a person's data in this folder, until `vi.unstubAllEnvs`. */
export const keepDataIn = (folder: string): void => {
  for (const name of ['HOME', 'USERPROFILE', 'XDG_DATA_HOME', 'LOCALAPPDATA']) vi.stubEnv(name, folder);
};
