import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Cdp } from './cdp.ts';

export interface Browser {
  readonly cdp: Cdp;
  readonly end: () => void;
}

/** Starts a browser without a window, and tells its address on standard error as Electron does. */
export const startChromium = async (program: string): Promise<Browser> => {
  const profile = mkdtempSync(join(tmpdir(), 'afterimage-double-'));
  const child = spawn(
    program,
    [
      '--headless=new',
      '--remote-debugging-port=0',
      `--user-data-dir=${profile}`,
      '--no-startup-window',
      // There is no network: whatever is not answered by the program is nowhere.
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE *.localhost',
      '--no-first-run',
      '--disable-gpu',
      '--disable-extensions',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--disable-dev-shm-usage',
      '--disable-backgrounding-occluded-windows',
      '--disable-renderer-backgrounding',
      '--force-color-profile=srgb',
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const end = (): void => {
    child.kill('SIGKILL');
    try {
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    } catch {
      // A process of the browser is still writing: the system's temporary folder is tidied by others.
    }
  };
  const address = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stderr }).on('line', (line) => {
      const found = /^DevTools listening on (?<address>ws:\S+)$/u.exec(line)?.groups?.address;
      if (found === undefined) return;
      process.stderr.write(`${line}\n`);
      resolve(found);
    });
    child.once('exit', (code) => {
      reject(new Error(`The browser ended with ${String(code)}.`));
    });
  });
  return { cdp: await Cdp.open(address), end };
};
