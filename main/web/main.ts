import { main } from '../cli/program.ts';

/** `npm start` without a desktop window: the command line's `serve`, with the folders as its arguments. */
process.exitCode = await main(['serve', ...process.argv.slice(2)]);
