import { createServer } from 'node:net';
import { acquire, release } from './lock.ts';

/**
 * Does something to a library as a whole while no engine can open it.
 *
 * @param work returns where the library is afterwards
 * @throws AfterimageError `library-locked` while an engine has it
 */
export const holdLibrary = async (library: string, work: () => Promise<string>): Promise<void> => {
  const holder = await acquire(library);
  // Who listens is alive: nobody takes the lock away, however long the work is.
  const listener = createServer((socket) => socket.destroy());
  let place = library;
  try {
    await new Promise<void>((resolve, reject) => {
      listener.once('error', reject);
      listener.listen(holder.address, resolve);
    });
    place = await work();
  } finally {
    listener.close();
    await release(place, holder);
  }
};
