import { join } from 'node:path';
import { connectBuilt } from './built.ts';
import { writePaintings } from './paintings.ts';

/** A library of the known paintings, indexed with the starter model. @returns the folder that the paintings lie in */
export const makeLibrary = async (library: string, home: string): Promise<string> => {
  const folder = join(home, 'Paintings');
  await writePaintings(folder);
  const connection = await connectBuilt(library);
  const { client } = connection;
  try {
    await client.call('roots.add', { path: folder });
    await client.call('models.use', { id: 'starter' });
    await client.call('index.run', {});
  } finally {
    await connection.close();
  }
  return folder;
};
