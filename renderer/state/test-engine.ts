import { serve, type Handlers, type MethodName, type Server } from '../../app/contract/index.ts';
import { portTransport } from '../transport/message-port.ts';
import { Engine } from './engine.svelte.ts';

/** For tests: an `Engine` over a real line to `handlers`, which stays away once it is cut. */
export const connect = async <M extends MethodName>(
  handlers: Handlers<M>,
): Promise<{ readonly engine: Engine; readonly server: Server; readonly cut: () => void }> => {
  const { port1, port2 } = new MessageChannel();
  const server = serve(portTransport(port2), handlers);
  const engine = await new Promise<Engine>((resolve) => {
    const made: Engine = new Engine(
      () => (made.line === 'away' ? Promise.reject(new Error('cut')) : Promise.resolve(portTransport(port1))),
      () => resolve(made),
    );
    made.start();
  });
  return { engine, server, cut: () => port2.close() };
};
