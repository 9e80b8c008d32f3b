import { describe, expect, it } from 'vitest';
import { mimesOf, typeOf, USUAL_TYPES } from './types.ts';

describe('types', () => {
  it('have words that are read back', () => {
    for (const type of USUAL_TYPES) {
      const mimes = mimesOf(type) ?? [];
      expect(mimes.length, type).toBeGreaterThan(0);
      for (const mime of mimes) expect(typeOf(mime)).toBe(type);
    }
    expect(typeOf('image/x-canon-cr3')).toBe('cr3');
    expect(mimesOf('CR3')).toEqual(['image/x-canon-cr3']);
  });

  it('are unknown where there is no word for them', () => {
    expect(typeOf('image/x-unheard-of')).toBeNull();
    expect(mimesOf('docx')).toBeNull();
    expect(mimesOf('constructor')).toBeNull();
  });
});
