import { arithmetic } from './arithmetic.ts';
import { labOf } from './oklab.ts';
import { type GraphBuilder, type Value } from './onnx.ts';
import { BASIC_COLOURS, COLOURS, PALETTE, type BasicColour } from './palette.ts';
import { pool, type Window } from './pooling.ts';

/** Width in OKLab of the passage from one name to the next; a just noticeable difference is about 0.02. */
const SOFTNESS = 0.045;

/** What differences in lightness and in the two opponent axes weigh: hue names a colour more than lightness does. */
const METRIC = [0.36, 2.25, 2.25];

const samples = COLOURS.flatMap((name) => PALETTE[name].samples.map((hex) => ({ name, lab: labOf(hex) })));

/** The part of the picture that each colour covers. */
export interface Areas {
  /** Palette colours over the whole picture, `[batch × colours]`. */
  readonly palette: Value;
  /** Basic colours under a window, `[batch × basic colours]`. */
  readonly basic: (window: Window) => Value;
  /** One basic colour under a window, `[batch × 1]`. */
  readonly share: (basic: BasicColour, window: Window) => Value;
}

/**
 * Shares every pixel out among the palette's samples, `softmax(−distance² / 2 SOFTNESS²)`, and pools the shares.
 * The pixel's own square is the same for all samples and cancels in the softmax, so that an affine map is left.
 *
 * @param lab OKLab, `[batch × size² × 3]`
 */
export function areas(graph: GraphBuilder, lab: Value, size: number): Areas {
  const { add, slice, matmul } = arithmetic(graph);
  const sharpness = METRIC.map((weight) => weight / SOFTNESS ** 2);
  const slopes = sharpness.flatMap((sharp, axis) => samples.map((sample) => sharp * sample.lab[axis]!));
  const offsets = samples.map((sample) =>
    sharpness.reduce((sum, sharp, axis) => sum - (sharp * sample.lab[axis]! ** 2) / 2, 0),
  );
  const logits = add(
    matmul(lab, graph.constant(slopes, [3, samples.length])),
    graph.constant(offsets, [samples.length]),
  );
  const bySample = graph.op('Softmax', [logits], { axis: 2 });
  const toPalette = membership(graph, samples, COLOURS, (sample, colour) => sample.name === colour);
  const toBasic = membership(graph, COLOURS, BASIC_COLOURS, (colour, basic) => PALETTE[colour].basic === basic);

  const { means } = pool(graph, matmul(bySample, toPalette), COLOURS, size);
  const basic = (window: Window): Value => matmul(means(window), toBasic);
  return {
    palette: means('whole'),
    basic,
    share(colour, window) {
      const column = BASIC_COLOURS.indexOf(colour);
      return slice(basic(window), 1, column, column + 1);
    },
  };
}

function membership<Row, Column>(
  graph: GraphBuilder,
  rows: readonly Row[],
  columns: readonly Column[],
  belongs: (row: Row, column: Column) => boolean,
): Value {
  const cells = rows.flatMap((row) => columns.map((column) => (belongs(row, column) ? 1 : 0)));
  return graph.constant(cells, [rows.length, columns.length]);
}
