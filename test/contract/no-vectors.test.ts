import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { errorDataSchema, events, methods } from '../../app/contract/index.ts';

type Json = Readonly<Record<string, unknown>>;

/** Where a schema allows a list of numbers, or anything at all: places in which an embedding could travel. */
const openings = (schema: unknown, path: string): readonly string[] => {
  if (typeof schema !== 'object' || schema === null) return [];
  if (Array.isArray(schema)) return schema.flatMap((each, index) => openings(each, `${path}/${String(index)}`));
  const node = schema as Json;
  const items = node.items as Json | undefined;
  const isOpen = path.endsWith('/items') && Object.keys(node).length === 0;
  const here = items?.type === 'number' || isOpen ? [path] : [];
  return [...here, ...Object.entries(node).flatMap(([name, child]) => openings(child, `${path}/${name}`))];
};

const inJson = (schema: z.ZodType, name: string): readonly string[] =>
  openings(z.toJSONSchema(schema, { io: 'output', unrepresentable: 'any' }), name);

describe('what crosses a boundary', () => {
  it('has no place for an embedding: no answer, event or error holds a list of fractions', () => {
    const answers = Object.entries(methods).flatMap(([name, { output }]) => inJson(output, name));
    const told = Object.entries(events).flatMap(([name, schema]) => inJson(schema, name));
    expect([...answers, ...told, ...inJson(errorDataSchema, 'error')]).toEqual([]);
  });

  it('would be noticed if it had one', () => {
    expect(inJson(z.object({ photos: z.array(z.object({ vector: z.array(z.number()) })) }), 'x')).toHaveLength(1);
    expect(inJson(z.object({ anything: z.array(z.unknown()) }), 'x')).toHaveLength(1);
  });
});
