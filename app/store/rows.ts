import type { FailureKind, Mark, Metadata } from '../contract/index.ts';

/** A path the library knows. */
export interface FileRow {
  readonly fileId: string;
  readonly rootId: string;
  /** As on disk, `/` between the parts. */
  readonly relPath: string;
  readonly size: number;
  /** Milliseconds since the epoch. */
  readonly mtime: number;
  readonly device: string;
  readonly inode: string;
  readonly contentHash: string | null;
  readonly photoId: string | null;
  readonly failure: { readonly kind: FailureKind; readonly message: string } | null;
  /** What of it was left out when it was indexed, and why; null when nothing was. */
  readonly leftOut: string | null;
  /** Key of the file whose shot this one belongs to (the JPEG of a raw file, the picture of a live photo); else null. */
  readonly groupId: string | null;
  /** Names, sizes and times of the files beside it that describe it; null when there are none. */
  readonly sidecars: string | null;
  /** When the file was found to be gone, milliseconds since the epoch; null while it is there. */
  readonly goneAt: number | null;
  /** When this state of the file was first seen. */
  readonly seenAt: number;
}

/** A picture and what its file says of it. */
export interface PhotoRow {
  readonly photoId: string;
  readonly contentHash: string;
  readonly pixelHash: string;
  /** Of the oriented picture, in pixels. */
  readonly width: number;
  readonly height: number;
  readonly mime: string;
  /** Perceptual hash, 16 hexadecimal digits, and sharpness of the reduced picture; null where an older program read it. */
  readonly phash: string | null;
  readonly sharpness: number | null;
  /** Length of a video; null for a picture. */
  readonly seconds: number | null;
  readonly metadata: Metadata;
}

/** The few facts of a photo that are kept in memory. */
export interface PhotoSummary {
  readonly photoId: string;
  readonly contentHash: string;
  readonly pixelHash: string;
  readonly width: number;
  readonly height: number;
  readonly seconds: number | null;
  readonly takenAt: number;
  /** Stars from 0 to 5. */
  readonly rating: number | null;
}

/** What completion offers values of. */
export interface PhotoFacts {
  readonly photoId: string;
  readonly camera: string | null;
  readonly lens: string | null;
  readonly mime: string;
  readonly keywords: readonly string[];
}

/** What tells whether photos are duplicates of each other, beside their vectors. */
export interface PhotoLook {
  readonly photoId: string;
  readonly phash: string | null;
  readonly sharpness: number | null;
  readonly takenAt: number | null;
  readonly takenAtSource: Metadata['takenAtSource'];
}

export interface VectorRow {
  readonly photoId: string;
  /** 0 is the photo as a whole, or the first key frame of a video; 1… are its other key frames. */
  readonly part: number;
  /** Second of the video that the frame is from; null for a picture. */
  readonly at: number | null;
  /** Unit vector, `[d]`. */
  readonly vector: Float32Array;
}

/** What the person says of a photo. */
export interface UserRow extends Mark {
  readonly photoId: string;
}
