import { createHash, type Hash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import type { OwnFolder } from '../base/disk.ts';
import { refusedWrite } from './folders.ts';

/** A file that grows beside its place, hashed while it grows; what a former run left of it is taken up. */
export class Part {
  readonly #own: OwnFolder;
  readonly #path: string;
  readonly #file: FileHandle;
  #hash: Hash = createHash('sha256');
  #bytes = 0;

  private constructor(own: OwnFolder, path: string, file: FileHandle) {
    this.#own = own;
    this.#path = path;
    this.#file = file;
  }

  static async open(own: OwnFolder, target: string): Promise<Part> {
    const path = `${target}.part`;
    // Neither emptied nor appended to: whole chunks are written where they belong.
    const part = new Part(own, path, await own.openToUpdate(path));
    for await (const chunk of part.#file.createReadStream({ autoClose: false, start: 0, highWaterMark: 2 ** 20 })) {
      // A stream without encoding gives buffers.
      part.#count(chunk as Buffer);
    }
    return part;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** SHA-256 of all bytes so far. */
  get sha256(): string {
    return this.#hash.copy().digest('hex');
  }

  #count(chunk: Buffer): void {
    this.#hash.update(chunk);
    this.#bytes += chunk.length;
  }

  /** @throws AfterimageError `disk-full`, `unreadable` */
  async append(chunk: Buffer): Promise<void> {
    try {
      for (let done = 0; done < chunk.length;)
        done += (await this.#file.write(chunk, done, chunk.length - done, this.#bytes + done)).bytesWritten;
    } catch (error) {
      throw refusedWrite(this.#path, error);
    }
    this.#count(chunk);
  }

  /** SHA-1 as git names files by it; reads the file once more. */
  async blobSha1(): Promise<string> {
    const hash = createHash('sha1').update(`blob ${String(this.#bytes)}\0`);
    for await (const chunk of this.#file.createReadStream({ autoClose: false, start: 0 })) hash.update(chunk as Buffer);
    return hash.digest('hex');
  }

  /** Begins anew. */
  async restart(): Promise<void> {
    await this.#file.truncate(0);
    this.#hash = createHash('sha256');
    this.#bytes = 0;
  }

  /** Puts the file in its place, as it is. */
  async keep(): Promise<void> {
    try {
      await this.#file.sync();
    } catch (error) {
      throw refusedWrite(this.#path, error);
    }
    await this.#file.close();
    await this.#own.move(this.#path, this.#path.slice(0, -'.part'.length));
  }

  /** What is there stays for the next run; after `keep` there is nothing left to do. */
  async close(): Promise<void> {
    await this.#file.close();
    if (this.#bytes === 0) await this.#own.remove(this.#path);
  }
}
