import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AfterimageError, createClient, type Client, type EventData } from '../../app/contract/index.ts';
import { lines, type Line } from './transports.ts';

describe.each(Object.entries(lines))('the contract over %s', (_name, open) => {
  let line: Line;
  let client: Client;
  beforeEach(async () => {
    line = await open();
    client = createClient(line.transport);
    await client.call('index.resume', {});
  });
  afterEach(() => line.clean());

  it('answers many calls at once, each with its own answer', async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, offset) => client.call('photos.page', { offset, limit: 5 })),
    );
    expect(answers.map((page) => page.total)).toEqual(Array.from({ length: 50 }, (_, offset) => offset));
  });

  it('fills in defaults and refuses input outside the schema, naming the field', async () => {
    expect((await client.call('photos.page', {})).photos[0]?.height).toBe(1000);
    await expect(client.call('photos.page', { offset: -1 })).rejects.toMatchObject({
      kind: 'invalid-request',
      message: expect.stringContaining('offset'),
    });
  });

  it('carries errors as data: kind, message and details, never the cause', async () => {
    const error: unknown = await client.call('models.use', { id: 'mine' }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(AfterimageError);
    expect(error).toMatchObject({
      kind: 'model-invalid',
      message: '“mine” has no tokenizer.json. Put it there.',
      details: { file: 'tokenizer.json' },
    });
    expect(error).not.toHaveProperty('cause');
    await expect(client.call('models.use', { id: 'broken' })).rejects.toMatchObject({ kind: 'internal' });
  });

  it('refuses methods that the other side does not offer', async () => {
    await expect(client.call('shutdown', {})).rejects.toMatchObject({
      kind: 'invalid-request',
      message: expect.stringContaining('shutdown'),
    });
  });

  it('notices an answer outside the schema', async () => {
    await expect(client.call('models.list', {})).rejects.toMatchObject({
      kind: 'internal',
      message: expect.stringContaining('models.list'),
    });
  });

  it('cancels a running call on both sides', async () => {
    const controller = new AbortController();
    const running = client.call('index.run', {}, controller.signal);
    await client.call('index.resume', {});
    controller.abort();
    await expect(running).rejects.toMatchObject({ kind: 'cancelled' });
    await expect
      .poll(async () => (await client.call('doctor', {})).checks.map((check) => check.name))
      .toEqual(['index.run']);
  });

  it('does not even send a call that is cancelled before', async () => {
    await expect(client.call('index.run', {}, AbortSignal.abort())).rejects.toMatchObject({ kind: 'cancelled' });
  });

  it('tells events, any text unharmed, until the listener leaves', async () => {
    const seen: EventData<'progress'>[] = [];
    const leave = client.on('progress', (progress) => seen.push(progress));
    await client.call('index.pause', {});
    await expect.poll(() => seen.length).toBe(1);
    expect(seen[0]?.current).toBe('a/\u202Eb\n😀.jpg');
    leave();
    await client.call('index.pause', {});
    await client.call('index.resume', {});
    expect(seen).toHaveLength(1);
  });

  it('survives hostile messages', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), (noise) => {
        // Whatever a transport can carry may arrive; the type only binds our own code.
        line.transport.send(noise as never);
        line.transport.send({ type: 'request', id: 1e6, method: '__proto__', input: noise });
        return Promise.resolve();
      }),
      { numRuns: 50 },
    );
    expect((await client.call('photos.page', { offset: 4 })).total).toBe(4);
  });

  it('fails what is running, and what comes later, when the line is cut', async () => {
    const running = client.call('index.run', {});
    const closed = new Promise<void>((resolve) => {
      client.onClose(resolve);
    });
    await client.call('index.resume', {});
    line.cut();
    await expect(running).rejects.toMatchObject({ kind: 'engine-stopped' });
    await closed;
    await expect(client.call('doctor', {})).rejects.toMatchObject({ kind: 'engine-stopped' });
  });
});
