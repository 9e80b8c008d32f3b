import type { LookupAddress } from 'node:dns';
import { describe, expect, it } from 'vitest';
import { Destinations, PrivatePlace } from './destinations.ts';

const hub = new URL('https://hub.example');
const here = new URL('http://127.0.0.1:1');
const around = new URL('https://192.168.1.5');

it.each<readonly [from: URL, location: string, to: string | null]>([
  [hub, '/c', 'https://hub.example/c'],
  [hub, 'https://cdn.example/c', 'https://cdn.example/c'],
  [hub, 'https://1.1.1.1/c', 'https://1.1.1.1/c'],
  [hub, 'https://[2606:4700::1111]/c', 'https://[2606:4700::1111]/c'],
  [here, 'http://localhost:2/b', 'http://localhost:2/b'],
  [here, 'https://cdn.example/b', 'https://cdn.example/b'],
  [around, 'https://192.168.1.6/b', 'https://192.168.1.6/b'],
  [hub, 'http://cdn.example/b', null],
  [hub, 'http://127.0.0.1/b', null],
  [hub, 'file:///b', null],
  [hub, 'https://', null],
  [hub, 'https://me:secret@cdn.example/', null],
  ...[
    ...['localhost', 'x.localhost', 'localhost.', 'printer', 'nas.local', 'nas.lan', 'metadata.google.internal'],
    ...['127.0.0.1', '127.9.9.9', '10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', '169.254.169.254'],
    ...['100.64.0.1', '0.0.0.0', '224.0.0.1', '255.255.255.255', '2130706433', '0x7f.1', '0177.0.0.1', '127.1'],
    ...['[::1]', '[::]', '[fe80::1]', '[fd00::1]', '[fec0::1]', '[ff02::1]', '[::ffff:127.0.0.1]', '[::ffff:a00:1]'],
    ...['[64:ff9b::10.0.0.1]', '[2002:7f00:1::]', '[::127.0.0.1]', '[0:0:0:0:0:ffff:c0a8:1]'],
  ].map((host) => [hub, `https://${host}/b`, null] as const),
])('from %s a redirect to %s leads to %s', (from, location, to) => {
  expect(new Destinations(from).next(from, location)?.href ?? null).toBe(to);
});

describe('a name', () => {
  const looked = (destinations: Destinations, name: string): Promise<string> =>
    new Promise((resolve, reject) => {
      destinations.lookup(name, {}, (error, address) => {
        if (error === null && typeof address === 'string') resolve(address);
        else reject(error ?? new TypeError('One address was asked for.'));
      });
    });
  const names: Readonly<Record<string, readonly string[]>> = {
    'hub.example': ['203.0.113.1'],
    'mirror.example': ['192.168.1.5'],
    'cdn.example': ['2606:4700::1111', '1.1.1.1'],
    'rebound.example': ['1.1.1.1', '127.0.0.1'],
    'mapped.example': ['::ffff:10.0.0.1'],
    'link.example': ['fe80::1%eth0'],
  };
  /** Stands in for the system's name service, which a test cannot fill. */
  const resolve = ((name: string, _: unknown, callback: (error: null, addresses: LookupAddress[]) => void) => {
    const addresses = (names[name] ?? []).map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
    callback(null, addresses);
    // Of the forms that the system's function has, only this one is used.
  }) as unknown as ConstructorParameters<typeof Destinations>[1];

  it('is judged by all addresses that it stands for', async () => {
    const destinations = new Destinations(new URL('https://hub.example'), resolve);
    expect(await looked(destinations, 'hub.example')).toBe('203.0.113.1');
    expect(await looked(destinations, 'cdn.example')).toBe('2606:4700::1111');
    for (const name of ['rebound.example', 'mapped.example', 'link.example', 'mirror.example'])
      await expect(looked(destinations, name)).rejects.toThrow(PrivatePlace);
  });

  it('may lead into the own network from a mirror that is there', async () => {
    const destinations = new Destinations(new URL('https://mirror.example'), resolve);
    expect(destinations.next(new URL('https://mirror.example/x'), 'https://192.168.1.6/y')).toBe(null);
    expect(await looked(destinations, 'mirror.example')).toBe('192.168.1.5');
    expect(destinations.next(new URL('https://mirror.example/x'), 'https://192.168.1.6/y')?.href).toBe(
      'https://192.168.1.6/y',
    );
    expect(await looked(destinations, 'mapped.example')).toBe('::ffff:10.0.0.1');
  });
});
