import { copyFile, mkdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { writeScenes, type Scene } from './scenes.ts';

/** Scenes that have no duplicate. */
const OTHERS = 11;

/**
 * Writes scenes, and of the first ones what people's folders have: a copy in another folder, a small version without its
 * metadata, an edited one with it, and a burst of three of which two are shaken or cut differently.
 *
 * @returns the scenes: one with a copy, one that was saved again, one that was taken in a burst, and all others
 */
export const writeDuplicates = async (
  folder: string,
): Promise<{ readonly copied: Scene; readonly savedAgain: Scene; readonly burst: Scene; readonly others: Scene[] }> => {
  const [copied, savedAgain, burst, ...others] = await writeScenes(folder, 3 + OTHERS);
  if (copied === undefined || savedAgain === undefined || burst === undefined)
    throw new Error('No scenes were painted.');
  const backup = join(folder, 'backup');
  await mkdir(backup, { recursive: true });
  await copyFile(join(folder, copied.name), join(backup, copied.name));

  const original = await readFile(join(folder, savedAgain.name));
  const small = join(backup, 'sent to a friend.jpg');
  await writeFile(small, await sharp(original).resize(640).jpeg({ quality: 70 }).toBuffer());
  await utimes(small, new Date('2024-12-24T18:00:00Z'), new Date('2024-12-24T18:00:00Z'));
  const edited = join(folder, savedAgain.name.replace('.jpg', '-edited.jpg'));
  await sharp(original).keepMetadata().modulate({ brightness: 1.08 }).jpeg({ quality: 80 }).toFile(edited);

  const { width, height } = burst;
  const shot = sharp(await readFile(join(folder, burst.name))).keepMetadata();
  const part = { width: Math.floor(width * 0.96), height: Math.floor(height * 0.96) };
  await shot
    .clone()
    .extract({ left: Math.floor(width * 0.03), top: 0, ...part })
    .resize(width, height, { fit: 'fill' })
    .jpeg({ quality: 88 })
    .toFile(join(folder, burst.name.replace('.jpg', ' b.jpg')));
  await shot
    .clone()
    .blur(4)
    .jpeg({ quality: 88 })
    .toFile(join(folder, burst.name.replace('.jpg', ' c.jpg')));
  return { copied, savedAgain, burst, others };
};
