import { box, fullBox, number } from './boxes.ts';
import { encodeHevc, PROFILE, type Paint } from './hevc.ts';

interface HeicOptions {
  /** Size of a tile in pixels, a multiple of 32. */
  readonly width: number;
  readonly height: number;
  /** Colours of the whole picture as it is stored. */
  readonly paint: Paint;
  /** Tiles side by side and under each other, as phones store them: one each way unless given. */
  readonly tiles?: readonly [columns: number, rows: number];
  /** Quarter turns to the left for display. */
  readonly turns?: number;
  /** Mirrored for display, about the vertical axis, after turning. */
  readonly mirrored?: boolean;
  /** Colour profile. */
  readonly icc?: Uint8Array;
  /** A TIFF structure with Exif tags. */
  readonly exif?: Uint8Array;
  /** Size that the file claims for its tiles; true unless given. */
  readonly claimed?: readonly [width: number, height: number];
}

interface Item {
  readonly type: string;
  readonly data: Uint8Array;
  /** Numbers of its properties, from 1. */
  readonly properties: readonly number[];
}

/** A HEIC file, uncompressed inside, so that its pixels are known and nothing needs to be installed to make it. */
export const heicFile = (options: HeicOptions): Buffer<ArrayBuffer> => {
  const {
    width,
    height,
    paint,
    tiles: [columns, rows] = [1, 1],
    turns = 0,
    icc,
    exif,
    claimed = [width, height],
  } = options;
  const coded = Array.from({ length: columns * rows }, (_, tile) => {
    const [left, top] = [(tile % columns) * width, Math.floor(tile / columns) * height];
    return encodeHevc(width, height, (x, y) => paint(left + x, top + y));
  });
  const isGrid = coded.length > 1;
  const display = [
    // Without it, numbers would be read as those of television.
    colour('nclx', number(2, 1, 13, 6), number(1, 0x80)),
    ...(icc === undefined ? [] : [colour('prof', icc)]),
    ...(turns === 0 ? [] : [box('irot', number(1, turns))]),
    ...(options.mirrored === true ? [box('imir', number(1, 1))] : []),
  ];
  const [parameterSets = []] = coded.map((tile) => tile.parameterSets);
  const properties = [
    configuration(parameterSets),
    extent(...claimed),
    extent(columns * width, rows * height),
    ...display,
  ];
  const shown = display.map((_, index) => index + 4);

  const items: Item[] = coded.map(({ slices }) => ({
    type: 'hvc1',
    data: Buffer.concat(slices.flatMap((slice) => [number(4, slice.length), slice])),
    properties: isGrid ? [1, 2, 4] : [1, 2, ...shown],
  }));
  const tileIds = items.map((_, index) => index + 1);
  if (isGrid) {
    const data = Buffer.concat([number(1, 0, 0, rows - 1, columns - 1), number(2, columns * width, rows * height)]);
    items.push({ type: 'grid', data, properties: [3, ...shown] });
  }
  const primary = items.length;
  if (exif !== undefined) items.push({ type: 'Exif', data: Buffer.concat([number(4, 0), exif]), properties: [] });

  const references = [
    ...(isGrid ? [box('dimg', number(2, primary, tileIds.length, ...tileIds))] : []),
    ...(exif === undefined ? [] : [box('cdsc', number(2, items.length, 1, primary))]),
  ];
  const before = (offset: number): Buffer[] => [
    box('ftyp', Buffer.from('heic\0\0\0\0mif1heic', 'latin1')),
    fullBox(
      'meta',
      0,
      0,
      fullBox('hdlr', 0, 0, number(4, 0), Buffer.from('pict', 'latin1'), Buffer.alloc(13)),
      fullBox('pitm', 0, 0, number(2, primary)),
      locations(items, offset),
      fullBox('iinf', 0, 0, number(2, items.length), ...items.map(({ type }, index) => entry(index + 1, type, isGrid))),
      ...(references.length === 0 ? [] : [fullBox('iref', 0, 0, ...references)]),
      box('iprp', box('ipco', ...properties), associations(items)),
    ),
  ];
  const offset = Buffer.concat(before(0)).length + 8;
  return Buffer.concat([...before(offset), box('mdat', ...items.map(({ data }) => data))]);
};

const entry = (id: number, type: string, isGrid: boolean): Buffer =>
  fullBox('infe', 2, isGrid && type === 'hvc1' ? 1 : 0, number(2, id, 0), Buffer.from(`${type}\0`, 'latin1'));

const extent = (width: number, height: number): Buffer => fullBox('ispe', 0, 0, number(4, width, height));

const colour = (type: string, ...content: readonly Uint8Array[]): Buffer => box('colr', Buffer.from(type), ...content);

const configuration = (parameterSets: readonly Buffer[]): Buffer =>
  box(
    'hvcC',
    number(1, 1),
    PROFILE,
    number(2, 0xf000),
    number(1, 0xfc, 0xfd, 0xf8, 0xf8),
    number(2, 0),
    number(1, 0x0f),
    number(1, parameterSets.length),
    ...parameterSets.flatMap((set) => [number(1, 0x80 | (set[0]! >> 1)), number(2, 1, set.length), set]),
  );

const locations = (items: readonly Item[], start: number): Buffer => {
  let offset = start;
  const places = items.map(({ data }, index) => {
    const place = Buffer.concat([number(2, index + 1, 0, 1), number(4, offset, data.length)]);
    offset += data.length;
    return place;
  });
  return fullBox('iloc', 0, 0, number(1, 0x44, 0), number(2, items.length), ...places);
};

const associations = (items: readonly Item[]): Buffer => {
  const lists = items.flatMap(({ properties }, index) =>
    properties.length === 0
      ? []
      : [Buffer.concat([number(2, index + 1), number(1, properties.length, ...properties.map((each) => 0x80 | each))])],
  );
  return fullBox('ipma', 0, 0, number(4, lists.length), ...lists);
};
