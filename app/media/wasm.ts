import { createRequire } from 'node:module';
import { readBounded } from '../base/read.ts';

/** What makes an instance of a library that Emscripten compiled. */
export type Factory<Library> = (options: {
  readonly wasmBinary: Uint8Array;
  readonly noInitialRun: boolean;
  readonly print: () => void;
  readonly printErr: () => void;
}) => Library | Promise<Library>;

const { resolve } = createRequire(import.meta.url);
const MAX_BYTES = 32e6;
const ignore = (): void => undefined;

/**
 * A library in WebAssembly. It is loaded when it is first needed, and every call makes a fresh instance in a few
 * milliseconds (V8 compiles the same bytes once): what one picture breaks, and the memory it takes, is no other's concern.
 *
 * @param factory imports what Emscripten wrote
 * @param binary  the module beside it, as it would be imported
 */
export const wasmLibrary = <Library>(
  factory: () => Promise<Factory<Library>>,
  binary: string,
): (() => Promise<Library>) => {
  let loaded: Promise<[Factory<Library>, Uint8Array]> | undefined;
  return async () => {
    loaded ??= Promise.all([factory(), readBounded(resolve(binary), { maxBytes: MAX_BYTES })]);
    const [create, wasmBinary] = await loaded;
    return create({ wasmBinary, noInitialRun: true, print: ignore, printErr: ignore });
  };
};
