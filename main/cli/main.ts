import { endWithReader } from '../terminal.ts';
import { main } from './program.ts';

endWithReader();
process.exitCode = await main(process.argv.slice(2));
