import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { momentIn } from './named-moment.ts';

const local = (...parts: [number, number, number, number?, number?, number?, number?]): number => {
  const [year, month, day, hours = 0, minutes = 0, seconds = 0, ms = 0] = parts;
  return new Date(year, month - 1, day, hours, minutes, seconds, ms).getTime();
};

describe('momentIn', () => {
  it.each([
    ['IMG_20190817_143000.jpg', local(2019, 8, 17, 14, 30)],
    ['IMG_20190817_143001_HDR.jpg', local(2019, 8, 17, 14, 30, 1)],
    ['VID_20190817_143000.mp4', local(2019, 8, 17, 14, 30)],
    ['20190817_143000.jpg', local(2019, 8, 17, 14, 30)],
    ['00000IMG_00000_BURST20190817143000123_COVER.jpg', local(2019, 8, 17, 14, 30, 0, 123)],
    ['DJI_20220817143000_0001_D.JPG', local(2022, 8, 17, 14, 30)],
    ['WP_20130817_14_30_00_Pro.jpg', local(2013, 8, 17, 14, 30)],
    ['2019-08-17 14.30.00.jpg', local(2019, 8, 17, 14, 30)],
    ['2019-08-17 14.30.00-1.jpg', local(2019, 8, 17, 14, 30)],
    ['Screenshot_20190817-143000_Chrome.png', local(2019, 8, 17, 14, 30)],
    ['Screenshot_2019-08-17-14-30-00-123_com.app.png', local(2019, 8, 17, 14, 30, 0, 123)],
    ['Screenshot 2021-01-02 at 10.11.12.png', local(2021, 1, 2, 10, 11, 12)],
    ['Screenshot 2021-01-02 at 10.11.12 PM.png', local(2021, 1, 2, 22, 11, 12)],
    ['Screenshot 2021-01-02 at 12.11.12\u202FAM.png', local(2021, 1, 2, 0, 11, 12)],
    ['Screenshot from 2021-01-02 10-11-12.png', local(2021, 1, 2, 10, 11, 12)],
    ['signal-2019-08-17-143000.jpg', local(2019, 8, 17, 14, 30)],
    ['signal-2023-01-01-12-34-56-789.jpg', local(2023, 1, 1, 12, 34, 56, 789)],
    ['photo_2019-08-17_14-30-00.jpg', local(2019, 8, 17, 14, 30)],
    ['WhatsApp Image 2019-08-17 at 14.30.00.jpeg', local(2019, 8, 17, 14, 30)],
    ['IMG-20190817-WA0001.jpg', local(2019, 8, 17)],
    ['20190817.jpg', local(2019, 8, 17)],
    ['20190817_999999.jpg', local(2019, 8, 17)],
    ['20190817_0042.jpg', local(2019, 8, 17)],
    ['1975-08-17 Birthday.tif', local(1975, 8, 17)],
    ['20301231 of 2019-08-17.jpg', local(2019, 8, 17)],
    ['PXL_20210101_123456789.jpg', Date.UTC(2021, 0, 1, 12, 34, 56, 789)],
    ['PXL_20210101_123456789.MP.jpg', Date.UTC(2021, 0, 1, 12, 34, 56, 789)],
    ['mmexport1566048600000.jpg', 1566048600000],
    ['FB_IMG_1566048600000.jpg', 1566048600000],
  ])('%s', (name, takenAt) => {
    expect(momentIn(name, 2027)).toEqual({ takenAt, takenAtOffset: null, takenAtSource: 'name' });
  });

  it.each([
    'DSC_0042.JPG',
    '+4915112345678.jpg',
    '2015551234.jpg',
    '20155512345.jpg',
    '2019081712345.jpg',
    '120190817.jpg',
    '0049-2019-08-17.jpg',
    '1920x1080.jpg',
    '1920-10-80.jpg',
    '2048-10-24.png',
    '20191332.jpg',
    '2019-02-30.jpg',
    '2019-08_17.jpg',
    '17082019.jpg',
    '1566048600000.jpg',
    '3fa85f64-5717-4562-b3fc-2c20190817a6.jpg',
    '3fa85f64571745622019-08-17b3fc2c'.replaceAll('-', ''),
    '',
  ])('%s says nothing', (name) => {
    expect(momentIn(name, 2027)).toBeNull();
  });

  it('reads back any time, and never fails', () => {
    fc.assert(
      fc.property(fc.date({ min: new Date(1980, 0, 2), max: new Date(2026, 0, 1), noInvalidDate: true }), (date) => {
        const digits = date.toISOString().replaceAll(/\D/gu, '');
        const name = `PXL_${digits.slice(0, 8)}_${digits.slice(8, 17)}.jpg`;
        expect(momentIn(name)?.takenAt).toBe(date.getTime());
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...Array.from('0123456789-_. :ATPM')) }), (name) => {
        const taken = momentIn(name, 2027);
        expect(taken === null || Number.isFinite(taken.takenAt)).toBe(true);
      }),
    );
  });
});
