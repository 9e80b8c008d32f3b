import fc from 'fast-check';
import { z } from 'zod';
import { methods, type MethodName } from '../../app/contract/index.ts';

/** Names that reach into objects which are asked for them without care. */
const POISON = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'then', 'toJSON', 'valueOf'];

const strings = fc.oneof(
  fc.constantFrom(
    ...POISON,
    '',
    '\0',
    '\u2028\u2029\r\n',
    '\uD800',
    '😀\u202E\uFEFF',
    '../../../../etc/passwd',
    "' OR 1=1; --",
    '%00%2e%2e%2f',
    'a'.repeat(9000),
    '('.repeat(3000),
    '0123456789abcdef',
    '0'.repeat(16),
  ),
  fc.string({ unit: 'binary', maxLength: 60 }),
);

const numbers = fc.oneof(
  fc.constantFrom(-1, -0, 0.5, 2 ** 31, 2 ** 53, -(2 ** 53), 1e308, Number.NaN, Infinity, -Infinity),
  fc.integer(),
  fc.double(),
);

const nested = fc.nat(300).map((depth) => {
  let value: unknown = 0;
  for (let level = 0; level < depth; level++) value = level % 2 === 0 ? [value] : { a: value };
  return value;
});

const long = fc.constantFrom(
  Array.from({ length: 5000 }, (_, index) => index),
  Array.from({ length: 5000 }, () => '0123456789abcdef'),
  Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`key${String(index)}`, null])),
);

const poisoned = fc
  .tuple(fc.constantFrom(...POISON), fc.jsonValue())
  // Written as text, so that `__proto__` becomes a key of its own, as it does behind a transport.
  .map(([name, value]): unknown =>
    JSON.parse(`{${JSON.stringify(name)}: ${JSON.stringify(value)}, "isPolluted": true}`),
  );

/** What a careless program trips over, as far as JSON can carry it. */
export const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: strings },
  { weight: 3, arbitrary: numbers },
  { weight: 3, arbitrary: fc.jsonValue() },
  { weight: 2, arbitrary: poisoned },
  { weight: 1, arbitrary: fc.constantFrom(null, true, [], {}, [[]], [null]) },
  { weight: 1, arbitrary: fc.oneof({ weight: 8, arbitrary: fc.constant(null) }, long, nested) },
);

/** Inputs with the fields that the method knows, and values that it may not expect in them. */
const inputOf = (name: MethodName): fc.Arbitrary<unknown> => {
  const schema: z.ZodType = methods[name].input;
  if (!(schema instanceof z.ZodObject)) return hostileValue;
  const fields = Object.keys(schema.shape).map((field) => [field, hostileValue] as const);
  return fc.oneof(
    { weight: 3, arbitrary: fc.record(Object.fromEntries(fields), { requiredKeys: [] }) },
    { weight: 1, arbitrary: hostileValue },
  );
};

/** Numbers that no client of the tests uses for its own requests. */
const hostileIds = fc.integer({ min: 1e9, max: 1e9 + 300 });
const anyId = fc.oneof(
  { weight: 5, arbitrary: hostileIds },
  { weight: 1, arbitrary: fc.constantFrom<unknown>(-1, 0.5, Number.NaN, 2 ** 60, '1', null, {}, [1], '__proto__') },
);

interface HostileRequest {
  readonly type: 'request';
  readonly id: number;
  readonly method: string;
  readonly input: unknown;
}

/** Requests of these methods, well-formed but for what they ask. */
const hostileRequest = (names: readonly MethodName[]): fc.Arbitrary<HostileRequest> =>
  fc.constantFrom(...names).chain((method) =>
    fc.record({
      type: fc.constant('request' as const),
      id: hostileIds,
      method: fc.constant(method),
      input: inputOf(method),
    }),
  );

const misshapen = fc.record(
  {
    type: fc.constantFrom<unknown>('request', 'cancel', 'result', 'error', 'event', '__proto__', 7, null),
    id: anyId,
    method: fc.oneof(strings, hostileValue),
    input: hostileValue,
    output: hostileValue,
    error: fc.oneof(hostileValue, fc.constant({ kind: 'internal', message: 'spoofed', retryable: true })),
    event: fc.oneof(fc.constantFrom('progress', 'changed', '__proto__'), hostileValue),
    data: hostileValue,
    extra: hostileValue,
  },
  { requiredKeys: [] },
);

/** Anything at all that somebody may send, mostly close to what is understood. */
export const hostileMessage = (names: readonly MethodName[]): fc.Arbitrary<unknown> =>
  fc.oneof(
    { weight: 5, arbitrary: hostileRequest(names) },
    { weight: 4, arbitrary: misshapen },
    { weight: 2, arbitrary: fc.record({ type: fc.constant('cancel'), id: anyId }) },
    { weight: 1, arbitrary: hostileValue },
  );

/** Texts that no `JSON.stringify` writes. */
export const hostileTexts: readonly string[] = [
  '',
  ' ',
  '{',
  '"',
  'null',
  'undefined',
  '[object Object]',
  '{"type":"request","id":1e9,"id":1000000001,"method":"status","method":"shutdown","input":{}}',
  '{"type":"request","id":1e999,"method":"status","input":{}}',
  '{"type":"request","id":1000000002,"method":"search","input":{"query":"\\ud800"}}',
  '{"type":"request","id":1000000003,"method":"search","input":{"query":"\u2028\u2029"}}',
  '{"__proto__":{"isPolluted":true},"type":"request","id":1000000004,"method":"status","input":{"__proto__":{"isPolluted":true}}}',
  '{"type":"request","id":1000000005,"method":"constructor","input":{}}',
  `{"type":"request","id":1000000006,"method":"search","input":{"query":${'['.repeat(100_000)}${']'.repeat(100_000)}}}`,
  `{"type":"request","id":1000000007,"method":"search","input":{"query":${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}}}`,
  `{"type":"request","id":1000000008,"method":"photos.mark","input":{"ids":[${'"x",'.repeat(50_000)}"x"]}}`,
  `{"type":"request","id":1000000009,"method":"${'m'.repeat(500_000)}","input":{}}`,
  '['.repeat(500_000),
  '\uFEFF{"type":"cancel","id":1}',
];
