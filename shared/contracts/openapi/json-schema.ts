import * as z from 'zod';
import type { Component } from './operation.ts';

/** As much of JSON Schema 2020-12 as the document uses. */
export interface JsonSchema {
  $ref?: string;
  type?: string | string[];
  description?: string;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties?: boolean | JsonSchema;
  propertyNames?: JsonSchema;
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  allOf?: JsonSchema[];
  enum?: unknown[];
  const?: unknown;
  default?: unknown;
  format?: string;
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  minItems?: number;
  maxItems?: number;
  examples?: unknown[];
}

const PREFIX = '#/components/schemas/';

export function refTo(name: string): JsonSchema {
  return { $ref: PREFIX + name };
}

/** The name that a reference leads to; undefined where the schema is none. */
export function refName({ $ref }: JsonSchema): string | undefined {
  return $ref?.startsWith(PREFIX) === true ? $ref.slice(PREFIX.length) : undefined;
}

/**
 * The schemas of components by their names, with descriptions and examples; where one holds another, it refers to it.
 * @param io what callers send (`input`) or get (`output`)
 */
export function schemasOf(components: readonly Component[], io: 'input' | 'output'): Record<string, JsonSchema> {
  const registry = z.registry<{ id?: string }>();
  for (const { name, schema } of components) registry.add(schema, { id: name });
  const { schemas } = z.toJSONSchema(registry, {
    io,
    uri: (id) => PREFIX + id,
    override: ({ jsonSchema }) => simplify(jsonSchema as JsonSchema),
  });
  return Object.fromEntries(components.map((each) => [each.name, described(each, schemas[each.name] as JsonSchema)]));
}

/** Leaves out what zod adds for machines and no reader needs. */
function simplify(schema: JsonSchema): void {
  // The format says it; the pattern would be a screenful.
  if (schema.format === 'date-time') delete schema.pattern;
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
  if (Object.keys(schema.propertyNames ?? {}).join() === 'type') delete schema.propertyNames;
  const [only, nothing, ...more] = schema.anyOf ?? [];
  if (only?.type === undefined || nothing?.type !== 'null' || more.length > 0 || typeof only.type !== 'string') return;
  if (only.type === 'object' || only.enum !== undefined) return;
  delete schema.anyOf;
  Object.assign(schema, { ...only, type: [only.type, 'null'] });
}

function described({ name, description, fields, example }: Component, schema: JsonSchema): JsonSchema {
  for (const [path, text] of Object.entries(fields)) {
    const field = fieldAt(schema, path.split('.'));
    if (field === undefined) throw new TypeError(`${name} has no field ${path}`);
    field.description = text;
  }
  const { $schema: _dialect, $id: _id, ...rest } = schema as JsonSchema & { $schema?: string; $id?: string };
  return { description, ...rest, ...(example === undefined ? {} : { examples: [example] }) };
}

/** Lists and alternatives are looked into, references are not: what they lead to is described where it stands. */
function fieldAt(schema: JsonSchema, path: readonly string[]): JsonSchema | undefined {
  const [name, ...rest] = path;
  if (name === undefined) return schema;
  const places = [schema, ...(schema.items ? [schema.items] : []), ...(schema.anyOf ?? [])];
  const field = places.map(({ properties }) => properties?.[name]).find((found) => found !== undefined);
  return field === undefined ? undefined : fieldAt(field, rest);
}
