/**
 * A view of a file that can be read so many times: directories of tags point at each other and at the same bytes over and over,
 * so the size of a file says nothing of how long it takes to read them, nor of the memory for their values.
 */
export class MeteredView extends DataView<ArrayBuffer> {
  readonly #most: number;
  /** How often it has been read. */
  reads = 0;

  constructor(bytes: Buffer<ArrayBuffer>, most: number) {
    // Of a view of a part the reader of tags makes one of its own.
    const isWhole = bytes.length === bytes.buffer.byteLength;
    super(isWhole ? bytes.buffer : Uint8Array.from(bytes).buffer);
    this.#most = most;
  }

  /** Whether it has been read as often as it may be; every other read throws. */
  get isSpent(): boolean {
    return this.reads > this.#most;
  }

  override getUint8(at: number): number {
    this.#spend();
    return super.getUint8(at);
  }

  override getUint16(at: number, isLittle?: boolean): number {
    this.#spend();
    return super.getUint16(at, isLittle);
  }

  override getUint32(at: number, isLittle?: boolean): number {
    this.#spend();
    return super.getUint32(at, isLittle);
  }

  override getInt32(at: number, isLittle?: boolean): number {
    this.#spend();
    return super.getInt32(at, isLittle);
  }

  #spend(): void {
    if (++this.reads > this.#most) throw new RangeError('These metadata are read over and over.');
  }
}
