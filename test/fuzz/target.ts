/** A reader of bytes that come from elsewhere. */
export interface Target {
  readonly name: string;
  /** Parts of the paths of the modules whose blocks count. */
  readonly watched: readonly string[];
  /** Sound inputs to begin with. */
  readonly seeds: () => Promise<readonly Buffer[]>;
  /** Pieces that mean something to it. */
  readonly dictionary: readonly string[];
  /** Reads the input; throws what it likes, which has to be declared. */
  readonly run: (input: Buffer<ArrayBuffer>) => unknown;
  /** Whether it says in its documentation that it throws so. */
  readonly isDeclared: (error: unknown) => boolean;
  /** How many inputs the tests give it, sized to a few seconds each. */
  readonly tested: number;
}
