import {
  events,
  methods,
  serve,
  type Client,
  type EventName,
  type Handlers,
  type MethodName,
  type ShellMethod,
  type Transport,
  type UiMethod,
} from '../app/contract/index.ts';

const uiMethods = Object.entries(methods).flatMap(([name, { audience }]) => (audience === 'ui' ? [name] : []));

/**
 * Lets a user interface speak to the engine: it may call the `ui` methods and what its host answers itself, nothing that
 * takes or gives paths. Events are passed on until the interface goes away.
 */
export const bridge = (
  transport: Transport,
  engine: Pick<Client, 'call' | 'on'>,
  shell: Handlers<ShellMethod>,
): void => {
  const forwarded = uiMethods.map(
    (name) => [name, (input: never, signal: AbortSignal) => engine.call(name as MethodName, input, signal)] as const,
  );
  // Every `ui` method is forwarded under its own name, so the table is complete.
  const handlers = { ...shell, ...Object.fromEntries(forwarded) } as unknown as Handlers<UiMethod>;
  const server = serve(transport, handlers);
  // Object.keys of the event map gives its names.
  const ends = (Object.keys(events) as EventName[]).map((event) =>
    engine.on(event, (data) => {
      server.emit(event, data);
    }),
  );
  transport.onClose(() => {
    for (const end of ends) end();
  });
};
