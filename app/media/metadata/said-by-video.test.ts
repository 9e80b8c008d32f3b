import { describe, expect, it } from 'vitest';
import { saidByVideo } from './said-by-video.ts';

const APPLE = 'com.apple.quicktime.';

describe('what a video says of itself', () => {
  it('is read as Apple writes it, with the clock of the place', () => {
    expect(
      saidByVideo({
        creation_time: '2024-05-01T10:00:03.000000Z',
        [`${APPLE}creationdate`]: '2024-05-01T12:00:00+0200',
        [`${APPLE}location.iso6709`]: '+48.1374+011.5755+519.000/',
        [`${APPLE}make`]: 'Apple',
        [`${APPLE}model`]: 'iPhone 12',
        [`${APPLE}title`]: 'At the lake',
        [`${APPLE}keywords`]: 'lake, summer;',
        [`${APPLE}rating.user`]: '4',
      }),
    ).toEqual({
      moment: { takenAt: Date.UTC(2024, 4, 1, 10), takenAtOffset: 120, takenAtSource: 'video' },
      place: { latitude: 48.1374, longitude: 11.5755 },
      camera: 'Apple iPhone 12',
      title: 'At the lake',
      description: null,
      rating: 4,
      keywords: ['lake', 'summer'],
    });
  });

  it('has a moment without a zone where only the one in UTC is known', () => {
    const { moment } = saidByVideo({ creation_time: '2024-05-01T10:00:03.500000Z' });
    expect(moment).toEqual({
      takenAt: Date.UTC(2024, 4, 1, 10, 0, 3, 500),
      takenAtOffset: null,
      takenAtSource: 'video',
    });
  });

  it.each(['1904-01-01T00:00:00.000000Z', '1970-01-01T00:00:00.000000Z', 'today', ''])(
    'does not take the zeros of a camera without a clock, nor nonsense, for a moment: %j',
    (written) => {
      expect(saidByVideo({ creation_time: written }).moment).toBeNull();
    },
  );

  it('takes a day for a moment, but not the year of a film', () => {
    expect(saidByVideo({ date: '1994' }).moment).toBeNull();
    expect(saidByVideo({ date: '1994-03-02' }).moment).toMatchObject({ takenAtSource: 'video' });
  });

  it.each([
    ['+48.1374+011.5755/', 48.1374, 11.5755],
    ['-33.8568+151.2153+005.000/', -33.8568, 151.2153],
    ['+37-122/', 37, -122],
  ])('reads the place %s', (location, latitude, longitude) => {
    expect(saidByVideo({ location }).place).toEqual({ latitude, longitude });
  });

  it.each(['+00.0000+000.0000/', '+9748.5-12233.2/', 'Munich', '+99.0000+011.0000/'])(
    'knows no place in %j',
    (location) => {
      expect(saidByVideo({ location }).place).toBeNull();
    },
  );
});
