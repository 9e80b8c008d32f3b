import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { isOurs, ORIGIN } from '../../main/desktop/origin.ts';
import { externalOpener } from '../../main/desktop/security/external.ts';
import { guardNavigation } from '../../main/desktop/security/navigation.ts';
import { guardPermissions } from '../../main/desktop/security/permissions.ts';
import { isFromPage } from '../../main/desktop/security/sender.ts';
import { guardSession } from '../../main/desktop/security/session.ts';
import { windowOptions } from '../../main/desktop/window.ts';

const desktop = fileURLToPath(new URL('../../main/desktop', import.meta.url));

type Sent = Parameters<typeof isFromPage>[0];
type Contents = NonNullable<Parameters<typeof isFromPage>[1]>;

/** Notes what a module sets on an object of Electron's, so that it can be asked as Electron would. */
const noted = () => {
  const set = new Map<string, (...args: never[]) => unknown>();
  const double: unknown = new Proxy(
    {},
    {
      get: (_target, name) =>
        name === 'webRequest'
          ? double
          : (...args: readonly unknown[]) => {
              const listener = args.find((argument) => typeof argument === 'function');
              const event = name === 'on' ? String(args[0]) : String(name);
              // Only functions pass the line above.
              if (listener !== undefined) set.set(event, listener as (...args: never[]) => unknown);
            },
    },
  );
  const ask = (name: string, ...args: readonly unknown[]): unknown => {
    const listener = set.get(name);
    if (listener === undefined) throw new Error(`Nothing was set by ${name}.`);
    return listener(...(args as never[]));
  };
  // Stands in for whatever part of Electron the module under test takes.
  return { double: double as never, ask };
};

/** Addresses that are not the page's, some of them nearly. */
const FOREIGN = [
  'https://evil.example/',
  'http://127.0.0.1/',
  'file:///etc/passwd',
  'app://evil/',
  `${ORIGIN}.evil.example/`,
  `app://afterimage@evil.example/`,
  'app://user@afterimage/',
  'APP:afterimage',
  'javascript:alert(1)',
  'data:text/html,<script>1</script>',
  'afterimage://search?q=x',
  'about:blank',
  '',
];

