import { describe, expect, it } from 'vitest';
import type { PhotoDetails } from '../../app/contract/index.ts';
import { Grid } from './grid.svelte.ts';
import { PhotoList } from './photo-list.ts';
import { connect } from './test-engine.ts';
import { idOf, photoCell } from './test-photos.ts';
import { Viewer } from './viewer.svelte.ts';

const detailsOf = (id: string): PhotoDetails => ({
  ...photoCell(id),
  mime: 'image/jpeg',
  files: [],
  metadata: {
    takenAt: null,
    takenAtSource: 'file',
    takenAtOffset: null,
    camera: null,
    lens: null,
    exposure: null,
    iso: null,
    aperture: null,
    exposureSeconds: null,
    focalLength: null,
    latitude: null,
    longitude: null,
    rating: null,
    keywords: [],
    title: null,
    description: null,
  },
  mark: { favourite: false, rating: null, hidden: false },
  tags: [],
});

const viewerOver = async (count: number, open: number) => {
  const { engine } = await connect<'photos.details'>({ 'photos.details': ({ id }) => detailsOf(id) });
  const grid = new Grid();
  grid.show(PhotoList.of(Array.from({ length: count }, (_, index) => photoCell(idOf(index)))));
  const viewer = new Viewer(engine);
  viewer.open(grid, idOf(open));
  await expect.poll(() => viewer.details?.id).toBe(idOf(open));
  return viewer;
};

describe('Viewer', () => {
  it('shows at once what its photo was marked as, and nothing of others', async () => {
    const viewer = await viewerOver(3, 1);
    viewer.marked([idOf(1)], { rating: 4 });
    viewer.marked([idOf(2)], { rating: 1, favourite: true });
    expect(viewer.details?.mark).toEqual({ favourite: false, rating: 4, hidden: false });
    viewer.marked([idOf(1)], { favourite: true });
    expect(viewer.details).toMatchObject({ favourite: true, mark: { favourite: true, rating: 4 } });
  });

  it.each([
    [3, 1, idOf(2)],
    [3, 2, idOf(1)],
  ])('of %d photos, turns from the hidden one at %d to its neighbour', async (count, open, neighbour) => {
    const viewer = await viewerOver(count, open);
    viewer.marked([idOf(open)], { hidden: true });
    expect([viewer.id, viewer.grid === null]).toEqual([neighbour, false]);
  });

  it('closes when the only photo is hidden', async () => {
    const viewer = await viewerOver(1, 0);
    viewer.marked([idOf(0)], { hidden: true });
    expect(viewer.grid).toBe(null);
  });
});
