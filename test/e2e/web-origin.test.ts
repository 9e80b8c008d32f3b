import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { temporaryFolder } from '../support/command-line.ts';
import { writePaintings } from '../support/paintings.ts';
import { startWeb, type RunningWeb } from '../support/web.ts';
import { ask, launch, photoAt, shoot } from './browser.ts';

/** Notes every address that passes through it, and shows its own page whatever is asked for. */
const WORKER = `
  const seen = [];
  addEventListener('install', () => skipWaiting());
  addEventListener('activate', (event) => event.waitUntil(clients.claim()));
  addEventListener('fetch', (event) => {
    seen.push(event.request.url);
    if (event.request.mode === 'navigate')
      event.respondWith(new Response('<title>Taken</title>', { headers: { 'content-type': 'text/html' } }));
  });
  addEventListener('message', ({ ports: [port] }) => port.postMessage(seen));
`;

const TICKET_HOST = fileURLToPath(new URL('../support/ticket-host.ts', import.meta.url));

/** Where the worker of a former holder of the port may sit. */
const SHARED = ['127.0.0.1', 'localhost'] as const;

let remove: () => Promise<void>;
let web: RunningWeb;
let browser: Browser;
let context: BrowserContext;
let ours: Page;
let port = 0;
let photo = '';

/** Serves a page and its worker at both names, and has the browser register it there. */
const holdPortFirst = async (): Promise<void> => {
  const former: Server = createServer(({ url }, response) => {
    const isWorker = url === '/worker.js';
    response.setHeader('content-type', isWorker ? 'text/javascript' : 'text/html');
    response.end(isWorker ? WORKER : '<title>Former</title>');
  }).listen(0, '127.0.0.1');
  await once(former, 'listening');
  // A server that listens on TCP has an address object.
  port = (former.address() as AddressInfo).port;
  for (const name of SHARED) {
    const page = await context.newPage();
    await page.goto(`http://${name}:${String(port)}/`);
    await page.evaluate(async () => {
      await navigator.serviceWorker.register('/worker.js');
      await navigator.serviceWorker.ready;
    });
    await page.close();
  }
  former.closeAllConnections();
  former.close();
  await once(former, 'close');
};

const pageAt = async (address: string): Promise<Page> => {
  const page = await context.newPage();
  await page.goto(address);
  return page;
};

/** What the worker that controls a page has seen. */
const seenBy = (page: Page): Promise<readonly string[]> =>
  page.evaluate(async () => {
    const { active } = await navigator.serviceWorker.ready;
    const { port1, port2 } = new MessageChannel();
    return new Promise<readonly string[]>((resolve) => {
      port1.onmessage = ({ data }: MessageEvent<readonly string[]>) => resolve(data);
      active?.postMessage(null, [port2]);
    });
  });

/** What a page that knows our address can do with it. */
const attempts = (page: Page): Promise<Readonly<Record<string, string>>> =>
  page.evaluate(
    async ([origin, picture, shared]) => {
      const failed = (): string => 'refused';
      const call = (address: string): Promise<string> =>
        new Promise((resolve) => {
          const socket = new WebSocket(`${address.replace('http', 'ws')}/rpc`);
          socket.onerror = () => resolve('refused');
          socket.onopen = () => resolve('open');
        });
      return {
        read: await fetch(picture, { credentials: 'include' }).then(({ status }) => String(status), failed),
        call: await call(origin),
        callHere: await call(shared),
      };
    },
    [web.origin, photo, `http://127.0.0.1:${String(port)}`] as const,
  );

const REFUSED = { read: 'refused', call: 'refused', callHere: 'refused' };

beforeAll(async () => {
  const [folder, removeFolder] = await temporaryFolder();
  remove = removeFolder;
  await writePaintings(join(folder, 'photos'));
  browser = await launch();
  context = await browser.newContext();
  await holdPortFirst();
  web = await startWeb(join(folder, 'library'), { home: folder, folders: [join(folder, 'photos')], port });
  ours = await pageAt(web.address);
  await photoAt(ours, 'Photos', 1).waitFor({ timeout: 60_000 });
  photo = await ours.evaluate(() => document.querySelector<HTMLImageElement>('img[src*="/photo/"]')?.src ?? '');
});
afterAll(async () => {
  await browser.close();
  await web.stop();
  await remove();
});

