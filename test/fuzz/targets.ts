import { fileTargets } from './file-targets.ts';
import { pictureTargets } from './picture-targets.ts';
import type { Target } from './target.ts';
import { textTargets } from './text-targets.ts';

/** Every reader of bytes that come from elsewhere. */
export const targets: readonly Target[] = [...pictureTargets, ...textTargets, ...fileTargets()];
