import { join } from 'node:path';
import log from 'electron-log/node';
import { OwnFolder } from '../../app/base/disk.ts';

/** Three full files and the one being written. */
const KEPT = 3;
const BYTES = 1024 * 1024;

/** Everything that is ever logged: fixed words and numbers. Paths, names and queries have no place in it. */
type Facts = Readonly<Record<string, number | boolean>>;

export interface Log {
  /** @param event fixed words, written in the source */
  info(event: string, facts?: Facts): void;
}

/** Writes to `afterimage.log` in a folder; full files are moved on to `afterimage.1.log` and so forth. */
export const openLog = (folder: string): Log => {
  const own = new OwnFolder(folder);
  own.createNow();
  const file = (index: number): string => join(folder, index === 0 ? 'afterimage.log' : `afterimage.${index}.log`);
  const logger = log.create({ logId: folder });
  const { file: transport, console: terminal } = logger.transports;
  terminal.level = false;
  transport.level = 'info';
  transport.maxSize = BYTES;
  transport.resolvePathFn = () => file(0);
  transport.writeOptions = { flag: 'a', mode: 0o600, encoding: 'utf8' };
  transport.archiveLogFn = () => {
    for (let index = KEPT - 1; index >= 0; index -= 1)
      try {
        own.moveNow(file(index), file(index + 1));
      } catch {
        // There are not yet that many.
      }
  };
  return {
    info: (event, facts) => {
      logger.info(facts === undefined ? event : `${event} ${JSON.stringify(facts)}`);
    },
  };
};
