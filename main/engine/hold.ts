import { createServer } from 'node:net';
import { Lock } from './lock.ts';

/**
 * Does something to a library as a whole while no engine can open it.
 *
 * @param work returns where the library is afterwards
 * @throws AfterimageError `library-locked` while an engine has it
 */
export const holdLibrary = async (library: string, work: () => Promise<string>): Promise<void> => {
  const lock = await Lock.take(library);
  // Who listens is alive: nobody takes the lock away, however long the work is.
  const listener = createServer((socket) => socket.destroy());
  let place = library;
  try {
    await new Promise<void>((resolve, reject) => {
      listener.once('error', reject);
      listener.listen(lock.holder.address, resolve);
    });
    await lock.mark();
    place = await work();
  } finally {
    listener.close();
    await lock.release(place);
  }
};
