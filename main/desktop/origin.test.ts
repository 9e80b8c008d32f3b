import { describe, expect, it } from 'vitest';
import { isOurs } from './origin.ts';

describe('isOurs', () => {
  it('knows the page and what lies below it', () => {
    for (const address of ['app://afterimage', 'app://afterimage/', 'app://afterimage/photo/1/view?at=2#q'])
      expect(isOurs(address)).toBe(true);
  });

  it('is not taken in by what begins alike', () => {
    for (const address of [
      'app://afterimage.evil.example/',
      'app://afterimage@evil.example/',
      'app://person@afterimage/',
      'app://afterimage:80/',
      'afterimage://afterimage/',
      'https://afterimage/',
      'file:///app://afterimage/',
      'app:afterimage',
      'about:blank',
      '',
    ])
      expect(isOurs(address), address).toBe(false);
  });
});
