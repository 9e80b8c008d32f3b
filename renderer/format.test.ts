import { describe, expect, it } from 'vitest';
import {
  fileName,
  folderOf,
  formatBytes,
  formatCount,
  formatDate,
  formatDuration,
  formatEvery,
  formatLength,
  formatMoment,
  formatPlace,
  formatSize,
  formatTimeLeft,
  formatZone,
} from './format.ts';

describe('format', () => {
  it('counts in words', () => {
    expect(formatCount(1, 'photo')).toBe('1 photo');
    expect(formatCount(0, 'photo')).toBe('0 photos');
    expect(formatCount(12_345, 'match', 'matches')).toBe('12,345 matches');
  });

  it.each([
    [0, '0 bytes'],
    [999, '999 bytes'],
    [1000, '1 KB'],
    [2_440_000, '2.4 MB'],
    [812_000_000, '812 MB'],
    [5e15, '5,000 TB'],
  ])('writes %d bytes as %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });

  it.each([
    [0, '0:00'],
    [7.4, '0:07'],
    [59.6, '1:00'],
    [754, '12:34'],
    [3723, '1:02:03'],
  ])('writes the length of a video of %d seconds as %s', (seconds, text) => {
    expect(formatLength(seconds)).toBe(text);
  });

  it('says where a video opens, unless that is its beginning', () => {
    expect(formatMoment(0, 6)).toBe('0:06');
    expect(formatMoment(4, 75)).toBe('0:04 of 1:15');
  });

  it.each([
    [3, 'a few seconds'],
    [28, 'about 30 seconds'],
    [60, 'about a minute'],
    [185, 'about 3 minutes'],
    [3600, 'about an hour'],
    [7300, 'about 2 hours'],
  ])('says %d seconds as %s', (seconds, text) => {
    expect(formatTimeLeft(seconds)).toBe(text);
  });

  it.each([
    [1, 'every second'],
    [30, 'every 30 seconds'],
    [60, 'every minute'],
    [300, 'every 5 minutes'],
    [3600, 'every hour'],
    [86_400, 'once a day'],
  ])('says an interval of %d seconds as “%s”', (seconds, text) => {
    expect(formatEvery(seconds)).toBe(text);
  });

  it('reads the clock where the photo was taken', () => {
    const noon = Date.UTC(2019, 7, 17, 12);
    expect(formatDate(noon, 540)).toMatch(/^Saturday, August 17, 2019 at 9:00\sPM$/u);
    expect(formatDate(noon, -210)).toMatch(/^Saturday, August 17, 2019 at 8:30\sAM$/u);
    expect(formatDate(noon, -new Date(noon).getTimezoneOffset())).toBe(formatDate(noon));
    expect([540, -210, 0, 345].map(formatZone)).toEqual(['UTC+9', 'UTC−3:30', 'UTC', 'UTC+5:45']);
  });

  it('writes durations, sizes and places', () => {
    expect(formatDuration(0.3)).toBe('1 ms');
    expect(formatDuration(1234)).toBe('1.2 s');
    expect(formatSize(4032, 3024)).toBe('4,032 × 3,024 · 12.2 megapixels');
    expect(formatSize(500, 375)).toBe('500 × 375');
    expect(formatPlace(-33.856784, 151.215297)).toBe('33.85678° S, 151.21530° E');
  });

  it('takes paths of every system apart', () => {
    expect([fileName('/a/b/c.jpg'), folderOf('/a/b/c.jpg')]).toEqual(['c.jpg', '/a/b']);
    expect([fileName('C:\\Photos\\c.jpg'), folderOf('C:\\Photos\\c.jpg')]).toEqual(['c.jpg', 'C:\\Photos']);
    expect([fileName('c.jpg'), folderOf('c.jpg')]).toEqual(['c.jpg', '']);
    expect(fileName('/a/b/')).toBe('b');
  });
});
