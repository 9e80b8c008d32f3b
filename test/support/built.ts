import { dirname, join } from 'node:path';
import type { EngineOptions } from '../../app/engine/options.ts';
import { connectEngine, type Connection } from '../../main/engine/connect.ts';
import { engineOptions } from '../../main/paths.ts';
import { programs } from './command-line.ts';

/** Connects with the built engine, as a host does, and trusts the library: it may be a copy that a test has made. */
export const connectBuilt = async (library: string, changed: Partial<EngineOptions> = {}): Promise<Connection> => {
  const models = join(programs, '..', '..', 'models');
  const connection = await connectEngine(
    {
      ...engineOptions(library),
      starterModel: join(models, 'starter'),
      columnsGraph: join(models, 'columns.onnx'),
      vocabulary: join(models, 'vocabulary.json'),
      catalogue: join(models, 'catalogue.json'),
      // Beside the library, so that nothing of a person's own is touched.
      models: join(dirname(library), 'models'),
      worker: { entry: join(programs, 'worker.js') },
      ...changed,
    },
    join(programs, 'engine.js'),
  );
  if (connection.awaiting) await connection.client.call('library.approve', { everything: true });
  return connection;
};
