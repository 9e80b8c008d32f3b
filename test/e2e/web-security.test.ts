import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/command-line.ts';
import { writePaintings } from '../support/paintings.ts';
import { startWeb, type RunningWeb } from '../support/web.ts';
import { photoAt } from './browser.ts';

let remove: () => Promise<void>;
let web: RunningWeb;
let browser: Browser;
let context: BrowserContext;
let ours: Page;
let photo = '';
let code = '';
/** Another program's pages on this machine: to the browser the same site, at another port. */
let neighbour: Server;
let neighbourOrigin = '';

beforeAll(async () => {
  const [folder, removeFolder] = await temporaryFolder();
  remove = removeFolder;
  await writePaintings(join(folder, 'photos'));
  web = await startWeb(join(folder, 'library'), { home: folder, folders: [join(folder, 'photos')] });
  neighbour = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html').end('<title>Neighbour</title>');
  }).listen(0, '127.0.0.1');
  await once(neighbour, 'listening');
  // A server that listens on TCP has an address object.
  neighbourOrigin = `http://127.0.0.1:${String((neighbour.address() as AddressInfo).port)}`;
  browser = await chromium.launch({
    executablePath: process.env.AFTERIMAGE_CHROMIUM ?? '',
    // A name of somebody else's that leads to this machine, as an attacker's own name server would say.
    args: ['--host-resolver-rules=MAP evil.example 127.0.0.1', '--disable-gpu', '--no-first-run'].concat(
      process.getuid?.() === 0 ? ['--no-sandbox'] : [],
    ),
  });
  context = await browser.newContext();
  ours = await context.newPage();
  await ours.goto(web.address);
  await photoAt(ours, 'Photos', 1).waitFor({ timeout: 60_000 });
  photo = await ours.evaluate(() => document.querySelector<HTMLImageElement>('img[src*="/photo/"]')?.src ?? '');
  code = await ours.evaluate(() => document.querySelector<HTMLScriptElement>('script[src]')?.src ?? '');
});
afterAll(async () => {
  await browser.close();
  neighbour.close();
  await web.stop();
  await remove();
});

describe('the page in a real browser', () => {
  it('shows photos and runs its own code', () => {
    for (const address of [photo, code]) expect(address).toContain(`${web.origin}/`);
  });

  it('leaves the token in neither address nor history', async () => {
    expect(ours.url()).toBe(`${web.origin}/`);
    expect(await ours.evaluate(() => document.referrer + document.cookie)).not.toContain('token');
    await ours.goBack().catch(() => null);
    expect(ours.url()).not.toContain('token');
    await ours.goto(web.origin);
  });

  it('runs no text as code or markup, and lets nobody make a policy that would', async () => {
    const outcomes = await ours.evaluate(() => {
      // TypeScript's description of a page does not know it yet.
      const { trustedTypes } = window as unknown as {
        trustedTypes: { createPolicy(name: string, rules: { createHTML(text: string): string }): unknown };
      };
      const names = {
        markup: () => (document.createElement('div').innerHTML = '<b>1</b>'),
        frame: () => {
          document.createElement('iframe').srcdoc = '<b>1</b>';
        },
        script: () => {
          document.createElement('script').text = '1';
        },
        own: () => trustedTypes.createPolicy('mine', { createHTML: (text) => text }),
        again: () => trustedTypes.createPolicy('svelte-trusted-html', { createHTML: (text) => text }),
      };
      return Object.entries(names).map(([name, attempt]) => {
        try {
          attempt();
          return `${name} worked`;
        } catch (error) {
          return error instanceof Error ? error.name : 'unknown';
        }
      });
    });
    expect(outcomes).toEqual(Array.from({ length: 5 }, () => 'TypeError'));
    const inline = await ours.evaluate(() => {
      const broken: string[] = [];
      document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => broken.push(effectiveDirective));
      const button = document.createElement('button');
      button.setAttribute('style', 'color: red');
      document.body.append(button);
      button.remove();
      return new Promise<string[]>((resolve) => setTimeout(() => resolve(broken), 200));
    });
    expect(inline).toContain('style-src-attr');
  });

  it('speaks to nobody else', async () => {
    const outcomes = await ours.evaluate(async (other) => {
      const failed = (): string => 'refused';
      const image = (): Promise<string> =>
        new Promise((resolve) => {
          const picture = new Image();
          picture.onload = () => resolve('drawn');
          picture.onerror = () => resolve('refused');
          picture.src = `${other}/a.png`;
        });
      return [
        await fetch(other).then((answer) => String(answer.status), failed),
        await fetch(other, { mode: 'no-cors' }).then((answer) => answer.type, failed),
        await image(),
        await new Promise((resolve) => {
          const socket = new WebSocket(other.replace('http', 'ws'));
          socket.onerror = () => resolve('refused');
          socket.onopen = () => resolve('open');
        }),
      ];
    }, neighbourOrigin);
    expect(outcomes).toEqual(['refused', 'refused', 'refused', 'refused']);
  });
});

describe.each([
  ['another port of this machine', () => `${neighbourOrigin}/`],
  ['our own name at another port', () => `http://${new URL(web.origin).hostname}:${new URL(neighbourOrigin).port}/`],
  ['another name in .localhost', () => `http://another.localhost:${new URL(neighbourOrigin).port}/`],
  ['a name that was made to lead here', () => `http://evil.example:${new URL(neighbourOrigin).port}/`],
])('a page of %s', (_what, address) => {
  it('can neither read, show, frame, call nor send anything, though the browser holds the cookie', async () => {
    const page = await context.newPage();
    await page.goto(address());
    const outcomes = await page.evaluate(
      async ([origin, picture, code]) => {
        const failed = (): string => 'refused';
        const shown = (): Promise<string> =>
          new Promise((resolve) => {
            const image = new Image();
            image.onload = () => resolve('drawn');
            image.onerror = () => resolve('refused');
            image.src = picture;
          });
        const framed = (): Promise<void> =>
          new Promise((resolve) => {
            const frame = document.createElement('iframe');
            frame.src = origin;
            frame.onload = () => resolve();
            document.body.append(frame);
          });
        const called = (): Promise<string> =>
          new Promise((resolve) => {
            const socket = new WebSocket(`${origin.replace('http', 'ws')}/rpc`);
            socket.onerror = () => resolve('refused');
            socket.onopen = () => resolve('open');
          });
        const script = (): Promise<string> =>
          new Promise((resolve) => {
            const element = document.createElement('script');
            element.src = code;
            element.onload = () => resolve('run');
            element.onerror = () => resolve('refused');
            document.body.append(element);
          });
        await framed();
        return {
          read: await fetch(picture, { credentials: 'include' }).then((answer) => String(answer.status), failed),
          show: await shown(),
          call: await called(),
          script: await script(),
          send: await fetch(`${origin}/picture`, { method: 'POST', body: 'x', credentials: 'include' }).then(
            (answer) => String(answer.status),
            failed,
          ),
        };
      },
      [web.origin, photo, code] as const,
    );
    expect(outcomes).toEqual({
      read: 'refused',
      show: 'refused',
      call: 'refused',
      script: 'refused',
      send: 'refused',
    });
    // What is not to be framed leaves an error of the browser's own in the frame.
    expect(
      page
        .frames()
        .slice(1)
        .map((frame) => frame.url()),
    ).toEqual(['chrome-error://chromewebdata/']);
    await page.close();
  });
});

it('is not served under a name that was made to lead here', async () => {
  const page = await context.newPage();
  const answer = await page.goto(web.address.replace(new URL(web.origin).hostname, 'evil.example'));
  expect(answer?.status()).toBe(403);
  await page.close();
});
