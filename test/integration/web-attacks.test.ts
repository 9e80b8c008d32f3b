import { execFileSync } from 'node:child_process';
import { link, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { AttackedWeb, PHOTO } from '../support/attacked-web.ts';

let web: AttackedWeb;

beforeEach(async () => {
  web = await AttackedWeb.make();
  for (const folder of ['renderer/assets', 'renderer-not-ours'])
    await mkdir(join(web.home, folder), { recursive: true });
  await writeFile(join(web.home, 'renderer', 'assets', 'main.js'), '');
  await writeFile(join(web.home, 'renderer', 'assets', 'main.js.map'), '{}');
  await writeFile(join(web.home, 'renderer-not-ours', 'secret.js'), 'secret');
  await writeFile(join(web.home, 'secret.js'), 'secret');
  await symlink(join(web.home, 'secret.js'), join(web.home, 'renderer', 'link.js'));
  await symlink(web.home, join(web.home, 'renderer', 'assets', 'out'));
  await web.start();
  return () => web.clean();
});

/** With our own name and port put in. */
const filled = (text: string): string => {
  const { hostname } = new URL(web.origin);
  return text.replace('{name}', hostname).replace('{NAME}', hostname.toUpperCase()).replace('{port}', String(web.port));
};

describe('who comes in', () => {
  it.each([
    ['another name for this machine', { host: 'evil.example' }],
    ['another name, with our port', { host: 'evil.example:{port}' }],
    ['a name that begins like ours', { host: '{name}.evil.example:{port}' }],
    ['a name that ends like ours', { host: 'x{name}:{port}' }],
    ['a name below ours', { host: 'x.{name}:{port}' }],
    ['another name in .localhost', { host: 'abcdefghijklmnopqrstuvwxyz.localhost:{port}' }],
    ['our name without its port', { host: '{name}' }],
    ['our name with another port', { host: '{name}:1' }],
    ['our name as browsers do not write it', { host: '{NAME}:{port}' }],
    ['our name with a dot behind it, which to browsers is another', { host: '{name}.:{port}' }],
    ['our name with a password', { host: 'me:you@{name}:{port}' }],
    ['other addresses of this machine', { host: '127.0.0.2:{port}' }],
    ['its address of the newer kind', { host: '[::1]:{port}' }],
    ['its address in other words', { host: '2130706433:{port}' }],
    ['the address of no machine', { host: '0.0.0.0:{port}' }],
    ['another page', { origin: 'http://evil.example' }],
    ['a page without an origin', { origin: 'null' }],
    ['a page of another port', { origin: 'http://127.0.0.1:1' }],
    ['a page of our port under another scheme', { origin: 'https://{name}:{port}' }],
    ['a page of our port under the address of this machine', { origin: 'http://127.0.0.1:{port}' }],
    ['a page of our port under the usual name of this machine', { origin: 'http://localhost:{port}' }],
    ['a page of another name in .localhost', { origin: 'http://abc.localhost:{port}' }],
    ['a picture in another page', { 'sec-fetch-site': 'cross-site' }],
    ['a picture in a page of another port', { 'sec-fetch-site': 'same-site' }],
  ])('not %s, even with the cookie', async (_what, given) => {
    const headers = Object.fromEntries(Object.entries(given).map(([name, value]) => [name, filled(value)]));
    expect(await web.statusOf(`/photo/${PHOTO}/original`, { cookie: web.cookie, ...headers })).toBe(403);
  });

  it('our own page, and a person who opens the address', async () => {
    for (const site of ['same-origin', 'none'])
      expect(await web.statusOf(`/photo/${PHOTO}/original`, { cookie: web.cookie, 'sec-fetch-site': site })).toBe(200);
  });

  it('a program that was handed a ticket, once', async () => {
    const ticket = web.web.ticket();
    // Whoever reads it in the list of processes learns neither the token nor the name of the page.
    for (const part of [new URL(web.web.address).hostname, new URL(web.web.address).searchParams.get('token') ?? ''])
      expect(ticket).not.toContain(part);
    expect(await web.enter(ticket)).toMatch(/HttpOnly; SameSite=Strict/u);
    expect(await web.enter(ticket)).toBeUndefined();
    expect(await web.enter(web.web.address)).toBeDefined();
    const [first, second] = [web.web.ticket(), web.web.ticket()];
    expect(await web.enter(first)).toBeUndefined();
    const { pathname, search } = new URL(second);
    for (const host of [web.host, `127.0.0.1:${String(web.port)}`, 'evil.example'])
      expect((await web.ask(pathname + search, { host })).headers['set-cookie']).toBeUndefined();
    expect((await web.ask('/', { host: new URL(second).host, cookie: web.cookie })).status).toBe(403);
    expect(await web.enter(second)).toBeDefined();
  });

  it('with a cookie that is no token, and a token that is in nothing that is answered', async () => {
    const token = new URL(web.web.address).searchParams.get('token') ?? '';
    expect(web.cookie).not.toContain(token);
    expect(await web.statusOf('/', { cookie: `${web.cookie.split('=')[0] ?? ''}=${token}` })).toBe(401);
    const answers = [
      await web.ask(`/?token=${token}`, {}),
      await web.ask('/'),
      await web.ask('/nothing'),
      await web.ask('/', {}),
    ];
    for (const { headers, body } of answers) {
      expect(JSON.stringify(headers) + body.toString()).not.toContain(token);
      expect(headers).toMatchObject({ 'referrer-policy': 'no-referrer' });
    }
    expect(answers[0]?.headers).toMatchObject({ 'cache-control': 'no-store', location: '/' });
  });

  it('nobody who guesses, and soon they are not even told so', async () => {
    const begun = performance.now();
    const statuses: number[] = [];
    for (let guess = 0; guess < 60; guess++) statuses.push(await web.statusOf(`/?token=${String(guess)}`, {}));
    expect(new Set(statuses)).toEqual(new Set([401, 429]));
    // Thirty at once are, and one a second.
    const told = statuses.filter((status) => status === 401).length;
    expect(told).toBeLessThanOrEqual(30 + (performance.now() - begun) / 1000);
    // Who is known goes on as before.
    expect(await web.statusOf('/')).toBe(200);
  });

  it('no other page by its own leave', async () => {
    const preflight = { origin: 'http://evil.example', 'access-control-request-method': 'POST' };
    for (const headers of [
      preflight,
      { cookie: web.cookie, origin: web.origin, 'access-control-request-method': 'POST' },
    ]) {
      const answer = await web.ask('/picture', headers, 'OPTIONS');
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
    }
    for (const method of ['PUT', 'DELETE', 'PATCH', 'HEAD', 'TRACE'])
      expect(await web.statusOf('/', { cookie: web.cookie }, method)).toBe(405);
  });
});

describe('what is served', () => {
  it.each([
    '/link.js',
    '/assets/out/secret.js',
    '/../secret.js',
    '/..%2fsecret.js',
    '/%2e%2e/secret.js',
    '/..\\secret.js',
    '/assets/../../secret.js',
    '/../renderer-not-ours/secret.js',
    '/assets/',
    '/assets',
    '/assets/main.js.map',
    '/assets/main.js%00.html',
    '/index.html/',
    '/.',
  ])('of the interface its own files only: not %s', async (path) => {
    const { status, body } = await web.ask(path);
    expect(status).toBe(path === '/.' ? 200 : 404);
    expect(body.toString()).not.toContain('secret');
  });

  it.each(['//evil.example/', 'http://evil.example/', '*', 'evil.example:80', `/${'a'.repeat(5000)}`])(
    'to no address that browsers do not send: %s',
    async (path) => {
      const answer = await web.raw(`${web.begin('GET', path)}\r\n`);
      expect(answer).toMatch(/^HTTP\/1\.1 (400|414) /u);
    },
  );

  it('a photo as it lies there, and as nothing else', async () => {
    const { headers, body, status } = await web.ask(`/photo/${PHOTO}/original`);
    expect([status, body.toString()]).toEqual([200, 'photo']);
    expect(headers).toMatchObject({
      'content-type': 'image/jpeg',
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
      'content-security-policy': "default-src 'none'; sandbox; frame-ancestors 'none'",
    });
    const part = await web.ask(`/photo/${PHOTO}/original`, { cookie: web.cookie, range: 'bytes=1-2' });
    expect([part.status, part.body.toString()]).toEqual([206, 'ho']);
  });

  it('no photo through a link that was put in its place, nor what is no file', async () => {
    const place = join(web.home, 'photos', 'taken');
    const refused = async (mime = 'image/jpeg'): Promise<void> => {
      web.shown = { path: place, mime };
      const { status, body } = await web.ask(`/photo/${PHOTO}/original`);
      expect(status).toBe(404);
      expect(body.toString()).not.toContain('secret');
      await rm(place, { recursive: true });
    };
    await symlink(join(web.home, 'secret.js'), place);
    await refused();
    await mkdir(place);
    await refused();
    if (process.platform === 'win32') return;
    // Whoever reads a pipe waits for a writer, who never comes.
    execFileSync('mkfifo', [place]);
    await refused();
    web.shown = { path: '/dev/zero', mime: 'image/jpeg' };
    expect(await web.statusOf(`/photo/${PHOTO}/original`)).toBe(404);
  });

  it('no thumbnail through a link out of the library, but one of a library behind a link', async () => {
    await symlink(join(web.home, 'library'), join(web.home, 'elsewhere'));
    await writeFile(join(web.home, 'library', 'thumbnails', 'a.jpg'), 'drawn');
    await symlink(join(web.home, 'secret.js'), join(web.home, 'library', 'thumbnails', 'b.jpg'));
    await link(join(web.home, 'secret.js'), join(web.home, 'library', 'engine.lock'));
    await symlink(join(web.home, 'library', 'engine.lock'), join(web.home, 'library', 'thumbnails', 'c.jpg'));
    const answer = async (name: string): Promise<string> => {
      web.shown = { path: join(web.home, 'elsewhere', 'thumbnails', name), mime: 'image/jpeg' };
      const { status, body } = await web.ask(`/photo/${PHOTO}/thumbnail`);
      return status === 200 ? body.toString() : String(status);
    };
    expect(await answer('a.jpg')).toBe('drawn');
    expect(await answer('b.jpg')).toBe('404');
    expect(await answer('c.jpg')).toBe('404');
  });

  it('with a policy that allows nothing unsafe, on every answer', async () => {
    const page = String((await web.ask('/')).headers['content-security-policy']);
    const directives = new Map(page.split('; ').map((part) => [part.split(' ')[0] ?? '', part.split(' ').slice(1)]));
    expect(directives.get('default-src')).toEqual(["'none'"]);
    expect(directives.get('script-src')).toEqual(["'self'"]);
    expect(directives.get('require-trusted-types-for')).toEqual(["'script'"]);
    expect(directives.get('trusted-types')).toEqual(['svelte-trusted-html']);
    expect(page).not.toMatch(/unsafe|\*|https?:|data:/u);
    for (const [path, headers] of [
      ['/nothing', { cookie: web.cookie }],
      ['/', {}],
      ['/', { cookie: web.cookie, host: 'evil' }],
    ] as const) {
      const answer = await web.ask(path, headers);
      expect(answer.headers['content-security-policy']).toContain("default-src 'none'");
      expect(answer.headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY' });
    }
  });
});
