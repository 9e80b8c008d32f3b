import { Worker } from '../../app/embed/worker.ts';

// A message that cannot be sent has no one left to read it: `disconnect` is on its way.
const worker = new Worker((reply) => process.send?.(reply, undefined, undefined, () => undefined));

process.on('message', (message) => void worker.receive(message));
process.on('disconnect', () => void worker.close().finally(() => process.exit(0)));
// On Windows, a terminal's Ctrl+C reaches this process, too; it ends when the engine lets go of it.
process.on('SIGINT', () => undefined);
