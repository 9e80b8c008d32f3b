/** Smaller files may lie in the directory of the volume itself and take no blocks although they are all there. */
const SMALLEST = 4096;

/** `.boat.jpg.icloud`, `boat.jpg.nextcloud`: small files that stand where a cloud service would put the real one. */
const STUBS: readonly RegExp[] = [/^\.(.+)\.icloud$/iu, /^(.+)\.(?:nextcloud|owncloud|cloudf?)$/iu];

/** @returns the name of the file that a stub stands for; null when the name is none of a stub */
export const stubTarget = (name: string): string | null => {
  for (const stub of STUBS) {
    const target = stub.exec(name)?.[1];
    if (target !== undefined) return target;
  }
  return null;
};

/**
 * Whether only a cloud service has the content of a file, so that reading it would fetch it. Windows (OneDrive, Dropbox,
 * iCloud) and macOS (iCloud, file providers) give such a file its size and no blocks on the disk. On Linux a file without
 * blocks proves nothing (btrfs keeps small files in its tree, FUSE volumes tell none), so only stubs count there.
 *
 * @param stats size in bytes, and blocks on the disk, of the file itself
 */
export const isOnlineOnly = (
  name: string,
  stats: { readonly size: number; readonly blocks: number },
  platform: NodeJS.Platform,
): boolean =>
  stubTarget(name) !== null ||
  ((platform === 'win32' || platform === 'darwin') && stats.blocks === 0 && stats.size >= SMALLEST);
