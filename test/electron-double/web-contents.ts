import { EventEmitter } from 'node:events';
import { toBrowser, toProgram } from './addresses.ts';
import type { Cdp, Line } from './cdp.ts';
import { pageScripts } from './page-scripts.ts';
import type { MessagePortMain } from './ports.ts';
import { BINDING, PreloadLine, WORLD, type Frame } from './preload-line.ts';
import { preventable } from './preventable.ts';
import type { PausedRequest, Session } from './session.ts';

interface Size {
  readonly width: number;
  readonly height: number;
}

type OpenHandler = (details: { readonly url: string }) => { readonly action: 'allow' | 'deny' };

const all = new Set<WebContents>();
let nextId = 1;

/** A page of the browser, as the main process sees it. */
export class WebContents extends EventEmitter {
  readonly id = nextId++;
  readonly session: Session;
  readonly #cdp: Cdp;
  readonly #preload: PreloadLine;
  /** Resolves when the page's scripts are in place. */
  readonly #ready: Promise<void>;
  readonly #frames = new Map<string, Frame>();
  /** Navigations that the program asked for itself. */
  readonly #own = new Set<string>();
  readonly #opened: ('allow' | 'deny')[] = [];
  #target = '';
  #line!: Line;
  #url = '';
  #isDestroyed = false;
  /** A process that is gone would never answer. */
  #isCrashed = false;
  #zoom = 0;
  #webRtcPolicy = 'default';
  #mayOpen: OpenHandler = () => ({ action: 'allow' });

