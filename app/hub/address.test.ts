import { describe, expect, it, vi } from 'vitest';
import { endpoint, fileAddress, nextHop } from './address.ts';

describe('the hub', () => {
  it('is the public one, unless the environment names another', () => {
    vi.stubEnv('HF_ENDPOINT', undefined);
    expect(endpoint().href).toBe('https://huggingface.co/');
    vi.stubEnv('HF_ENDPOINT', 'https://mirror.example/hf/');
    expect(fileAddress(endpoint(), 'a/b', 'c0ffee', 'onnx/x.onnx').href).toBe(
      'https://mirror.example/hf/a/b/resolve/c0ffee/onnx/x.onnx',
    );
    vi.unstubAllEnvs();
  });

  it.each(['http://localhost:80', 'http://127.0.0.1:9', 'http://[::1]:9', 'https://mirror.example'])(
    'may be %s',
    (address) => {
      expect(endpoint(address).href).toBe(new URL(address).href);
    },
  );

  it.each([
    'http://mirror.example',
    'http://127.0.0.1.example',
    'http://localhost.example',
    'ftp://mirror.example',
    'https://me:secret@mirror.example',
    'mirror.example',
  ])('may not be %s', (address) => {
    expect(() => endpoint(address)).toThrow(expect.objectContaining({ kind: 'invalid-request' }));
  });
});

it.each([
  ['https://hub.example/a/b', '/c', 'https://hub.example/c'],
  ['https://hub.example/a/b', 'https://cdn.example/c', 'https://cdn.example/c'],
  ['http://127.0.0.1:1/a', 'http://localhost:2/b', 'http://localhost:2/b'],
  ['http://127.0.0.1:1/a', 'https://cdn.example/b', 'https://cdn.example/b'],
  ['https://hub.example/a', 'http://cdn.example/b', null],
  ['https://hub.example/a', 'http://127.0.0.1/b', null],
  ['https://hub.example/a', 'https://localhost/b', null],
  ['https://hub.example/a', 'file:///b', null],
  ['https://hub.example/a', 'https://', null],
])('from %s a redirect to %s leads to %s', (from, location, to) => {
  expect(nextHop(new URL(from), location)?.href ?? null).toBe(to);
});
