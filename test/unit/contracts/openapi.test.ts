import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, test } from 'vitest';
import { ERROR_CODES, type HttpErrorCode } from '../../../shared/contracts/error-codes.ts';
import { type OpenApiDocument, openApiDocument } from '../../../shared/contracts/openapi/document.ts';
import type { JsonSchema } from '../../../shared/contracts/openapi/json-schema.ts';
import { COMPONENTS, OPERATIONS, REQUEST_COMPONENTS, TAGS } from '../../../shared/contracts/openapi/operations.ts';
import { errorsOf } from '../../../shared/contracts/openapi/problems.ts';
import { SchemaJudge, undocumented } from '../../fixtures/documented.ts';
import { Template } from '../cdk/stack-under-test.ts';

const document: OpenApiDocument = openApiDocument({
  version: '0',
  tags: TAGS,
  operations: OPERATIONS,
  components: COMPONENTS,
  requestComponents: REQUEST_COMPONENTS,
});
const { schemas } = document.components;
const committed = readFileSync(join(import.meta.dirname, '../../../docs/openapi.json'), 'utf8');

function routesOfTemplate(): string[] {
  const routes = new Template().ofType('AWS::ApiGatewayV2::Route').map(([, { Properties }]) => Properties.RouteKey);
  return routes.filter((route) => route !== '$default').sort();
}

/** Every `$ref` in a value. */
function refsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => (name === '$ref' ? [String(inner)] : refsIn(inner)));
}

/** Paths of fields without a description, at any depth. */
function undescribed(schema: JsonSchema, path: string): string[] {
  const inside = [schema.items, ...(schema.anyOf ?? [])].flatMap((inner) => (inner ? undescribed(inner, path) : []));
  const fields = Object.entries(schema.properties ?? {}).flatMap(([name, field]) => [
    ...(field.description === undefined ? [`${path}.${name}`] : []),
    ...undescribed(field, `${path}.${name}`),
  ]);
  return [...inside, ...fields];
}

describe('the OpenAPI document', () => {
  test('has every route of the template, and no other', () => {
    expect(OPERATIONS.map(({ route }) => route).sort()).toEqual(routesOfTemplate());
  });

  test('is committed as it is made; `npm run generate` writes it', () => {
    const { version } = JSON.parse(committed).info;
    const made = { ...document, info: { ...document.info, version } };
    expect(JSON.parse(committed)).toEqual(JSON.parse(JSON.stringify(made)));
  });

  test('is valid by the schema of OpenAPI 3.1', async () => {
    const validator = new Validator();
    expect(await validator.validate(Object.fromEntries(Object.entries(document)))).toEqual({ valid: true });
    expect(validator.version).toBe('3.1');
  });

  test('refers to nothing that is not there', () => {
    const missing = refsIn(document).filter((ref) => {
      const [, ...path] = ref.split('/');
      return path.reduce<unknown>((value, part) => Reflect.get(Object(value), part), document) === undefined;
    });
    expect(missing).toEqual([]);
  });

  test('names each operation once, and each of them has a tag that is introduced', () => {
    const names = OPERATIONS.map(({ id }) => id);
    expect(names).toEqual([...new Set(names)]);
    for (const { id, tag } of OPERATIONS) expect(Object.keys(TAGS), id).toContain(tag);
  });

  test('describes every field', () => {
    expect(Object.entries(schemas).flatMap(([name, schema]) => undescribed(schema, name))).toEqual([]);
    const parameters = Object.values(document.paths)
      .flatMap((methods) => Object.values(methods))
      .flatMap(({ parameters = [] }) => parameters)
      .filter((parameter) => 'in' in parameter && parameter.in === 'query' && !parameter.description);
    expect(parameters).toEqual([]);
  });

  test('lists every code that HTTP answers have with some operation', () => {
    const listed = new Set(OPERATIONS.flatMap(errorsOf));
    const codes = Object.entries(ERROR_CODES).flatMap(([code, meaning]) => ('status' in meaning ? [code] : []));
    // 405 is of paths, not of operations; the others are of the items of a batch.
    const elsewhere = ['method_not_allowed', 'missing_variable', 'unknown_variable', 'invalid_placeholder'];
    expect(codes.filter((code) => !listed.has(code as HttpErrorCode))).toEqual(elsewhere);
  });
});

describe('its schemas', () => {
  const judge = new SchemaJudge(document);

  test.each(Object.keys(schemas))('%s is JSON Schema 2020-12, and its example is an instance of it', (name) => {
    const schema = { $ref: `#/components/schemas/${name}` };
    expect(judge.faults(schema, undefined)).not.toEqual([]);
    for (const example of schemas[name]?.examples ?? []) expect(judge.faults(schema, example)).toEqual([]);
  });
});

describe('an answer is compared with the document', () => {
  const good = { method: 'GET', path: '/v1/keys', status: 200, headers: { 'content-type': 'application/json' } };
  const page = { data: [], has_more: false, next_cursor: null };

  test.each([
    ['as documented', { ...good, body: JSON.stringify(page) }, []],
    ['an undocumented status', { ...good, status: 418, body: '' }, [expect.stringContaining('418 is no answer of')]],
    ['a missing field', { ...good, body: '{"data":[],"has_more":false}' }, [expect.stringContaining('next_cursor')]],
    ['another field', { ...good, body: JSON.stringify({ ...page, x: 1 }) }, [expect.stringContaining('"x"')]],
    ['another media type', { ...good, headers: {}, body: '{}' }, [expect.stringContaining('is not application/json')]],
  ])('%s', (_, answer, faults) => {
    expect(undocumented(answer)).toEqual(faults);
  });

  test('a code of another operation', () => {
    const problem = { ...(schemas['Problem']?.examples?.[0] as object), status: 404, code: 'not_cancelable' };
    const headers = { 'content-type': 'application/problem+json' };
    const answer = { ...good, path: '/v1/messages/x', status: 404, headers, body: JSON.stringify(problem) };
    expect(undocumented(answer)).toEqual([expect.stringContaining('not_found')]);
  });
});
