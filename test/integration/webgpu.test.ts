import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { chooseProvider } from '../../app/embed/choose-provider.ts';
import { ImageTower } from '../../app/embed/image-tower.ts';
import { ImageWorkers } from '../../app/embed/image-workers.ts';
import { describeModel, type Model } from '../../app/embed/model.ts';
import { programs } from '../support/command-line.ts';
import { noise } from '../support/image-files.ts';
import { cosine, pictureVector } from '../support/picture-vector.ts';
import { needsShared, sharedDir } from '../support/shared.ts';
import { needsSoftwareVulkan, softwareVulkan } from '../support/software-vulkan.ts';

const entry = join(programs, 'worker.js');
const isMissing = sharedDir === undefined || softwareVulkan === undefined;

/** For real: a graph is compiled to shaders and run by a Vulkan driver, which happens to be software. */
describe.skipIf(isMissing)(`WebGPU on a software driver${needsShared}${needsSoftwareVulkan}`, () => {
  let folder: string;
  let model: Model;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'afterimage-webgpu-'));
    model = await describeModel(join(sharedDir ?? '', 'models/tiny-clip-layout'));
    vi.stubEnv('VK_ICD_FILENAMES', softwareVulkan);
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await rm(folder, { recursive: true });
  });

  it('gives the CPU’s vectors, is too slow by itself, and is taken when the person wants it', async () => {
    const options = { entry, model, threads: 2, cache: join(folder, 'providers.json'), measureMs: 100 };
    const free = await chooseProvider(options);
    const trial = free.trials.find(({ provider }) => provider === 'webgpu');
    expect(trial?.cosine).toBeGreaterThanOrEqual(0.999);
    expect(trial).toMatchObject({
      state: 'refused',
      reason: expect.stringMatching(/^0\.\d+ × the speed of the CPU$/u),
    });
    expect(free.provider).toBe('cpu');

    const forced = await chooseProvider({ ...options, override: 'webgpu' });
    expect(forced.provider).toBe('webgpu');
    expect(forced.trials.find(({ provider }) => provider === 'webgpu')).toMatchObject({ state: 'chosen' });

    const path = join(folder, 'photo.png');
    const bytes = Buffer.from(await noise(90, 60).png().toBuffer());
    await writeFile(path, bytes);
    const workers = new ImageWorkers({
      entry,
      model,
      library: folder,
      threads: 2,
      placement: forced,
      identify: () => ({ photoId: '', need: 'nothing' }),
      onFallback: (reason) => expect.fail(reason),
    });
    const { vector } = await workers.embedPicture(path);
    const tower = await ImageTower.load(model, 1);
    expect(cosine(vector, await pictureVector(bytes, model, tower))).toBeGreaterThanOrEqual(0.999);
    await tower.release();
    await workers.close();
  });
});