describe('Electron’s checklist', () => {
  it('1, 18: nothing is loaded but the page’s own scheme; no file:', async () => {
    const { double, ask } = noted();
    guardSession(double);
    const isCancelled = (url: string): boolean => {
      let answer: { cancel?: boolean } = {};
      ask('onBeforeRequest', { url }, (given: typeof answer) => (answer = given));
      return answer.cancel === true;
    };
    expect(isCancelled(`${ORIGIN}/index.html`)).toBe(false);
    for (const url of FOREIGN) expect([url, isCancelled(url)]).toEqual([url, true]);
    const sources = (await readdir(desktop, { recursive: true })).filter((name) => /(?<!\.test)\.ts$/u.test(name));
    expect(sources.length).toBeGreaterThan(20);
    for (const name of sources)
      expect([name, /loadFile|loadURL\(['"`](?:file|http)/u.test(await readFile(join(desktop, name), 'utf8'))]).toEqual(
        [name, false],
      );
  });

  it('2, 3, 4, 6, 8, 9, 10, 11: a window is a sandbox with nothing switched on or off that should not be', () => {
    const options = windowOptions('/programs', { bounds: null, zoom: 0 } as never, [], false, {} as never);
    expect(options.webPreferences).toMatchObject({
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      contextIsolation: true,
      sandbox: true,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
    });
    expect(options.webPreferences).not.toHaveProperty('enableBlinkFeatures');
    expect(options.webPreferences?.preload).toBe(join('/programs', 'preload.cjs'));
  });

  it('5: every permission is denied but one, to everybody but the page, and every device', () => {
    const { double, ask } = noted();
    guardPermissions(double, isOurs);
    const isGranted = (permission: string, requestingUrl: string, isMainFrame = true): boolean => {
      let answer = false;
      const details = { requestingUrl, isMainFrame };
      ask('setPermissionRequestHandler', null, permission, (given: boolean) => (answer = given), details);
      return answer;
    };
    expect(isGranted('clipboard-sanitized-write', `${ORIGIN}/`)).toBe(true);
    expect(isGranted('clipboard-sanitized-write', `${ORIGIN}/`, false)).toBe(false);
    const all = ['media', 'geolocation', 'notifications', 'midiSysex', 'pointerLock', 'fullscreen', 'openExternal'];
    for (const permission of [...all, 'clipboard-read', 'hid', 'serial', 'usb', 'fileSystem', 'unknown', '__proto__'])
      expect([permission, isGranted(permission, `${ORIGIN}/`)]).toEqual([permission, false]);
    for (const url of FOREIGN) {
      expect([url, isGranted('clipboard-sanitized-write', url)]).toEqual([url, false]);
      expect(ask('setPermissionCheckHandler', null, 'clipboard-sanitized-write', url)).toBe(false);
    }
    expect(ask('setDevicePermissionHandler', {})).toBe(false);
  });

  it('12, 13, 14: a window goes nowhere, opens none, and holds no guest', () => {
    const { double, ask } = noted();
    const opened: string[] = [];
    guardNavigation(double, isOurs, (address) => opened.push(address));
    const isPrevented = (event: string, details: object): boolean => {
      let prevented = false;
      ask(event, { ...details, preventDefault: () => (prevented = true) });
      return prevented;
    };
    expect(isPrevented('will-frame-navigate', { url: `${ORIGIN}/`, isMainFrame: true })).toBe(false);
    expect(isPrevented('will-frame-navigate', { url: `${ORIGIN}/`, isMainFrame: false })).toBe(true);
    expect(isPrevented('will-attach-webview', {})).toBe(true);
    for (const url of FOREIGN) {
      expect([url, isPrevented('will-frame-navigate', { url, isMainFrame: true })]).toEqual([url, true]);
      expect([url, isPrevented('will-redirect', { url })]).toEqual([url, true]);
      expect(ask('setWindowOpenHandler', { url })).toEqual({ action: 'deny' });
    }
    expect(opened).toEqual(FOREIGN);
    expect(ask('setWindowOpenHandler', { url: `${ORIGIN}/` })).toEqual({ action: 'deny' });
  });

  it('15: only known places of the web are opened outside unasked, and no other scheme at all', async () => {
    const opened: string[] = [];
    const asked: string[] = [];
    const openExternal = externalOpener(
      { openExternal: (url) => Promise.resolve(void opened.push(url)) },
      // The dialog is closed without a choice.
      {
        showMessageBox: ((options: { message: string }) => {
          asked.push(options.message);
          return Promise.resolve({ response: 0, checkboxChecked: false });
        }) as never,
      },
    );
    for (const url of FOREIGN) await openExternal(url);
    for (const url of [
      'http://github.com/',
      'https://user:pw@github.com/',
      'smb://github.com/',
      'https://github.com.evil.example/',
    ])
      await openExternal(url);
    expect(opened).toEqual([]);
    expect(asked).toHaveLength(2);
    await openExternal('https://github.com/a');
    expect(opened).toEqual(['https://github.com/a']);
  });

  it('16: the Electron that is packed is named to the patch', () => {
    expect(manifest.devDependencies.electron).toMatch(/^\d+\.\d+\.\d+$/u);
    expect(Number(manifest.devDependencies.electron.split('.')[0])).toBeGreaterThanOrEqual(45);
  });

  it('17: a message counts when it comes from the page of the window itself', async () => {
    // Identities are all that is compared.
    const [ours, other] = [Object.create(null), Object.create(null)] as [Contents, Contents];
    const from = (sender: Contents, frame: object | null): boolean =>
      isFromPage({ sender, senderFrame: frame } as unknown as Sent, ours);
    const page = { url: `${ORIGIN}/`, parent: null };
    expect(from(ours, page)).toBe(true);
    expect(from(other, page)).toBe(false);
    expect(from(ours, null)).toBe(false);
    expect(from(ours, { ...page, parent: page })).toBe(false);
    for (const url of FOREIGN) expect([url, from(ours, { url, parent: null })]).toEqual([url, false]);
    // Nobody listens to messages elsewhere than where senders are looked at.
    for (const name of (await readdir(desktop, { recursive: true })).filter((file) => file.endsWith('.ts')))
      if (/ipcMain\.(?:on|once|handle)\w*\(/u.test(await readFile(join(desktop, name), 'utf8')))
        expect(name).toBe('pages.ts');
    const handlers = (await readFile(join(desktop, 'pages.ts'), 'utf8')).split(/ipcMain\.(?:on|handle)\(/u).slice(1);
    for (const handler of handlers) expect(handler.slice(0, 200)).toContain('this.#isKnown(event)');
  });

  it('20: the page is handed functions by name, and nothing of Electron', async () => {
    const preload = await readFile(join(desktop, 'preload.ts'), 'utf8');
    expect(preload.match(/exposeInMainWorld/gu)).toHaveLength(1);
    const [, exposed = ''] = preload.split('exposeInMainWorld');
    expect([...exposed.matchAll(/^ {2}(?<name>\w+):/gmu)].map(({ groups }) => groups?.name)).toEqual([
      'connect',
      'dropped',
    ]);
    // A function of Electron's own would bring its event along.
    expect(exposed).not.toMatch(/:\s*(?:ipcRenderer|webUtils|contextBridge)\b/u);
  });
});
