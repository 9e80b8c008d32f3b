import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ElectronApplication, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/command-line.ts';
import { logOf, runsOn, startDesktop, windowOf } from './desktop.ts';

let home = '';
let remove: () => Promise<void>;
let app: ElectronApplication;
let page: Page;
/** A place outside that must never hear of anything. */
let outside: Server;
let address = '';
let heard = 0;

beforeAll(async () => {
  [home, remove] = await temporaryFolder();
  outside = createServer((_request, response) => {
    heard += 1;
    response.end('<h1>elsewhere</h1>');
  });
  await new Promise<void>((resolve) => outside.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${String((outside.address() as AddressInfo).port)}/`;
  app = await startDesktop(home);
  page = await windowOf(app, []);
});
afterAll(async () => {
  await app.close();
  await new Promise((resolve) => outside.close(resolve));
  await remove();
});

const here = (): Promise<string | undefined> =>
  app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getURL());
const windows = (): Promise<number> => app.evaluate(({ webContents }) => webContents.getAllWebContents().length);

describe(`a page that means no good (on ${runsOn})`, () => {
  it('finds nothing of Node or Electron, and two functions by name', async () => {
    const found = await page.evaluate(() => ({
      names: Object.keys(window.afterimage ?? {}).sort(),
      isFrozen: Object.isFrozen(window.afterimage),
      node: ['require', 'process', 'module', 'Buffer', 'electron', 'electronDouble', 'global'].filter(
        (name) => name in window,
      ),
    }));
    expect(found).toEqual({ names: ['connect', 'dropped'], isFrozen: true, node: [] });
  });

  it('runs in a sandbox, apart from its preload script', async () => {
    const preferences = await app.evaluate(({ BrowserWindow }) => {
      const window = BrowserWindow.getAllWindows()[0] as unknown as {
        options?: { webPreferences: Record<string, unknown> };
        webContents: { getLastWebPreferences?: () => Record<string, unknown> };
      };
      // Electron tells what it made of them; the double what it was given.
      const { sandbox, contextIsolation, nodeIntegration, webviewTag, webSecurity } =
        window.webContents.getLastWebPreferences?.() ?? window.options?.webPreferences ?? {};
      return { sandbox, contextIsolation, nodeIntegration, webviewTag, webSecurity };
    });
    expect(preferences).toEqual({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      webSecurity: true,
    });
  });

  it('runs no code that is not in the bundle', async () => {
    const policy = await page.evaluate(async () => (await fetch('/')).headers.get('content-security-policy') ?? '');
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('unsafe');
    const ran = await page.evaluate(async () => {
      // What a debugger evaluates may evaluate more: a timer's turn is the page's own.
      await new Promise((resolve) => setTimeout(resolve, 0));
      const attempts = {
        inline: () => {
          const script = document.createElement('script');
          script.textContent = 'window.wasRun = true';
          document.head.append(script);
          return 'wasRun' in window;
        },
        eval: () => Boolean((0, eval)('1')),
        function: () => Boolean(Reflect.construct(Function, ['return 1'])),
        handler: () => {
          document.body.insertAdjacentHTML('beforeend', '<img src="x" onerror="window.wasRun = true">');
          return 'wasRun' in window;
        },
      };
      return Object.entries(attempts).filter(([, attempt]) => {
        try {
          return attempt();
        } catch {
          return false;
        }
      });
    });
    expect(ran).toEqual([]);
  });

  it('reaches nobody outside', async () => {
    const reached = await page.evaluate(async (to) => {
      const image = new Image();
      const shown = new Promise((resolve) => {
        image.onload = () => resolve('image');
        image.onerror = () => resolve(null);
      });
      image.src = to;
      const asked = await fetch(to, { mode: 'no-cors' }).then(
        () => 'fetch',
        () => null,
      );
      const beacon = navigator.sendBeacon(to, 'x') && null;
      return [asked, await shown, beacon].filter((way) => way !== null);
    }, address);
    expect(reached).toEqual([]);
    // The page's policy lets none of that get as far as a request; a window without a policy makes one.
    const failed = await app.evaluate(async ({ BrowserWindow, session }, to) => {
      const seen: unknown[] = [];
      const { webRequest } = session.defaultSession;
      webRequest.onErrorOccurred(({ url, error }) => void seen.push([url, error]));
      const window = new BrowserWindow({ show: false });
      const policy = window.webContents.getWebRTCIPHandlingPolicy();
      await window.loadURL(to).catch(() => undefined);
      window.destroy();
      webRequest.onErrorOccurred(null);
      return { policy, seen };
    }, address);
    expect(failed).toEqual({
      policy: 'disable_non_proxied_udp',
      seen: [[address, 'net::ERR_BLOCKED_BY_CLIENT']],
    });
    expect(heard).toBe(0);
  });

  it('goes nowhere else and opens no other window', async () => {
    const before = await here();
    const count = await windows();
    const places = [address, 'https://example.org/', 'data:text/html,hello', 'file:///etc/passwd', 'app://elsewhere/'];
    for (const place of places)
      await page
        .evaluate((to) => {
          // A navigation that is taken back ends without a word.
          location.assign(to);
        }, place)
        .catch(() => undefined);
    await page.evaluate((to) => {
      const form = document.createElement('form');
      Object.assign(form, { method: 'post', action: to });
      document.body.append(form);
      form.submit();
      form.remove();
    }, address);
    await page.evaluate((to) => {
      window.open(to);
      const frame = document.createElement('iframe');
      frame.src = to;
      document.body.append(frame);
    }, address);
    await page.waitForTimeout(500);
    expect(await here()).toBe(before);
    expect(await windows()).toBe(count);
    expect(heard).toBe(0);
  });

  it('hands addresses of the web to the browser of the person, others to nobody', async () => {
    await app.evaluate(({ shell, dialog }) => {
      const asked: unknown[] = [];
      Object.assign(globalThis, { asked });
      shell.openExternal = (url) => (asked.push(['opened', url]), Promise.resolve());
      dialog.showMessageBox = (...given: unknown[]) => {
        asked.push(['asked', (given.at(-1) as { detail: string }).detail]);
        return Promise.resolve({ response: 0, checkboxChecked: false });
      };
    });
    const asked = () => app.evaluate(() => (globalThis as unknown as { asked: unknown[] }).asked);
    for (const place of [
      'https://huggingface.co/a/model',
      'https://huggingface.co.evil.example/',
      'http://huggingface.co/',
      'https://person@huggingface.co/',
      'smb://share/program.exe',
      'ms-settings:privacy',
    ])
      await page.evaluate((to) => void window.open(to, '_blank', 'noopener'), place).catch(() => undefined);
    await expect.poll(asked).toEqual([
      ['opened', 'https://huggingface.co/a/model'],
      ['asked', 'https://huggingface.co.evil.example/'],
    ]);
  });

  it('is drawn in a sandbox, like every page to come', async () => {
    expect(await app.evaluate(({ app: program }) => program.commandLine.hasSwitch('enable-sandbox'))).toBe(true);
  });

  it('is allowed nothing but to copy text', async () => {
    const states = await page.evaluate(async () => {
      const names = ['geolocation', 'notifications', 'camera', 'microphone', 'clipboard-read', 'midi'];
      const found = names.map(async (name) => {
        // Some of these names are Chromium's own.
        const { state } = await navigator.permissions.query({ name: name as PermissionName });
        return [name, state] as const;
      });
      return Object.fromEntries(await Promise.all(found));
    });
    expect(new Set(Object.values(states))).toEqual(new Set(['denied']));
    const media = await page.evaluate(() =>
      navigator.mediaDevices.getUserMedia({ video: true }).then(
        () => 'given',
        () => 'denied',
      ),
    );
    expect(media).toBe('denied');
  });

  it('is given no line to the engine in the name of another page', async () => {
    const before = await logOf(home);
    const given = await app.evaluate(({ ipcMain, BrowserWindow }) => {
      const contents = BrowserWindow.getAllWindows()[0]!.webContents;
      const posted: unknown[] = [];
      const post = contents.postMessage.bind(contents);
      contents.postMessage = (...message: Parameters<typeof post>) => void posted.push(message);
      const url = contents.getURL();
      const frame = (at: string, parent: unknown = null) => ({ url: at, origin: at, parent });
      for (const [sender, senderFrame] of [
        [contents, frame('https://evil.example/')],
        [contents, frame('app://afterimage.evil.example/')],
        [contents, frame('app://afterimage@evil.example/')],
        [contents, frame(url, frame(url))],
        [contents, null],
        [{}, frame(url)],
      ])
        ipcMain.emit('afterimage:connect', { sender, senderFrame, ports: [] });
      const refused = posted.length;
      ipcMain.emit('afterimage:connect', { sender: contents, senderFrame: frame(url), ports: [] });
      contents.postMessage = post;
      return { refused, taken: posted.length };
    });
    expect(given).toEqual({ refused: 0, taken: 1 });
    expect((await logOf(home)).slice(before.length).split('message of another page refused')).toHaveLength(7);
  });

  it('cannot make up a place that something was dropped from', async () => {
    const folders = await page.evaluate(() => window.afterimage?.dropped([new File(['x'], '/etc/passwd')]));
    expect(folders).toEqual([]);
  });

  it('finds photos by their id alone, and no file beside them', async () => {
    const statuses = await page.evaluate(async () => {
      const paths = [
        '/photo/../../etc/passwd/view',
        '/photo/%2e%2e%2fetc/original',
        '/..%2f..%2f..%2fpackage.json',
        '/assets/../../../package.json',
        '/photo/0000000000000000/original',
        '/.git/config',
      ];
      return Promise.all(paths.map(async (path) => (await fetch(path)).status));
    });
    expect(statuses.every((status) => status === 404 || status === 400)).toBe(true);
    const nosniff = await page.evaluate(async () => (await fetch('/')).headers.get('x-content-type-options'));
    expect(nosniff).toBe('nosniff');
  });
});
