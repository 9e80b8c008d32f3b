import { EventEmitter } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import { isOurs } from '../origin.ts';
import { externalOpener, webAddress } from './external.ts';
import { guardNavigation } from './navigation.ts';
import { guardPermissions } from './permissions.ts';
import { isFromPage } from './sender.ts';
import { guardSession } from './session.ts';

const OURS = 'app://afterimage/';

describe('webAddress', () => {
  it('takes https and nothing else', () => {
    expect(webAddress('https://example.org/a')?.host).toBe('example.org');
    for (const address of [
      'http://example.org/',
      'file:///etc/passwd',
      'javascript:1',
      'https://a@b.example/',
      'x',
      '',
    ])
      expect(webAddress(address), address).toBeNull();
  });
});

describe('externalOpener', () => {
  const opener = (response: number) => {
    const openExternal = vi.fn(() => Promise.resolve());
    const showMessageBox = vi.fn(() => Promise.resolve({ response, checkboxChecked: false }));
    return { openExternal, showMessageBox, open: externalOpener({ openExternal }, { showMessageBox }) };
  };

  it('opens what the interface points at, and asks about any other place', async () => {
    const { open, openExternal, showMessageBox } = opener(1);
    await open('https://opensource.org/license/mit');
    expect(showMessageBox).not.toHaveBeenCalled();
    await open('https://elsewhere.example/');
    expect(showMessageBox).toHaveBeenCalledTimes(1);
    expect(openExternal).toHaveBeenCalledTimes(2);
  });

  it('opens nothing that the person does not want', async () => {
    const { open, openExternal } = opener(0);
    await open('https://elsewhere.example/');
    await open('ssh://opensource.org/');
    expect(openExternal).not.toHaveBeenCalled();
  });
});

describe('guardPermissions', () => {
  type Guarded = Parameters<typeof guardPermissions>[0];
  const handlers = () => {
    const session = {
      setPermissionRequestHandler: vi.fn<Guarded['setPermissionRequestHandler']>(),
      setPermissionCheckHandler: vi.fn<Guarded['setPermissionCheckHandler']>(),
      setDevicePermissionHandler: vi.fn<Guarded['setDevicePermissionHandler']>(),
    };
    guardPermissions(session, isOurs);
    const [request] = session.setPermissionRequestHandler.mock.calls[0]!;
    const ask = (permission: string, requestingUrl: string, isMainFrame = true): boolean => {
      const answer = vi.fn();
      request?.(null as never, permission as never, answer, { requestingUrl, isMainFrame });
      return answer.mock.calls[0]?.[0] as boolean;
    };
    return ask;
  };

  it('grants copying to our page alone', () => {
    const ask = handlers();
    expect(ask('clipboard-sanitized-write', OURS)).toBe(true);
    expect(ask('clipboard-sanitized-write', OURS, false)).toBe(false);
    expect(ask('clipboard-sanitized-write', 'https://afterimage/')).toBe(false);
    for (const permission of [
      'media',
      'geolocation',
      'notifications',
      'openExternal',
      'fileSystem',
      'usb',
      'unheard-of',
    ])
      expect(ask(permission, OURS), permission).toBe(false);
  });
});

describe('guardNavigation', () => {
  it('prevents every way out, and frames and guests', () => {
    const contents = Object.assign(new EventEmitter(), {
      setWindowOpenHandler: vi.fn(),
      setWebRTCIPHandlingPolicy: vi.fn(),
    });
    const openExternal = vi.fn();
    // Of a page, only what is guarded.
    guardNavigation(contents as never, isOurs, openExternal);
    const prevented = (event: string, details: object): boolean => {
      const preventDefault = vi.fn();
      contents.emit(event, { preventDefault, ...details });
      return preventDefault.mock.calls.length > 0;
    };
    expect(prevented('will-frame-navigate', { url: 'https://example.org/', isMainFrame: true })).toBe(true);
    expect(prevented('will-frame-navigate', { url: OURS, isMainFrame: false })).toBe(true);
    expect(prevented('will-frame-navigate', { url: OURS, isMainFrame: true })).toBe(false);
    expect(prevented('will-redirect', { url: 'app://elsewhere/' })).toBe(true);
    expect(prevented('will-attach-webview', {})).toBe(true);
    expect(contents.setWebRTCIPHandlingPolicy).toHaveBeenCalledWith('disable_non_proxied_udp');
    const handler = contents.setWindowOpenHandler.mock.calls[0]?.[0] as (details: { url: string }) => unknown;
    expect(handler({ url: OURS })).toEqual({ action: 'deny' });
    expect(openExternal).not.toHaveBeenCalled();
    expect(handler({ url: 'https://example.org/' })).toEqual({ action: 'deny' });
    expect(openExternal).toHaveBeenCalledWith('https://example.org/');
  });
});

describe('guardSession', () => {
  it('lets nothing through to a network', () => {
    const onBeforeRequest = vi.fn();
    const session = Object.assign(new EventEmitter(), {
      setPermissionRequestHandler: vi.fn(),
      setPermissionCheckHandler: vi.fn(),
      setDevicePermissionHandler: vi.fn(),
      setSpellCheckerEnabled: vi.fn(),
      webRequest: { onBeforeRequest },
    });
    // Of a session, only what is guarded.
    guardSession(session as never);
    expect(session.setSpellCheckerEnabled).toHaveBeenCalledWith(false);
    const listener = onBeforeRequest.mock.calls[0]?.[0] as (
      details: { url: string },
      answer: (verdict: { cancel: boolean }) => void,
    ) => void;
    const isCancelled = (url: string): boolean => {
      const answer = vi.fn();
      listener({ url }, answer);
      return (answer.mock.calls[0]?.[0] as { cancel: boolean }).cancel;
    };
    for (const url of [OURS, 'blob:app://afterimage/0', 'devtools://devtools/'])
      expect(isCancelled(url), url).toBe(false);
    for (const url of [
      'https://example.org/',
      'http://127.0.0.1/',
      'file:///etc/passwd',
      'app://elsewhere/',
      'ws://a/',
      'x',
    ])
      expect(isCancelled(url), url).toBe(true);
    const preventDefault = vi.fn();
    session.emit('will-download', { preventDefault }, { getURL: () => 'https://example.org/a' });
    session.emit('will-download', { preventDefault }, { getURL: () => 'blob:app://afterimage/0' });
    expect(preventDefault).toHaveBeenCalledTimes(1);
  });
});

describe('isFromPage', () => {
  it('believes the top frame of our own page alone', () => {
    const contents = {} as never;
    const frame = (url: string, parent: unknown = null) => ({ url, parent }) as never;
    expect(isFromPage({ sender: contents, senderFrame: frame(OURS) }, contents)).toBe(true);
    expect(isFromPage({ sender: contents, senderFrame: frame(OURS, {}) }, contents)).toBe(false);
    expect(isFromPage({ sender: contents, senderFrame: frame('https://a/') }, contents)).toBe(false);
    expect(isFromPage({ sender: contents, senderFrame: null }, contents)).toBe(false);
    expect(isFromPage({ sender: {} as never, senderFrame: frame(OURS) }, contents)).toBe(false);
    expect(isFromPage({ sender: contents, senderFrame: frame(OURS) }, undefined)).toBe(false);
  });
});
