import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { literalOf, wantedWords } from './literal.ts';

const finds = (sentence: string, ...texts: readonly string[]): boolean => {
  const there = new Set(literalOf(texts).split(' '));
  const words = wantedWords(sentence);
  return words.length > 0 && words.every((word) => there.has(word));
};

describe('the words that a photo is found by', () => {
  it.each([
    ['beach', 'Beach_2019.jpg'],
    ['2019', 'Beach_2019.jpg'],
    ['IMG_2041', 'IMG_2041.JPG'],
    ['img 2041', 'IMG2041.JPG'],
    ['img2041', 'IMG_2041.JPG'],
    ['beach house', 'BeachHouse.jpg'],
    ['beachhouse', 'BeachHouse.jpg'],
    ['usa today', 'USAToday.png'],
    ['cafe', 'Café.jpg'],
    ['Café', 'cafe.jpg'],
    ['cafe\u0301', 'Café.jpg'],
    ['海滩', '日落海滩.jpg'],
    ['ガ', 'カ\u3099ラス.jpg'],
    ['a dog on the beach', 'dog-beach.jpg'],
    ['The Who', 'the who live.jpg'],
    ["o'brien", 'O’Brien.jpg'],
    ['office', 'oﬃce.jpg'],
    ['İstanbul', 'istanbul.jpg'],
  ])('%j finds %j', (sentence, text) => {
    expect(finds(sentence, text)).toBe(true);
  });

  it.each([
    ['beach dog', 'beach.jpg'],
    ['each', 'Beach.jpg'],
    ['to be', 'be.jpg'],
    ['…', 'beach.jpg'],
  ])('%j does not find %j', (sentence, text) => {
    expect(finds(sentence, text)).toBe(false);
  });

  it('finds what words of several texts say together', () => {
    expect(finds('dog beach', 'DSC_1.jpg', 'A day at the beach', 'dog')).toBe(true);
  });

  it('finds every text by itself, however it is written', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const words = wantedWords(text);
        expect(words.length === 0 || finds(text, text)).toBe(true);
        expect(words.every((word) => /^\S{1,64}$/u.test(word))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
