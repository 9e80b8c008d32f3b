import type { Client } from '../../app/contract/index.ts';
import { connectEngine } from '../engine/connect.ts';
import { engineEntry, engineOptions } from '../paths.ts';
import { settleApproval } from './approval.ts';

export interface Common {
  readonly library: string;
  readonly json?: boolean;
}

/**
 * Runs with the library's engine, the running one or one of our own, and ends what was started.
 *
 * @throws AfterimageError `not-approved` for a library that nobody has approved
 */
export const withEngine = async <T>(library: string, use: (client: Client) => Promise<T>): Promise<T> => {
  const connection = await connectEngine(engineOptions(library), engineEntry);
  try {
    await settleApproval(connection);
    return await use(connection.client);
  } finally {
    await connection.close();
  }
};
