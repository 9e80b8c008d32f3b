import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * Variables that the engine is started with. The GNU C library gives every thread an arena of its own and keeps what is freed
 * there, and LanceDB has dozens of threads; larger blocks go back to the system at once. Other systems know none of these.
 *
 * @see mallopt(3)
 */
export const memorySettings = {
  MALLOC_ARENA_MAX: '2',
  MALLOC_TRIM_THRESHOLD_: '131072',
  MALLOC_MMAP_THRESHOLD_: '1048576',
};

/** How often it is looked whether the process rests, and the share of a core under which it does. */
const LOOK_MS = 30_000;
const REST = 0.01;

type Collect = (how: { readonly type: 'major'; readonly flavor: 'last-resort' }) => void;

/**
 * Gives memory back whenever the process comes to rest after work. V8 collects garbage when more memory is asked for, and at
 * rest nobody asks: what the last searches left behind would stay for hours.
 */
export const staySmall = (): void => {
  // Workers decode pictures: what they free they need again at once.
  delete process.env.MALLOC_ARENA_MAX;
  delete process.env.MALLOC_TRIM_THRESHOLD_;
  delete process.env.MALLOC_MMAP_THRESHOLD_;
  setFlagsFromString('--expose-gc');
  // V8's own function, which contexts have that are made from now on, and TypeScript does not know.
  const collect = runInNewContext('gc') as Collect;
  let before = process.cpuUsage();
  let hasWorked = true;
  setInterval(() => {
    const { user, system } = process.cpuUsage(before);
    const isAtRest = (user + system) / 1000 < REST * LOOK_MS;
    // Any other collection would keep the space that the garbage took.
    if (isAtRest && hasWorked) collect({ type: 'major', flavor: 'last-resort' });
    hasWorked = !isAtRest;
    before = process.cpuUsage();
  }, LOOK_MS).unref();
};
