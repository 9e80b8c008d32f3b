import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmdirSync, statfsSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const mount = (...args: readonly string[]): void => void execFileSync('mount', args, { stdio: 'ignore' });
const unmount = (path: string): void => void execFileSync('umount', ['-l', path], { stdio: 'ignore' });

const tryMounting = (): boolean => {
  const folder = mkdtempSync(join(tmpdir(), 'afterimage-mount-'));
  try {
    mount('-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder);
    unmount(folder);
    return true;
  } catch {
    return false;
  } finally {
    rmdirSync(folder);
  }
};

/** Whether this system lets us mount: Linux, as root, in a container that allows it. */
export const canMount = process.platform === 'linux' && process.getuid?.() === 0 && tryMounting();

/** Why a test that needs it was skipped; appended to its title. */
export const needsMount = canMount ? '' : ' (skipped: this system does not let a small file system be mounted)';

/** Left to the file system for its own book-keeping. */
const PAGE = 4096;

/** A file system of its own, as small as wanted, that can be filled, pulled and plugged in again with all that is on it. */
export class Drive {
  /** Where it is for as long as it exists, plugged in or not. */
  readonly home: string;
  readonly #places = new Set<string>();

  private constructor(home: string) {
    this.home = home;
  }

  static make(home: string, bytes: number): Drive {
    mkdirSync(home, { recursive: true });
    mount('-t', 'tmpfs', '-o', `size=${String(bytes)},mode=700`, 'tmpfs', home);
    return new Drive(home);
  }

  /** @param part of the drive that appears there: all of it unless given */
  plugIn(path: string, part = ''): void {
    const home = join(this.home, part);
    for (const folder of [path, home]) mkdirSync(folder, { recursive: true });
    mount('--bind', home, path);
    this.#places.add(path);
  }

  /** At once, whoever is reading from it. */
  pull(path: string): void {
    unmount(path);
    this.#places.delete(path);
  }

  /** Makes it so full that this much is free. */
  leave(bytes: number): void {
    const { bfree, bsize } = statfsSync(this.home);
    writeFileSync(join(this.home, FILLER), Buffer.alloc(Math.max(0, bfree * bsize - bytes - PAGE)));
  }

  /** Takes away what fills it. */
  relieve(): Promise<void> {
    return rm(join(this.home, FILLER), { force: true });
  }

  end(): void {
    for (const path of this.#places) unmount(path);
    unmount(this.home);
  }
}

const FILLER = 'filler';
