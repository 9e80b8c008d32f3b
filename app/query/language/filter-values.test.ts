import { describe, expect, it } from 'vitest';
import { AfterimageError } from '../../contract/errors.ts';
import type { Field } from './ast.ts';
import { readFilter, type FilterCondition } from './filter-values.ts';

const range = (field: Field, value: string): FilterCondition => readFilter({ field, value });
const bounds = (field: Field, value: string): readonly [string, string] => {
  const read = range(field, value);
  if (read.kind !== 'number') throw new Error(`${field} is no number.`);
  const show = (bound: typeof read.least, open: string): string =>
    bound === null ? '' : `${bound.included ? '=' : open}${bound.value}`;
  return [show(read.least, '>'), show(read.most, '<')];
};

describe('numbers', () => {
  it.each<[Field, string, string, string]>([
    ['iso', '400', '=400', '=400'],
    ['iso', '>=400', '=400', ''],
    ['iso', '>400', '>400', ''],
    ['iso', '< 400', '', '<400'],
    ['iso', '≤400', '', '=400'],
    ['iso', '100..400', '=100', '=400'],
    ['iso', '100..', '=100', ''],
    ['iso', '..400', '', '=400'],
    ['aperture', '<=f/2.8', '', '=2.8'],
    ['aperture', 'f1.4..F/2', '=1.4', '=2'],
    ['exposure', '>=1/250', '=0.004', ''],
    ['exposure', '1/2s..2s', '=0.5', '=2'],
    ['focal', '>35mm', '>35', ''],
    ['focal', '24..70 mm', '=24', '=70'],
    ['rating', '0', '=0', '=0'],
    ['rating', '>=3', '=3', ''],
    ['width', '>=1920px', '=1920', ''],
    ['duration', '<1:30', '', '<90'],
    ['duration', '>1:00:01', '>3601', ''],
    ['duration', '>=1.5min', '=90', ''],
    ['duration', '10s..2h', '=10', '=7200'],
  ])('%s:%s', (field, value, least, most) => {
    expect(bounds(field, value)).toEqual([least, most]);
  });

  it('take in what cameras record for a rounded number', () => {
    const read = range('aperture', 'f/1.8');
    expect(read).toMatchObject({ kind: 'number', field: 'aperture' });
    if (read.kind !== 'number') return;
    expect(read.least?.value).toBeLessThan(1.78);
    expect(read.most?.value).toBeGreaterThan(1.82);
    expect(read.most?.value).toBeLessThan(2);
    expect(bounds('focal', '4mm')).toEqual(['=3.5', '=4.5']);
  });
});

describe('dates', () => {
  const day = (year: number, month: number, date: number): object => ({ year, month, day: date });
  it.each<[Field, string, object | null, object | null]>([
    ['after', '2024', day(2024, 1, 1), null],
    ['before', '2024-05', null, day(2024, 5, 1)],
    ['on', '2024', day(2024, 1, 1), day(2025, 1, 1)],
    ['on', '2024-12', day(2024, 12, 1), day(2025, 1, 1)],
    ['on', '2024-02-28', day(2024, 2, 28), day(2024, 2, 29)],
    ['on', '2023-12-31', day(2023, 12, 31), day(2024, 1, 1)],
    ['on', '2023..2024', day(2023, 1, 1), day(2025, 1, 1)],
    ['on', '2023-05..2023-05-17', day(2023, 5, 1), day(2023, 5, 18)],
    ['on', '..2023', null, day(2024, 1, 1)],
    ['on', '2023..', day(2023, 1, 1), null],
  ])('%s:%s', (field, value, from, until) => {
    expect(range(field, value)).toEqual({ kind: 'date', from, until });
  });
});

describe('the others', () => {
  it('are read', () => {
    expect(range('camera', ' EOS R5 ')).toEqual({ kind: 'text', field: 'camera', text: 'eos r5' });
    expect(range('type', '.JPG')).toEqual({ kind: 'type', mimes: ['image/jpeg'] });
    expect(range('type', 'nrw')).toEqual({ kind: 'type', mimes: ['image/x-nikon-nef'] });
    expect(range('type', 'RAW')).toEqual({ kind: 'trait', trait: 'raw' });
    expect(range('type', 'mov')).toEqual({ kind: 'type', mimes: ['video/quicktime'] });
    expect(range('is', 'Raw')).toEqual({ kind: 'trait', trait: 'raw' });
    expect(range('has', 'Place')).toEqual({ kind: 'record', record: 'place' });
    expect(range('description', 'At SEA')).toEqual({ kind: 'text', field: 'description', text: 'at sea' });
    const place = { kind: 'near', latitude: 48.2, longitude: -16.4 };
    expect(range('near', '48.2,-16.4')).toEqual({ ...place, kilometres: 10 });
    expect(range('near', '48.2, -16.4, 5 km')).toEqual({ ...place, kilometres: 5 });
    expect(range('near', '48.2,-16.4,500m')).toEqual({ ...place, kilometres: 0.5 });
    expect(range('near', '48.2,-16.4,10mi')).toEqual({ ...place, kilometres: 16.09344 });
  });
});

describe('errors', () => {
  it.each<[Field, string, string]>([
    ['iso', '', ''],
    ['iso', '-1', '-1'],
    ['iso', 'NaN', 'NaN'],
    ['iso', '>1e999', '>1e999'],
    ['iso', '..', '..'],
    ['iso', '1..2..3', '1..2..3'],
    ['iso', '400..100', '400..100'],
    ['rating', '6', '6'],
    ['exposure', '1/0', '1/0'],
    ['exposure', '1/2/3', '1/2/3'],
    ['duration', '1:5', '1:5'],
    ['on', '24', '24'],
    ['on', '2024-02-30', '2024-02-30'],
    ['on', '2023..2024-13', '2024-13'],
    ['on', '2024..2023', '2024..2023'],
    ['on', '..', '..'],
    ['after', '2023..2024', '2023..2024'],
    ['near', '48.2', '48.2'],
    ['near', '91,0', '91'],
    ['near', '0, 181', '181'],
    ['near', '0,0,0km', '0'],
    ['near', '0,0,NaNkm', 'NaN'],
    ['near', '0,,0', ''],
    ['near', '1,2,3,4', '1,2,3,4'],
    ['type', 'doc', 'doc'],
    ['type', 'constructor', 'constructor'],
    ['is', 'nice', 'nice'],
    ['has', 'money', 'money'],
  ])('%s:%s points at “%s”', (field, value, part) => {
    const text = `dog ${field}:${value}`;
    const offset = text.length - value.length;
    try {
      readFilter({ field, value }, offset);
    } catch (error) {
      if (!(error instanceof AfterimageError)) throw error;
      const { at, length } = error.details ?? {};
      expect(text.slice(Number(at), Number(at) + Number(length))).toBe(part);
      expect(error.message).toContain(` at ${Number(at) + 1}`);
      return;
    }
    throw new Error('This was read without an error.');
  });
});
