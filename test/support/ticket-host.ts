import { AttackedWeb } from './attacked-web.ts';

// The web host over a library of nothing: prints where it is, and a ticket for it, and ends with its input.
const web = await AttackedWeb.make();
await web.start();
process.stdout.write(`${JSON.stringify({ ticket: web.web.ticket(), origin: web.origin })}\n`);
process.stdin.once('end', () => void web.clean()).resume();
