import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SEND = `const [address, text] = process.argv.slice(1);
require('node:net').connect(address, function () { this.end(text); }).on('error', () => process.exit(1));`;

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** One instance per folder: the first listens, later ones say what they were started with. */
export class SingleInstance {
  readonly #lock: string;
  readonly #address: string;
  readonly #onSecond: (argv: readonly string[], folder: string, more: unknown) => void;
  #server: Server | null = null;

  constructor(data: string, onSecond: (argv: readonly string[], folder: string, more: unknown) => void) {
    this.#lock = join(data, 'SingletonLock');
    // Addresses of sockets are short.
    const name = createHash('sha256').update(data).digest('hex').slice(0, 16);
    this.#address = join(tmpdir(), `electron-double-${name}.sock`);
    this.#onSecond = onSecond;
  }

  /** As in Electron, it is known at once whether this is the first. */
  acquire(more: unknown): boolean {
    try {
      const file = openSync(this.#lock, 'wx');
      writeSync(file, String(process.pid));
      closeSync(file);
    } catch {
      if (isAlive(Number(readFileSync(this.#lock, 'utf8')))) {
        const text = JSON.stringify({ argv: process.argv, folder: process.cwd(), more });
        spawnSync(process.execPath, ['-e', SEND, this.#address, text]);
        return false;
      }
      rmSync(this.#lock, { force: true });
      return this.acquire(more);
    }
    rmSync(this.#address, { force: true });
    this.#server = createServer((socket) => {
      let text = '';
      socket.setEncoding('utf8').on('data', (part: string) => (text += part));
      socket.on('end', () => {
        const { argv, folder, more: data } = JSON.parse(text) as { argv: string[]; folder: string; more: unknown };
        this.#onSecond(argv, folder, data);
      });
    });
    this.#server.listen(this.#address);
    return true;
  }

  release(): void {
    if (this.#server === null) return;
    this.#server.close();
    rmSync(this.#address, { force: true });
    rmSync(this.#lock, { force: true });
  }
}
