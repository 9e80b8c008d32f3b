import { describe, expect, it } from 'vitest';
import { createClient, serve, type Handlers } from '../../app/contract/index.ts';
import { portTransport } from './message-port.ts';

describe('portTransport', () => {
  it('carries calls and events, and tells when the other side is gone', async () => {
    const { port1, port2 } = new MessageChannel();
    const handlers: Handlers<'index.failures'> = {
      'index.failures': ({ limit }) => ({ total: limit, failures: [] }),
    };
    const server = serve(portTransport(port2), handlers);
    const client = createClient(portTransport(port1));
    expect((await client.call('index.failures', { limit: 3 })).total).toBe(3);

    const heard = new Promise((resolve) => client.on('changed', resolve));
    server.emit('changed', { photos: 4, what: 'photos' });
    expect(await heard).toEqual({ photos: 4, what: 'photos' });

    const closed = new Promise<void>((resolve) => client.onClose(resolve));
    port2.close();
    await closed;
    await expect(client.call('index.failures', {})).rejects.toMatchObject({ kind: 'engine-stopped' });
  });
});