  constructor(cdp: Cdp, session: Session, preload: string | undefined, size: Size) {
    super();
    this.#cdp = cdp;
    this.session = session;
    this.#preload = new PreloadLine({
      line: () => this.#line,
      frameOf: (id) => this.#frames.get(id) ?? null,
      sender: this,
    });
    all.add(this);
    this.#ready = this.#prepare(preload, size);
    this.#ready.catch((error: unknown) => {
      console.error(error);
    });
  }

  static fromDevToolsTargetId(id: string): WebContents | undefined {
    return [...all].find((contents) => contents.#target === id);
  }

  static getAllWebContents(): WebContents[] {
    return [...all];
  }

  getURL(): string {
    return this.#url;
  }

  isDestroyed(): boolean {
    return this.#isDestroyed;
  }

  async loadURL(address: string): Promise<void> {
    await this.#ready;
    this.#own.add(address);
    const { errorText } = await this.#line.send('Page.navigate', { url: toBrowser(address) });
    if (errorText !== undefined) throw new Error(`${errorText} loading '${address}'`);
  }

  reload(): void {
    // A process that has crashed is started anew by going there once more.
    this.loadURL(this.#url).catch(() => undefined);
  }

  isCrashed(): boolean {
    return this.#isCrashed;
  }

  async executeJavaScript(expression: string): Promise<unknown> {
    if (this.#isCrashed) throw new Error('The page has crashed.');
    const { result, exceptionDetails } = await this.#line.send('Runtime.evaluate', {
      expression,
      awaitPromise: true,
      returnByValue: true,
    });
    if (exceptionDetails !== undefined)
      throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  }

  setWindowOpenHandler(handler: OpenHandler): void {
    this.#mayOpen = handler;
  }

  send(channel: string, ...args: unknown[]): void {
    this.#preload.send(channel, args);
  }

  postMessage(channel: string, message: unknown, transfer?: readonly MessagePortMain[]): void {
    this.#preload.send(channel, [message], transfer);
  }

  startDrag(): void {
    // There is nowhere to drag to: tests look at what was asked for.
  }

  /** Chromium has no network here: tests look at what was set. */
  getWebRTCIPHandlingPolicy(): string {
    return this.#webRtcPolicy;
  }

  setWebRTCIPHandlingPolicy(policy: string): void {
    this.#webRtcPolicy = policy;
  }

  getZoomLevel(): number {
    return this.#zoom;
  }

  setZoomLevel(level: number): void {
    this.#zoom = level;
  }

  forcefullyCrashRenderer(): void {
    // A process that is gone does not answer.
    this.#line.send('Page.crash').catch(() => undefined);
  }

  close(): void {
    this.emit('-close');
  }

  resize({ width, height }: Size): void {
    const work = async (): Promise<void> => {
      await this.#ready;
      const { windowId } = await this.#cdp.browser.send('Browser.getWindowForTarget', { targetId: this.#target });
      await this.#cdp.browser.send('Browser.setWindowBounds', { windowId, bounds: { width, height } });
    };
    work().catch(() => undefined);
  }

  destroy(): void {
    if (this.#isDestroyed) return;
    this.#isDestroyed = true;
    all.delete(this);
    this.#preload.cut();
    this.#ready
      .then(() => this.#cdp.browser.send('Target.closeTarget', { targetId: this.#target }))
      .catch(() => undefined);
    this.emit('destroyed');
  }

  async #prepare(preload: string | undefined, { width, height }: Size): Promise<void> {
    const { browser } = this.#cdp;
    const { targetId } = await browser.send('Target.createTarget', {
      url: 'about:blank',
      width,
      height,
      newWindow: true,
    });
    this.#target = targetId;
    const { sessionId } = await browser.send('Target.attachToTarget', { targetId, flatten: true });
    const line = this.#cdp.line(sessionId);
    this.#line = line;
    this.#preload.listen(line);
    this.#listen(line);
    const { mainWorld, preloadWorld } = pageScripts(preload);
    await Promise.all([
      line.send('Page.enable'),
      line.send('Page.setLifecycleEventsEnabled', { enabled: true }),
      line.send('Runtime.enable'),
      line.send('Inspector.enable'),
      line.send('DOM.enable'),
      line.send('Debugger.enable'),
      line.send('Fetch.enable', { patterns: [{ urlPattern: '*' }] }),
      // A window that the page opens waits until it is known whether it may.
      line.send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: true, flatten: true }),
      line.send('Runtime.addBinding', { name: BINDING, executionContextName: WORLD }),
      line.send('Page.addScriptToEvaluateOnNewDocument', { source: mainWorld }),
      line.send('Page.addScriptToEvaluateOnNewDocument', { source: preloadWorld, worldName: WORLD }),
      this.session.grant(this.#cdp.browser),
    ]);
  }

  #listen(line: Line): void {
    line.on('Page.frameNavigated', ({ frame: { id, parentId, url: address } }) => {
      const url = toProgram(address);
      const origin = /^[a-z]+:\/\/[^/?#]*/u.exec(url)?.[0] ?? 'null';
      this.#isCrashed = false;
      this.#frames.set(id, { url, origin, parent: this.#frames.get(parentId ?? '') ?? null });
      if (parentId === undefined) this.#url = url;
    });
    line.on('Page.lifecycleEvent', ({ name }) => {
      if (name === 'firstPaint' && this.#url !== '' && this.#url !== 'about:blank') this.emit('-painted');
    });
    line.on('Fetch.requestPaused', (request) => {
      this.#answer(request).catch(() => undefined);
    });
    line.on('Debugger.paused', ({ callFrames: [frame] }) => {
      this.#tellPath(frame?.functionName ?? '', frame?.callFrameId ?? '').catch(() => undefined);
    });
    line.on('Page.windowOpen', ({ url }) => {
      this.#opened.push(this.#mayOpen({ url: toProgram(url) }).action);
    });
    line.on('Target.attachedToTarget', ({ targetInfo: { type, targetId }, sessionId }) => {
      const work =
        type === 'page' && this.#opened.shift() !== 'allow'
          ? this.#cdp.browser.send('Target.closeTarget', { targetId })
          : this.#cdp.line(sessionId).send('Runtime.runIfWaitingForDebugger');
      work.catch(() => undefined);
    });
    line.on('Inspector.targetCrashed', () => {
      this.#isCrashed = true;
      this.#preload.cut();
      this.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 139 });
    });
  }

  /** Decides about one request: a navigation, or anything that the page fetches. */
  async #answer({ requestId, request, resourceType, frameId }: PausedRequest): Promise<void> {
    const url = toProgram(request.url + (request.urlFragment ?? ''));
    const fail = (errorReason: 'Aborted' | 'BlockedByClient'): Promise<unknown> =>
      this.#line.send('Fetch.failRequest', { requestId, errorReason });
    if (resourceType === 'Document' && !this.#mayGo(url, (this.#frames.get(frameId)?.parent ?? null) === null)) {
      await fail('Aborted');
      return;
    }
    const response = await this.session.respond(request, url);
    if (response === null) await fail('BlockedByClient');
    else await this.#line.send('Fetch.fulfillRequest', { requestId, ...response });
  }

  #mayGo(url: string, isMainFrame: boolean): boolean {
    const isOwn = [...this.#own].some((own) => withoutEnd(own) === withoutEnd(url));
    this.#own.clear();
    const event = preventable({ url, isMainFrame });
    if (isOwn) return true;
    this.emit('will-frame-navigate', event);
    if (isMainFrame) this.emit('will-navigate', event, url);
    return !event.defaultPrevented;
  }

  /** The page stands still to hear where a file lies: that is told to a debugger alone. */
  async #tellPath(functionName: string, callFrameId: string): Promise<void> {
    const evaluate = (expression: string) =>
      this.#line.send('Debugger.evaluateOnCallFrame', { callFrameId, expression });
    if (functionName === 'electronDoublePath') {
      const { objectId = '' } = (await evaluate('file')).result;
      const { path } = await this.#line.send('DOM.getFileInfo', { objectId }).catch(() => ({ path: '' }));
      await evaluate(`path = ${JSON.stringify(path)}`);
    }
    await this.#line.send('Debugger.resume');
  }
}

const withoutEnd = (address: string): string => address.replace(/\/?(?:#.*)?$/su, '');
