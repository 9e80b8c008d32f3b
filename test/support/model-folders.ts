import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The model that ships with the program. */
export const starterModel = fileURLToPath(new URL('../../models/starter', import.meta.url));

type Json = Record<string, unknown>;

/** A copy of a model's folder in which some files are other than they should be; null takes a file away. */
export const changedModel = async (
  target: string,
  changes: Readonly<Record<string, string | Uint8Array | null | ((json: Json) => Json)>>,
  source = starterModel,
): Promise<string> => {
  await cp(source, target, {
    recursive: true,
    filter: (path) => changes[path.slice(source.length + 1).replaceAll('\\', '/')] !== null,
  });
  for (const [file, change] of Object.entries(changes)) {
    if (change === null) continue;
    const path = join(target, file);
    await mkdir(dirname(path), { recursive: true });
    // The files are our own or a test model's, and hold objects.
    await writeFile(
      path,
      typeof change === 'function' ? JSON.stringify(change(JSON.parse(await readFile(path, 'utf8')) as Json)) : change,
    );
  }
  return target;
};
