import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { worlds } from '../../test/support/compositions.ts';
import { split } from './composition.ts';

describe('split', () => {
  it('tells wanted from avoided terms, each in their order', () => {
    fc.assert(
      fc.property(worlds({ rows: fc.constant(1) }), ({ composition: { terms } }) => {
        const { wanted, avoided } = split(terms);
        expect([...wanted, ...avoided].sort((a, b) => a - b)).toEqual([...terms.keys()]);
        expect(wanted).toEqual([...terms.keys()].filter((i) => !terms[i]!.avoid));
        expect(avoided).toEqual([...terms.keys()].filter((i) => terms[i]!.avoid));
      }),
    );
  });
});
