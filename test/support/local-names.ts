import type { LookupFunction } from 'node:net';
import { Agent, fetch, type RequestInit, type Response } from 'undici';
import { WebSocket } from 'ws';

/** Finds names in `.localhost` on this machine, as browsers do; Node asks the system, which need not know them. */
export const lookup: LookupFunction = (_name, { all }, callback) => {
  if (all === true) callback(null, [{ address: '127.0.0.1', family: 4 }]);
  else callback(null, '127.0.0.1', 4);
};

const dispatcher = new Agent({ connect: { lookup } });

export const fetchLocal = (address: string, options: RequestInit = {}): Promise<Response> =>
  fetch(address, { ...options, dispatcher });

/** A WebSocket to the web host's `/rpc` with these headers; it is not open yet. */
export const socketTo = (origin: string, headers: Readonly<Record<string, string>>): WebSocket =>
  new WebSocket(`${origin.replace('http', 'ws')}/rpc`, { headers, lookup });
