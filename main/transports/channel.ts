import type { ChildProcess } from 'node:child_process';
import type { Message, Transport } from '../../app/contract/index.ts';

/** What a child's handle in the parent and `process` in the child have in common. */
interface End {
  readonly connected: boolean;
  readonly disconnect?: () => void;
  send?(message: Message, handle?: undefined, options?: undefined, callback?: (error: Error | null) => void): boolean;
  on: ChildProcess['on'] & NodeJS.Process['on'];
}

/** One end of a child-process channel. */
export const channelTransport = (end: ChildProcess | NodeJS.Process): Transport => {
  // Both have the members of End; their overloads differ too much for TypeScript to see it.
  const channel = end as unknown as End;
  return {
    // A channel that closes between the check and the write reports to the callback; the close listener says the same.
    send: (message) => {
      if (channel.connected) channel.send?.(message, undefined, undefined, () => undefined);
    },
    onMessage: (listener) => {
      channel.on('message', listener);
    },
    onClose: (listener) => {
      channel.on('disconnect', listener);
    },
    close: () => {
      if (channel.connected) channel.disconnect?.();
    },
  };
};
