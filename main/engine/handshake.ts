import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Socket } from 'node:net';
import { AfterimageError } from '../../app/contract/index.ts';

/**
 * Two programs that meet on a socket prove to each other that they know the library's secret, and neither says it: each signs
 * what both have drawn for this one meeting. The engine signs first, so that whoever listens in its place gets a random number
 * and nothing else.
 *
 *     caller → engine   ask
 *     engine → caller   answer signature("engine", ask, answer)
 *     caller → engine   signature("caller", ask, answer)
 *     engine → caller   welcome
 */

/** How long the other side may take to prove itself. */
const PROOF_MS = 10_000;
/** Characters of a line before both sides are known; the longest one has two numbers. */
const LINE_LIMIT = 128;
/** 32 bytes in base64url. */
const NUMBER = /^[\w-]{43}$/u;
const WELCOME = 'welcome';

const draw = (): string => randomBytes(32).toString('base64url');

const signatureOf = (secret: string, side: 'engine' | 'caller', ask: string, answer: string): string =>
  createHmac('sha256', secret).update(`${side} ${ask} ${answer}`).digest('base64url');

const isSame = (given: string, wanted: string): boolean =>
  given.length === wanted.length && timingSafeEqual(Buffer.from(given, 'latin1'), Buffer.from(wanted, 'latin1'));

const stranger = (): AfterimageError =>
  new AfterimageError('unauthorized', 'Who is at the other end does not know the secret of the library.');

/** Reads a line of bounded length, and leaves the socket paused with what follows. @throws AfterimageError `unauthorized` */
const readLine = (socket: Socket): Promise<string> =>
  new Promise((resolve, reject) => {
    let read = Buffer.alloc(0);
    const end = (): void => {
      socket.off('data', onData).off('close', onClose).pause();
    };
    const onClose = (): void => {
      end();
      reject(stranger());
    };
    const onData = (chunk: Buffer): void => {
      read = Buffer.concat([read, chunk]);
      const at = read.indexOf('\n');
      if (at < 0 ? read.length > LINE_LIMIT : at > LINE_LIMIT) {
        socket.destroy();
        return;
      }
      if (at < 0) return;
      end();
      if (at + 1 < read.length) socket.unshift(read.subarray(at + 1));
      resolve(read.toString('latin1', 0, at));
    };
    socket.on('data', onData).on('close', onClose).resume();
    if (socket.destroyed) onClose();
  });

/** Cuts the line when the other side has not proved itself in time, or not rightly. */
const proving = async (socket: Socket, work: () => Promise<boolean>): Promise<void> => {
  socket.on('error', () => undefined);
  const deadline = setTimeout(() => socket.destroy(), PROOF_MS);
  try {
    if (!(await work())) throw stranger();
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    clearTimeout(deadline);
  }
};

/**
 * The caller's side. Resolves when the engine is open and takes calls, for which an honest one may take any time.
 *
 * @throws AfterimageError `unauthorized` when it is no engine with this secret, or goes away; the socket is cut then
 */
export const introduce = async (socket: Socket, secret: string): Promise<void> => {
  const ask = draw();
  await proving(socket, async () => {
    socket.write(`${ask}\n`);
    const [answer = '', signature = ''] = (await readLine(socket)).split(' ');
    if (!NUMBER.test(answer) || !isSame(signature, signatureOf(secret, 'engine', ask, answer))) return false;
    socket.write(`${signatureOf(secret, 'caller', ask, answer)}\n`);
    return true;
  });
  if ((await readLine(socket)) !== WELCOME) {
    socket.destroy();
    throw stranger();
  }
};

/**
 * The engine's side. `welcome` is to follow before any call is answered.
 *
 * @throws AfterimageError `unauthorized` when the caller does not know the secret, or goes away; the socket is cut then
 */
export const examine = (socket: Socket, secret: string): Promise<void> =>
  proving(socket, async () => {
    const ask = await readLine(socket);
    if (!NUMBER.test(ask)) return false;
    const answer = draw();
    socket.write(`${answer} ${signatureOf(secret, 'engine', ask, answer)}\n`);
    return isSame(await readLine(socket), signatureOf(secret, 'caller', ask, answer));
  });

/** Tells a caller that has proved itself to begin. */
export const welcome = (socket: Socket): void => {
  socket.write(`${WELCOME}\n`);
};
