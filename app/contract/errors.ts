import { z } from 'zod';
import { isErrno } from '../base/errno.ts';
import { FileRefused } from '../base/file-refused.ts';

/** Every way a call can fail, as data; a boundary never sees anything else. */
export const errorKindSchema = z.enum([
  'invalid-request',
  'query-syntax',
  'not-found',
  'not-a-picture',
  'unreadable',
  'disk-full',
  'offline',
  'download-failed',
  'no-model',
  'model-invalid',
  'model-mismatch',
  'library-newer',
  'library-damaged',
  'library-locked',
  'not-approved',
  'cancelled',
  'engine-stopped',
  'unauthorized',
  'internal',
]);
export type ErrorKind = z.infer<typeof errorKindSchema>;

export const errorDataSchema = z.object({
  kind: errorKindSchema,
  message: z.string(),
  retryable: z.boolean(),
  details: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
});
export type ErrorData = z.infer<typeof errorDataSchema>;

const RETRYABLE: ReadonlySet<ErrorKind> = new Set([
  'disk-full',
  'offline',
  'download-failed',
  'library-locked',
  'engine-stopped',
  'unreadable',
]);

/** A failure with a machine-readable kind. `message` is written for the person: what, which file, what to do. */
export class AfterimageError extends Error {
  override readonly name = 'AfterimageError';
  readonly kind: ErrorKind;
  readonly details: Readonly<Record<string, string | number>> | undefined;

  constructor(
    kind: ErrorKind,
    message: string,
    options?: { readonly details?: Readonly<Record<string, string | number>>; readonly cause?: unknown },
  ) {
    super(message, options?.cause === undefined ? undefined : { cause: options.cause });
    this.kind = kind;
    this.details = options?.details;
  }

  /** What crosses a boundary; `cause` and the stack stay inside. */
  toData(): ErrorData {
    return {
      kind: this.kind,
      message: this.message,
      retryable: RETRYABLE.has(this.kind),
      ...(this.details === undefined ? {} : { details: this.details }),
    };
  }

  static fromData(data: ErrorData): AfterimageError {
    return new AfterimageError(data.kind, data.message, data.details === undefined ? {} : { details: data.details });
  }
}

/** The error as it may be shown: our own unchanged, anything else as `internal` with its message. */
export const toAfterimageError = (error: unknown): AfterimageError => {
  if (error instanceof AfterimageError) return error;
  if (error instanceof Error && error.name === 'AbortError')
    return new AfterimageError('cancelled', 'Cancelled.', { cause: error });
  if (isErrno(error, 'ENOSPC')) {
    return new AfterimageError(
      'disk-full',
      'The disk that holds the library is full. Free some space, then go on: nothing that was indexed is lost.',
      { cause: error },
    );
  }
  if (error instanceof FileRefused) return new AfterimageError('unreadable', error.message, { cause: error });
  const message = error instanceof Error ? error.message : String(error);
  return new AfterimageError('internal', message, { cause: error });
};
