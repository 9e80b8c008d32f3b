/** Size of the drawing, in its own units. */
export const DRAWING = { width: 480, height: 100 } as const;

/**
 * The bars of a histogram as one SVG path. Their height goes with the square root of the count, so that a few photos among
 * many can still be seen; a bin with any photo is at least a line.
 */
export const barsOf = (bins: readonly number[]): string => {
  const most = Math.max(...bins);
  if (!(most > 0)) return '';
  const step = DRAWING.width / bins.length;
  return bins
    .map((count, bin) => {
      if (count === 0) return '';
      const height = Math.max(4, DRAWING.height * Math.sqrt(count / most));
      const right = ((bin + 1) * step - 1.5).toFixed(1);
      return `M${(bin * step).toFixed(1)} ${DRAWING.height}V${(DRAWING.height - height).toFixed(1)}H${right}V${DRAWING.height}Z`;
    })
    .join('');
};
