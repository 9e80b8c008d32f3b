import { describe, expect, it } from 'vitest';
import { MAX_TERMS } from './ast.ts';
import { offerNegation } from './negation.ts';
import { parseQuery } from './parse.ts';
import { printQuery } from './print.ts';

const offered = (text: string): readonly [string, string] | null => {
  const offer = offerNegation(parseQuery(text));
  return offer === null ? null : [offer.text, printQuery(offer.query)];
};

describe('offerNegation', () => {
  it.each([
    ['beach without people', 'without people', 'beach -people'],
    ['a dog but not a cat', 'but not a cat', 'a dog -cat'],
    ['No people', 'No people', '-people'],
    ['not dogs but cats', 'not dogs', 'cats -dogs'],
    ['street, no cars, at night', 'no cars', 'street, at night -cars'],
    ['everything except for cats', 'except for cats', '-cats'],
    ['snow minus trees', 'minus trees', 'snow -trees'],
    ['fruit excluding apples and pears', 'excluding apples and pears', 'fruit -apples and pears'],
    ['people without hats or glasses at night', 'without hats or glasses', 'people at night -hats -glasses'],
    ['dog without leash and with ball', 'without leash', 'dog with ball -leash'],
    ['mountains (no snow)', 'no snow', 'mountains -snow'],
    ['a house without any windows. In winter', 'without any windows', 'a house. In winter -windows'],
    ['car with no  roof', 'with no roof', 'car -roof'],
    ['no smoking sign, no people', 'no people', 'no smoking sign -people'],
    ['sea !beach\u00a0without people^2 photo:ab mode:all', 'without people', 'sea !beach^2 -people photo:ab mode:all'],
  ])('%s', (text, recognised, query) => {
    expect(offered(text)).toEqual([recognised, query]);
  });

  it.each([
    'two dogs in snow',
    'no entry sign',
    'no parking',
    'no exit signs',
    'not far from the sea',
    'no one on the beach',
    'minus 10 degrees',
    'no 5',
    'a man who is not smiling',
    'do not enter',
    'knot in a rope',
    'volcano without',
    'no',
    'without -people',
    'photo:ab -no',
    '-"beach without people"',
    'dog no dog',
  ])('%s offers nothing', (text) => {
    expect(offered(text)).toBeNull();
  });

  it('offers nothing that would be too many terms', () => {
    const others = '+dog '.repeat(MAX_TERMS - 1);
    expect(offered(`${others}+beach without people`)).toBeNull();
    expect(offered(`${others}+no people`)).not.toBeNull();
  });
});
