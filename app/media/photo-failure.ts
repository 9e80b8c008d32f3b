import type { FailureKind } from '../contract/index.ts';

/** Why one photo cannot be used. Thrown while it is being worked on, and a value from there on. */
export class PhotoFailure extends Error {
  override readonly name = 'PhotoFailure';
  readonly kind: FailureKind;

  /** @param message for the person: what is wrong with the file, and what can be done about it */
  constructor(kind: FailureKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}
