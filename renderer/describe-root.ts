import type { Root } from '../app/contract/index.ts';
import { formatCount, formatEvery } from './format.ts';

const watched = ({ watching, follow }: Root): string => {
  if (watching === 'events') return 'Changes are noticed at once';
  if (watching !== null) return `Looked through ${formatEvery(watching)}`;
  return follow === 'manual' ? 'Looked through when you ask' : 'Not followed yet';
};

/** How a folder fares, in parts to be put side by side: what is done about it, and what of it is missing. */
export const describeRoot = (root: Root): readonly string[] => {
  const missing = root.onlineOnly === 0 ? [] : [`${formatCount(root.onlineOnly, 'file')} only online, left there`];
  if (root.state === 'waiting') return ['Waits for your approval'];
  if (root.state === 'offline') return ['Not connected', ...missing];
  return [root.paused ? 'Paused' : watched(root), ...missing];
};
