import type { FailureKind, Metadata } from '../contract/index.ts';

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
  readonly metadata: Metadata;
}

/** The few facts of a photo that are kept in memory. */
export interface PhotoSummary {
  readonly photoId: string;
  readonly contentHash: string;
  readonly width: number;
  readonly height: number;
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

export interface VectorRow {
  readonly photoId: string;
  /** Unit vector, `[d]`. */
  readonly vector: Float32Array;
}
