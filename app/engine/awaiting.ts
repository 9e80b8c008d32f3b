import { basename } from 'node:path';
import {
  AfterimageError,
  methods,
  type Awaiting,
  type EngineMethod,
  type Handlers,
  type ParsedInput,
  type Status,
} from '../contract/index.ts';
import type { Consent } from './approval.ts';
import type { EngineOptions } from './options.ts';
import { ProgressMeter } from './progress.ts';

type Answers = Pick<Handlers<EngineMethod>, 'status' | 'library.approve' | 'library.follow' | 'shutdown'>;

const names = Object.entries(methods).flatMap(([name, { audience }]) => (audience === 'shell' ? [] : [name]));

/** Every call of the engine, each answered by what `current` gives at that moment. */
export const forwarding = (current: () => Handlers<EngineMethod>): Handlers<EngineMethod> => {
  const forwarded = names.map(
    // Every method is forwarded under its own name, so input and output are its own.
    (name) => [name, (input: never, signal: AbortSignal) => current()[name as EngineMethod](input, signal)] as const,
  );
  return Object.fromEntries(forwarded) as unknown as Handlers<EngineMethod>;
};

/** Handlers while a library waits for the person's approval: `answers`, and a refusal for every other call. */
export const awaitingHandlers = (answers: Answers): Handlers<EngineMethod> => {
  const refuse = (): never => {
    throw new AfterimageError(
      'not-approved',
      'This library was not made here. Approve it first: in the window, or with --trust on the command line.',
    );
  };
  // The table has every method of the engine; what it does with an input is to refuse it.
  const refusals = Object.fromEntries(names.map((name) => [name, refuse])) as unknown as Handlers<EngineMethod>;
  return { ...refusals, ...answers };
};

/** The status of a library of which only the manifest has been read. */
export const awaitingStatus = ({ version, library }: EngineOptions, awaiting: Awaiting): Status => ({
  version,
  library: { name: basename(library), directory: library, photos: 0, failed: 0, incomplete: 0 },
  awaiting,
  roots: [],
  model: null,
  modelProblem: null,
  upgrade: null,
  notices: [],
  progress: new ProgressMeter().snapshot(),
});

/** What the person agrees to: the library, or all that was shown of it. */
export const consentTo = ({ everything }: ParsedInput<'library.approve'>, { folders, models }: Awaiting): Consent =>
  everything ? { folders, models: models.map(({ directory }) => directory) } : { folders: [], models: [] };
