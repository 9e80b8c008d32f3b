import { AfterimageError, errorDataSchema, pictureSchema, type Picture } from '../../app/contract/index.ts';

/** Tenths are enough. Rounded up: a moment is the first of its scene, and what comes before it shows another one. */
const moment = (at: number | null): string => (at === null ? '' : `?at=${(Math.ceil(at * 10) / 10).toFixed(1)}`);

/** @param at second of a video that it should show; null for what stands for the whole */
export const thumbnailUrl = (id: string, at: number | null = null): string => `/photo/${id}/thumbnail${moment(at)}`;

/**
 * A picture of the whole photo that every browser can draw.
 *
 * @param at as for the thumbnail
 */
export const viewUrl = (id: string, at: number | null = null): string => `/photo/${id}/view${moment(at)}`;

/** The file itself, for what is played rather than drawn. */
export const originalUrl = (id: string): string => `/photo/${id}/original`;

/** A picture from outside the library that was dropped or pasted. */
export const pictureUrl = (token: string): string => `/picture/${encodeURIComponent(token)}`;

const errorOf = async (response: Response): Promise<AfterimageError> => {
  const parsed = errorDataSchema.safeParse(await response.json().catch(() => undefined));
  if (parsed.success) return AfterimageError.fromData(parsed.data);
  return new AfterimageError('internal', `Afterimage answered with status ${response.status}.`);
};

const request = async (address: string, options?: RequestInit): Promise<Response> => {
  const response = await fetch(address, options).catch(() => {
    throw new AfterimageError('engine-stopped', 'Afterimage is not answering at the moment.');
  });
  if (!response.ok) throw await errorOf(response);
  return response;
};

/** Hands a picture from outside the library to the engine. @throws AfterimageError `not-a-picture`, … */
export const sendPicture = async (picture: Blob): Promise<Picture> => {
  const headers = { 'content-type': picture.type === '' ? 'application/octet-stream' : picture.type };
  const response = await request('/picture', { method: 'POST', body: picture, headers });
  return pictureSchema.parse(await response.json());
};

const problemOf = (answer: Promise<Response>): Promise<AfterimageError | null> =>
  answer.then(
    () => null,
    (error: unknown) => (error instanceof AfterimageError ? error : null),
  );

/** Why a photo cannot be shown, in the engine's words; an image element only says that it failed. */
export const viewProblem = (id: string): Promise<AfterimageError | null> => problemOf(request(viewUrl(id)));

/** The same of a file that was to be played; null also when only the browser cannot play it. */
export const originalProblem = (id: string): Promise<AfterimageError | null> =>
  problemOf(request(originalUrl(id), { headers: { range: 'bytes=0-0' } }));
