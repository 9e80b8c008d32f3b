import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  createClient,
  errorDataSchema,
  events,
  methods,
  serve,
  type Client,
  type Message,
  type MethodName,
  type Transport,
} from '../../app/contract/index.ts';
import { hostileMessage, hostileTexts, hostileValue } from '../support/hostile.ts';
import { lines, type Line } from './transports.ts';

const names = Object.keys(methods) as MethodName[]; // The keys of the method map are its names.
const BATCH = 100;
const BATCHES = 100;

const replySchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('result'), id: z.int(), output: z.unknown() }),
  z.strictObject({ type: z.literal('error'), id: z.int(), error: errorDataSchema }),
  z.strictObject({ type: z.literal('event'), event: z.enum(Object.keys(events)), data: z.unknown() }),
]);

describe.each(Object.entries(lines))('hostile messages over %s', (_name, open) => {
  let line: Line;
  let client: Client;
  let strays: unknown[] = [];
  beforeEach(async () => {
    line = await open();
    strays = [];
    line.transport.onMessage((message) => {
      if (!replySchema.safeParse(message).success) strays.push(message);
    });
    client = createClient(line.transport);
    await client.call('index.resume', {});
  });
  afterEach(() => line.clean());

  const answers = async (): Promise<void> => {
    expect((await client.call('photos.page', { offset: 4 })).total).toBe(4);
    expect(strays).toEqual([]);
    expect(({} as { isPolluted?: boolean }).isPolluted).toBeUndefined();
  };

  it('are refused, 10,000 of them, and calls between them answered', async () => {
    const batches = fc.array(hostileMessage(names), { minLength: BATCH, maxLength: BATCH });
    await fc.assert(
      fc.asyncProperty(batches, async (batch) => {
        // Whatever a transport can carry may arrive; the type only binds our own code.
        for (const message of batch) line.transport.send(message as Message);
        await answers();
      }),
      { numRuns: BATCHES, endOnFailure: true },
    );
  });

  it('cancel nothing of others, however many they are', async () => {
    const running = client.call('index.run', {});
    for (let id = 0; id < 10_000; id++) line.transport.send({ type: 'cancel', id: 1e9 + id });
    await answers();
    expect(await Promise.race([running.then(() => 'ended'), turn('running')])).toBe('running');
    line.cut();
    await expect(running).rejects.toMatchObject({ kind: 'engine-stopped' });
  });

  it('cannot have more than a thousand things done at once', async () => {
    const refused = new Set<number>();
    line.transport.onMessage((message) => {
      const reply = replySchema.parse(message);
      if (reply.type === 'error' && reply.error.kind === 'invalid-request') refused.add(reply.id);
    });
    for (let id = 0; id < 3000; id++)
      line.transport.send({ type: 'request', id: 1e9 + id, method: 'index.run', input: {} });
    await expect(client.call('index.resume', {})).rejects.toMatchObject({ kind: 'invalid-request' });
    await expect.poll(() => refused.size).toBeGreaterThanOrEqual(2000);
    for (let id = 0; id < 3000; id++) line.transport.send({ type: 'cancel', id: 1e9 + id });
    await expect.poll(() => client.call('index.resume', {}).catch(() => null)).toEqual({});
  });

  it('are answered shortly, however long they are', async () => {
    const longest = new Promise<number>((resolve) => {
      line.transport.onMessage((message) => {
        const reply = replySchema.parse(message);
        if (reply.type !== 'event' && reply.id === 1e9) resolve(JSON.stringify(reply).length);
      });
    });
    const ids = Array.from({ length: 20_000 }, () => 'no id');
    line.transport.send({ type: 'request', id: 1e9, method: 'index.run', input: { rootIds: ids.map(Number) } });
    expect(await longest).toBeLessThan(1000);
    await expect(client.call('x'.repeat(100_000) as MethodName, {})).rejects.toThrow(/^.{0,200}$/u);
    await answers();
  });

  it('are no messages when they are no JSON, or bytes', async () => {
    if (line.raw === undefined) return;
    for (const text of hostileTexts) line.raw(text);
    for (let length = 0; length < 300; length++)
      line.raw(Uint8Array.from({ length }, (_, index) => (index * 31 + length) & 0xff));
    await answers();
  });

  it('keeps texts whole, whatever they hold', async () => {
    const id = 'line\u2028paragraph\u2029feed\r\n\uD800 lone\0';
    await expect(client.call('models.use', { id })).rejects.toMatchObject({ message: expect.stringContaining(id) });
  });
});

describe('a hostile engine', () => {
  /** A line whose far side says whatever it is told to. */
  const faked = () => {
    let say: (message: unknown) => void = () => undefined;
    const sent: Message[] = [];
    const transport: Transport = {
      send: (message) => sent.push(message),
      onMessage: (listener) => (say = listener),
      onClose: () => undefined,
      close: () => undefined,
    };
    const client = createClient(transport);
    return { client, sent, say: (message: unknown) => say(message) };
  };

  it('cannot hand its callers anything outside the schema, in 10,000 answers and events', async () => {
    const heard: unknown[] = [];
    const { client, sent, say } = faked();
    for (const name of ['progress', 'changed', 'downloads', 'upgrade'] as const)
      client.on(name, (data) => heard.push(events[name].parse(data)));
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...names),
        hostileValue,
        fc.array(hostileMessage(names), { minLength: 10, maxLength: 10 }),
        async (method, output, noise) => {
          // Inputs are not checked on this side.
          const call = client.call(method, {}).then(
            (answer) => methods[method].output.parse(answer),
            (error: unknown) => expect(error).toMatchObject({ kind: expect.any(String) }),
          );
          for (const message of noise) say(message);
          say({ type: 'result', id: sent.length - 1, output });
          say({ type: 'result', id: sent.length - 1, output: 'once more' });
          await call;
        },
      ),
      { numRuns: 1000, endOnFailure: true },
    );
    expect(({} as { isPolluted?: boolean }).isPolluted).toBeUndefined();
  });

  it('cannot settle a call that was not made, nor one twice', async () => {
    const { client, say } = faked();
    const call = client.call('index.pause', {});
    say({ type: 'result', id: 1, output: {} });
    say({ type: 'error', id: -1, error: { kind: 'internal', message: 'spoofed', retryable: false } });
    say({ type: 'error', id: 0, error: { kind: 'no such kind', message: 'spoofed', retryable: false } });
    say({ type: 'result', id: 0, output: {} });
    say({ type: 'error', id: 0, error: { kind: 'internal', message: 'too late', retryable: false } });
    expect(await call).toEqual({});
  });
});

describe('a line that breaks', () => {
  it('is closed, and takes nobody with it', async () => {
    let hear: (message: unknown) => void = () => undefined;
    let closed = 0;
    const transport: Transport = {
      send: () => {
        throw new TypeError('This line is broken.');
      },
      onMessage: (listener) => (hear = listener),
      onClose: () => undefined,
      close: () => (closed += 1),
    };
    serve<'index.pause'>(transport, { 'index.pause': () => ({}) });
    for (let id = 0; id < 10; id++) hear({ type: 'request', id, method: 'index.pause', input: {} });
    await expect.poll(() => closed).toBe(10);
  });
});
