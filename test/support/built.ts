import { dirname, join } from 'node:path';
import type { EngineOptions } from '../../app/engine/options.ts';
import { connectEngine, type Connection } from '../../main/engine/connect.ts';
import { engineOptions } from '../../main/paths.ts';
import { programs } from './command-line.ts';

/** Connects with the built engine, as a host does. */
export const connectBuilt = (library: string, changed: Partial<EngineOptions> = {}): Promise<Connection> => {
  const models = join(programs, '..', '..', 'models');
  return connectEngine(
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
};
