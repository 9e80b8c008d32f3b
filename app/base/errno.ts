/** The system's code of an error, such as `ENOENT`; undefined for an error that has none. */
export const errnoOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;

/** Whether an error has one of these system codes. */
export const isErrno = (error: unknown, ...codes: readonly string[]): boolean => {
  const code = errnoOf(error);
  return code !== undefined && codes.includes(code);
};
