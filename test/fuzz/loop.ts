import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Random } from '../support/scenes/random.ts';
import { Coverage } from './coverage.ts';
import { Judge, type Verdict } from './judge.ts';
import { mutant } from './mutators.ts';
import type { Target } from './target.ts';
import { Watchdog } from './watchdog.ts';

/** Inputs between two looks at the coverage, which take as long as many of them. */
const BATCH = 32;
/** Tries at making an input smaller that shows a fault, and how long they may take: each of a slow one is slow. */
const TRIES = 200;
const TRYING_MS = 20_000;
/** When so many faults were found, one of them is in the target. */
const MOST_FINDINGS = 10;

const output = join(import.meta.dirname, '..', 'output', 'fuzz');

interface Finding {
  readonly what: string;
  /** File that holds the input. */
  readonly path: string;
}

export interface FuzzReport {
  readonly runs: number;
  readonly seconds: number;
  /** Inputs that are varied: the first ones, and those that made something new run. */
  readonly corpus: number;
  /** Characters of the watched modules that ran. */
  readonly characters: number;
  /** Milliseconds of the slowest input. */
  readonly slowest: number;
  readonly findings: readonly Finding[];
}

export interface FuzzLimits {
  readonly seed: number;
  readonly runs: number;
  readonly seconds: number;
}

/** Gives a reader mutated inputs, and keeps those that make it run what it never ran. The same seed gives the same inputs. */
export const fuzz = async (target: Target, { seed, runs, seconds }: FuzzLimits): Promise<FuzzReport> => {
  await mkdir(output, { recursive: true });
  const watchdog = new Watchdog(join(output, `${target.name}-endless`));
  const judge = new Judge(target, watchdog);
  const corpus = [...(await target.seeds())];
  // Once before anything counts: modules and graphs are loaded when they are first needed.
  for (const input of corpus) await judge.judge(input);
  const coverage = new Coverage(target.watched);
  try {
    const random = new Random(seed);
    const dictionary = target.dictionary.map((word) => Buffer.from(word, 'latin1'));
    const findings = new Map<string, Finding>();
    const run = async (input: Buffer): Promise<void> => {
      const verdict = await judge.judge(input);
      if (verdict !== null && !findings.has(verdict.cause))
        findings.set(verdict.cause, await save(target.name, judge, input, verdict));
    };

    for (const input of corpus) await run(input);
    coverage.see(coverage.take());
    const began = performance.now();
    const elapsed = (): number => (performance.now() - began) / 1000;
    let done = 0;
    while (done < runs && elapsed() < seconds && findings.size < MOST_FINDINGS) {
      const inputs = Array.from({ length: Math.min(BATCH, runs - done) }, () =>
        mutant(random.pick(corpus), random, { corpus, dictionary }),
      );
      for (const input of inputs) await run(input);
      done += inputs.length;
      const ran = coverage.take();
      if (!coverage.isNew(ran)) continue;
      // One of them did it: each again by itself.
      for (const input of inputs) {
        await judge.judge(input);
        const ranAlone = coverage.take();
        if (coverage.isNew(ranAlone)) corpus.push(input);
        coverage.see(ranAlone);
      }
      coverage.see(ran);
    }
    const { slowest } = judge;
    const { size: characters } = coverage;
    return {
      runs: done,
      seconds: elapsed(),
      corpus: corpus.length,
      characters,
      slowest,
      findings: [...findings.values()],
    };
  } finally {
    await watchdog.end();
  }
};

/** Writes down an input that shows a fault, as small as it gets. */
const save = async (target: string, judge: Judge, input: Buffer, { what, cause }: Verdict): Promise<Finding> => {
  const smallest = await minimised(judge, input, cause);
  const path = join(output, `${target}-${createHash('sha256').update(smallest).digest('hex').slice(0, 12)}`);
  await writeFile(path, smallest);
  await writeFile(`${path}.txt`, `${what}\n`);
  return { what, path };
};

/** Leaves out halves, quarters and so on, for as long as the fault stays. */
const minimised = async (judge: Judge, input: Buffer, cause: string): Promise<Buffer> => {
  let smallest = input;
  let tries = 0;
  const until = performance.now() + TRYING_MS;
  for (let length = input.length >> 1; length >= 1; length >>= 1)
    for (let start = 0; start < smallest.length && tries < TRIES && performance.now() < until; tries++) {
      const shorter = Buffer.concat([smallest.subarray(0, start), smallest.subarray(start + length)]);
      if ((await judge.judge(shorter))?.cause === cause) smallest = shorter;
      else start += length;
    }
  return smallest;
};
