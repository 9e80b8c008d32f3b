import { describe, expect, it, vi } from 'vitest';
import { endpoint, fileAddress } from './address.ts';

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
