import { errnoOf } from '../base/errno.ts';
import { AfterimageError } from '../contract/index.ts';

/** A connection that did not bring what was asked for; another try may. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
  /** How long the server asks us to wait, in milliseconds. */
  readonly waitMs: number | null;
  readonly status: number | null;

  constructor(
    message: string,
    options: { readonly waitMs?: number | null; readonly status?: number; readonly cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.waitMs = options.waitMs ?? null;
    this.status = options.status ?? null;
  }

  /** @returns the error as it is when it comes from no connection, or when the person has cancelled */
  static of(error: unknown, signal: AbortSignal): unknown {
    const code = errnoOf(error);
    if (signal.aborted || !(error instanceof Error) || code === undefined) return error;
    return new Interrupted(`${reason(error)} (${code})`, { cause: error });
  }
}

/** Undici wraps what went wrong below it. */
const reason = (error: Error): string =>
  error.message !== '' ? error.message : error.cause instanceof Error ? reason(error.cause) : 'no connection';

/** @param problem a clause without a full stop; the remedy follows */
export const refused = (url: URL, problem: string, status?: number): AfterimageError =>
  new AfterimageError('download-failed', `${fileName(url)} cannot be downloaded: ${problem}. ${remedy(status)}`, {
    details: { url: url.href, ...(status === undefined ? {} : { status }) },
  });

const remedy = (status: number | undefined): string => {
  if (status === 401 || status === 403 || status === 404)
    return 'Models of the catalogue need no login. If HF_ENDPOINT names a mirror, or a proxy is in use, check that it hands out this model.';
  if (status === 429 || (status !== undefined && status >= 500))
    return 'Try again later: what was fetched stays and is continued.';
  return 'Try again; if that does not help, check the mirror (HF_ENDPOINT) or the proxy in use.';
};

/** The last of several interruptions, as an error for the person. */
export const givenUp = (url: URL, last: Interrupted, answered: boolean): AfterimageError =>
  answered
    ? new AfterimageError(
        'download-failed',
        `${fileName(url)} cannot be downloaded from ${url.host}: ${last.message}. Try again later: what was fetched stays and is continued.`,
        { details: { url: url.href, ...(last.status === null ? {} : { status: last.status }) }, cause: last },
      )
    : new AfterimageError(
        'offline',
        `${url.host} cannot be reached: ${last.message}. Check the connection to the internet, and the proxy if there is one, then try again.`,
        { details: { url: url.href }, cause: last },
      );

const fileName = (url: URL): string => url.pathname.slice(url.pathname.lastIndexOf('/') + 1);