describe('the page at an origin of its own', () => {
  it('is opened by the printed address, and shows photos', () => {
    expect(web.origin).toMatch(new RegExp(`^http://[a-z2-7]{26}\\.localhost:${String(port)}$`, 'u'));
    expect(ours.url()).toBe(`${web.origin}/`);
    expect(photo).toContain(`${web.origin}/photo/`);
  });

  it('is controlled by no worker, and can have none', async () => {
    const outcome = await ours.evaluate(async () => {
      const failed = (error: unknown): string => (error instanceof Error ? error.name : 'failed');
      const element = document.querySelector<HTMLScriptElement>('script[src]');
      const register = (): Promise<string> =>
        navigator.serviceWorker.register(element?.src ?? '/').then(() => 'registered', failed);
      return {
        controlled: navigator.serviceWorker.controller !== null,
        found: (await navigator.serviceWorker.getRegistrations()).length,
        registered: await register(),
      };
    });
    // Trusted Types or the policy of workers: whichever comes first.
    expect(outcome).toEqual({ controlled: false, found: 0, registered: expect.stringMatching(/Error$/u) });
  });

  it.each(SHARED)(
    'is neither seen nor reached by the worker that a former holder of the port left at %s',
    async (name) => {
      const page = await pageAt(`http://${name}:${String(port)}/`);
      expect(await page.title()).toBe('Taken');
      const seen = await seenBy(page);
      expect(seen.length).toBeGreaterThan(0);
      expect(seen.filter((address) => !address.startsWith(`http://${name}:${String(port)}/`))).toEqual([]);
      expect(seen.join(' ')).not.toContain('token');
      expect(await attempts(page)).toEqual(REFUSED);
      // Browsers ask for a worker's script again by themselves, some time after a page was opened.
      const ask = (): Promise<unknown> =>
        page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.update().catch(() => undefined));
      await ask();
      const count = (): Promise<number> =>
        page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length);
      await expect.poll(count).toBe(0);
      await page.close();
    },
  );
});

it('leaves no photo in the store of the browser, and yet asks for none again while its page is open', async () => {
  const page = await context.newPage();
  const asked: string[] = [];
  const stored: string[] = [];
  page.on('request', (request) => {
    if (request.url().includes('/thumbnail')) asked.push(request.url());
  });
  page.on('response', (response) => {
    const isPhoto = response.url().includes('/photo/');
    if (isPhoto && response.headers()['cache-control'] !== 'no-store') stored.push(response.url());
  });
  await page.goto(`${web.origin}/`);
  const first = photoAt(page, 'Photos', 1);
  const isDrawn = (): Promise<boolean> => page.evaluate(() => [...document.images].every(({ complete }) => complete));
  await first.waitFor();
  await expect.poll(isDrawn).toBe(true);
  // Other cells show the same photos, and then those of before are made anew.
  for (const words of ['red', 'snow']) {
    await ask(page, words);
    await photoAt(page, 'Results', 1).waitFor();
    await page.getByRole('button', { name: 'Clear search' }).click();
    await first.waitFor();
    await expect.poll(isDrawn).toBe(true);
  }
  expect(asked.length).toBeGreaterThan(0);
  expect(asked).toEqual([...new Set(asked)]);
  expect(stored).toEqual([]);
  await page.close();
});

it('a ticket leads to the page, once', async () => {
  // In a process of its own: there the host makes the ticket that it would start a browser with.
  const host = spawn(process.execPath, ['--import', 'tsx', TICKET_HOST], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [line] = z.tuple([z.string()]).parse(await once(createInterface(host.stdout), 'line'));
  const { ticket, origin } = z.object({ ticket: z.string(), origin: z.string() }).parse(JSON.parse(line));
  const fresh = await browser.newContext();
  const page = await fresh.newPage();
  await page.goto(ticket);
  await page.waitForURL(`${origin}/`);
  expect(await page.title()).toBe('Ours');
  expect((await page.goto(ticket))?.status()).toBe(403);
  await fresh.close();
  host.stdin.end();
  await once(host, 'exit');
});

it.each(['light', 'dark'] as const)('an address that programs share says how to go on: %s', async (colorScheme) => {
  const fresh = await browser.newContext({ colorScheme });
  const page = await fresh.newPage();
  const problems: string[] = [];
  page.on('console', (message) => problems.push(message.text()));
  const answer = await page.goto(`http://localhost:${String(port)}/`);
  expect(answer?.status()).toBe(404);
  await page.getByRole('heading', { name: 'Afterimage has an address of its own' }).waitFor();
  expect(await page.content()).not.toContain(new URL(web.origin).hostname);
  expect(await page.evaluate(() => getComputedStyle(document.body).display)).toBe('grid');
  // The browser notes the status of the page itself.
  expect(problems.filter((text) => !text.includes('404'))).toEqual([]);
  await shoot(page, `web-shared-address-${colorScheme}`);
  await fresh.close();
});
