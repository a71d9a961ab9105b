import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { deploymentSchema } from '../../../cdk/config/schema.ts';

const DOC = readFileSync(join(import.meta.dirname, '../../../docs/configuration.md'), 'utf8');

interface JsonSchema {
  properties?: Record<string, JsonSchema>;
  oneOf?: JsonSchema[];
  anyOf?: JsonSchema[];
}

/** Paths of everything that a configuration can say, down to values and lists. */
function pathsOf(schema: JsonSchema, at = ''): string[] {
  const kinds = [schema, ...(schema.oneOf ?? []), ...(schema.anyOf ?? [])];
  const fields = kinds.flatMap(({ properties = {} }) => Object.entries(properties));
  if (fields.length === 0) return [at];
  return fields.flatMap(([name, field]) => pathsOf(field, at === '' ? name : `${at}.${name}`));
}

test('docs/configuration.md has every field of the configuration, and no other', () => {
  const schema = z.toJSONSchema(deploymentSchema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
  const rows = DOC.split('\n').filter((line) => line.startsWith('| `'));
  const documented = rows.flatMap((row) =>
    [...(row.split(' | ')[0] ?? '').matchAll(/`([\w.]+)`/g)].map(([, path]) => path),
  );
  expect(new Set(documented)).toEqual(new Set(pathsOf(schema)));
});
