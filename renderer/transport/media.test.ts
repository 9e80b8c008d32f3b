import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { thumbnailUrl, viewUrl } from './media.ts';

describe('the address of a picture', () => {
  it('names a moment of a video where there is one', () => {
    expect(thumbnailUrl('0123456789abcdef')).toBe('/photo/0123456789abcdef/thumbnail');
    expect(thumbnailUrl('0123456789abcdef', 0)).toBe('/photo/0123456789abcdef/thumbnail?at=0.0');
    // A key frame of a video with 29.97 frames a second: at 2.0 the scene before it is still shown.
    expect(viewUrl('0123456789abcdef', 2.002)).toBe('/photo/0123456789abcdef/view?at=2.1');
  });

  it('never names a moment before the one that was found, nor one far behind it', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 100_000, noNaN: true }), (at) => {
        const named = Number(new URL(thumbnailUrl('0123456789abcdef', at), 'http://here').searchParams.get('at'));
        expect(named).toBeGreaterThanOrEqual(at);
        expect(named - at).toBeLessThan(0.2);
      }),
    );
  });
});
