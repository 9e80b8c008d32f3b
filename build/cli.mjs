// @ts-check
// `npm run -s cli -- …`: the command that a package has as `afterimage-cli`, run from the checkout.
import { setup } from './setup.mjs';
import { giveUp, whereCalled } from './tools.mjs';

await setup().catch(giveUp);
process.chdir(whereCalled('cli'));
await import(new URL('../dist/main/cli.js', import.meta.url).href);
