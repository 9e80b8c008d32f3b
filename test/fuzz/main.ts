import { parseArgs } from 'node:util';
import { removeRooms } from './file-targets.ts';
import { fuzz } from './loop.ts';
import { targets } from './targets.ts';

/** `npm run fuzz -- <target|all> [--seconds N] [--runs N] [--seed S]`: mutated inputs for readers of what comes from elsewhere. */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: 'string' },
    runs: { type: 'string' },
    seed: { type: 'string', default: '1' },
  },
});
const [wanted = ''] = positionals;
const chosen = targets.filter(({ name }) => wanted === 'all' || name === wanted);
if (chosen.length === 0) {
  console.error(`Name one of these targets: all, ${targets.map(({ name }) => name).join(', ')}.`);
  process.exit(2);
}
const limits = {
  seed: Number(values.seed),
  runs: Number(values.runs ?? Infinity),
  // Without any limit, a minute for each.
  seconds: Number(values.seconds ?? (values.runs === undefined ? 60 : Infinity)),
};
process.once('exit', removeRooms);
let found = 0;
for (const target of chosen) {
  const { runs, seconds, corpus, characters, slowest, findings } = await fuzz(target, limits);
  console.log(
    `${target.name}: ${runs.toLocaleString('en')} inputs from seed ${limits.seed} in ${seconds.toFixed(0)} s, ` +
      `${corpus} kept, ${characters} characters of source ran, slowest ${slowest.toFixed(0)} ms, ${findings.length} findings`,
  );
  for (const { what, path } of findings) console.log(`  ${path}\n    ${what.replaceAll('\n', '\n    ')}`);
  found += findings.length;
}
process.exit(found === 0 ? 0 : 1);
