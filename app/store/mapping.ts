import type { Metadata } from '../contract/index.ts';
import { literalOf } from './literal.ts';
import type { FileRow, PhotoRow, UserRow } from './rows.ts';
import type { Row } from './table.ts';

/** Title, description and keywords, by photo. */
export type RecordedTexts = ReadonlyMap<string, readonly (string | null)[]>;

export const recordedTexts = ({
  title,
  description,
  keywords,
}: Pick<Metadata, 'title' | 'description' | 'keywords'>): readonly (string | null)[] => [
  title,
  description,
  ...keywords,
];

/** What the column for the kind of a failure says of a file that is indexed, but for a part of what describes it. */
export const LEFT_OUT = 'left-out';

/** A file as a row of `filesSchema`. */
export const fileToRow = (file: FileRow, textsOf: RecordedTexts): Row => ({
  file_id: file.fileId,
  root_id: file.rootId,
  rel_path: file.relPath,
  size: file.size,
  mtime: file.mtime,
  device: file.device,
  inode: file.inode,
  content_hash: file.contentHash,
  photo_id: file.photoId,
  state: file.failure === null ? 'ok' : 'failed',
  error_kind: file.failure?.kind ?? (file.leftOut === null ? null : LEFT_OUT),
  error: file.failure?.message ?? file.leftOut,
  seen_at: file.seenAt,
  group_id: file.groupId,
  sidecars: file.sidecars,
  gone_at: file.goneAt,
  literal:
    file.photoId === null
      ? null
      : literalOf([file.relPath.split('/').at(-1) ?? '', ...(textsOf.get(file.photoId) ?? [])]),
});

/** A photo as a row of `photosSchema`. */
export const photoToRow = ({ metadata, ...photo }: PhotoRow): Row => ({
  photo_id: photo.photoId,
  content_hash: photo.contentHash,
  pixel_hash: photo.pixelHash,
  width: photo.width,
  height: photo.height,
  mime: photo.mime,
  taken_at: metadata.takenAt,
  taken_at_source: metadata.takenAtSource,
  camera: metadata.camera,
  lens: metadata.lens,
  exposure: metadata.exposure,
  iso: metadata.iso,
  aperture: metadata.aperture,
  exposure_seconds: metadata.exposureSeconds,
  focal_length: metadata.focalLength,
  latitude: metadata.latitude,
  longitude: metadata.longitude,
  rating: metadata.rating,
  keywords: metadata.keywords,
  title: metadata.title,
  description: metadata.description,
  taken_at_offset: metadata.takenAtOffset,
  phash: photo.phash,
  sharpness: photo.sharpness,
  seconds: photo.seconds,
});

export const userToRow = ({ photoId, favourite, rating, hidden }: UserRow): Row => ({
  photo_id: photoId,
  favourite,
  rating,
  hidden,
});
