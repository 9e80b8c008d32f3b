import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generatedFiles } from './files.ts';

const models = new URL('../', import.meta.url);

for (const [path, bytes] of await generatedFiles()) {
  const target = fileURLToPath(new URL(path, models));
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, bytes);
  console.log(`${path}: ${bytes.length} bytes`);
}
