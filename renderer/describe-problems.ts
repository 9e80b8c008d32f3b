import type { Status } from '../app/contract/index.ts';
import { formatCount, formatNumber } from './format.ts';

/** What there is to say of files with problems; null when there are none. */
export const describeProblems = ({ failed, incomplete }: Status['library']): string | null => {
  const inPart = `${formatCount(incomplete, 'file')} could not be read in full`;
  if (failed === 0) return incomplete === 0 ? null : inPart;
  const whole = `${formatCount(failed, 'file')} could not be read`;
  return incomplete === 0 ? whole : `${whole}, ${formatNumber(incomplete)} not in full`;
};
