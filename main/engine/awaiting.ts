import { serve, type EngineMethod, type Handlers, type Server, type Transport } from '../../app/contract/index.ts';
import { awaitingOfLibrary, type Consent } from '../../app/engine/approval.ts';
import { awaitingHandlers, awaitingStatus, consentTo, forwarding } from '../../app/engine/awaiting.ts';
import type { EngineOptions } from '../../app/engine/options.ts';

export interface Approved {
  readonly consent: Consent;
  /** The library is open: everything is answered from now on. @returns the line to whoever has waited for it */
  opened(handlers: Handlers<EngineMethod>): Server;
  /** It could not be opened: whoever approved it is told why. */
  failed(error: unknown): void;
}

/**
 * Where a library needs approval, tells what it would do to whoever started this process, and to nobody else, until they
 * approve it. Meanwhile nothing is written: no lock, no socket.
 *
 * @returns null at once where it needs none
 * @throws AfterimageError as `awaitingOfLibrary`
 */
export const awaitApproval = async (
  options: EngineOptions,
  {
    transport,
    ready,
    leave,
  }: { readonly transport: () => Transport; readonly ready: () => void; readonly leave: () => void },
): Promise<Approved | null> => {
  const awaiting = await awaitingOfLibrary(options);
  if (awaiting === null) return null;
  const opening = later<undefined>();
  const approved = later<Consent>();
  let isFollowed = false;
  let handlers: Handlers<EngineMethod> = awaitingHandlers({
    status: () => awaitingStatus(options, awaiting),
    'library.approve': async (input) => {
      approved.resolve(consentTo(input, awaiting));
      await opening.promise;
      return {};
    },
    // It is followed as soon as it is open.
    'library.follow': () => {
      isFollowed = true;
      return {};
    },
    shutdown: () => {
      setImmediate(leave);
      return { ends: true };
    },
  });
  const server = serve(
    transport(),
    forwarding(() => handlers),
  );
  ready();
  const consent = await approved.promise;
  return {
    consent,
    opened: (all) => {
      handlers = all;
      if (isFollowed) void all['library.follow']({}, new AbortController().signal);
      opening.resolve(undefined);
      server.emit('changed', { photos: 0, what: 'library' });
      return server;
    },
    failed: (error) => {
      opening.reject(error);
    },
  };
};

interface Later<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (error: unknown) => void;
}

/** A promise that is settled from outside; Node has its own from 22 on. */
const later = <T>(): Later<T> => {
  let settle: Omit<Later<T>, 'promise'> = { resolve: () => undefined, reject: () => undefined };
  const promise = new Promise<T>((resolve, reject) => {
    settle = { resolve, reject };
  });
  return { promise, ...settle };
};
