import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DocumentOperation, Parameter } from '../../shared/contracts/openapi/document.ts';
import { DOCUMENT, undocumented } from '../fixtures/documented.ts';
import { spoiled, valuesOf } from '../fixtures/schema-arbitrary.ts';
import { startFixtureOperator } from './fixture-operator.ts';
import { type RunningStack, startStack } from './running-stack.ts';
import { freshStateDirectory } from './state-directory.ts';
import { tearDown, whenOver } from './tear-down.ts';

/** More of them find more: FUZZ_RUNS=1000. */
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 15);
const SEED = Number(process.env['FUZZ_SEED'] ?? 20261122);
const MOST_KNOWN_IDS = 50;
/** What lives for a second only may be refused where something else waits. */
const ALLOWED_503 = new Set(['would_expire_in_queue']);

interface FuzzedRequest {
  /** What stands in the places of the path; `known` is an id that exists, where there is one. */
  place: string | { known: number };
  query: Record<string, unknown>;
  body: string | Uint8Array<ArrayBuffer> | undefined;
  headers: Record<string, string>;
  key: 'good' | 'wrong' | 'none';
}

const operations = Object.entries(DOCUMENT.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ route: `${method.toUpperCase()} ${path}`, operation })),
);

const placeValues = fc.oneof(
  { weight: 3, arbitrary: fc.record({ known: fc.nat() }) },
  fc.constantFrom('msg_01M82AE4Q5EVH56SJP2SR34MJK', 'bat_01M82AE4Q5EVH56SJP2SR34MJK', 'admin', '+639171234567'),
  fc.string({ minLength: 1, maxLength: 60 }),
);

function queries({ parameters = [] }: DocumentOperation): fc.Arbitrary<Record<string, unknown>> {
  const known = parameters.filter((each): each is Parameter => 'in' in each && each.in === 'query');
  const properties = Object.fromEntries(known.map(({ name, schema }) => [name, schema]));
  const right = valuesOf({ type: 'object', properties }) as fc.Arbitrary<Record<string, unknown>>;
  return fc.oneof({ weight: 3, arbitrary: right }, spoiled(right) as fc.Arbitrary<Record<string, unknown>>);
}

function bodies({ requestBody }: DocumentOperation): fc.Arbitrary<FuzzedRequest['body']> {
  if (requestBody === undefined) return fc.constant(undefined);
  const right = valuesOf(requestBody.content['application/json']?.schema ?? {});
  return fc.oneof(
    { weight: 6, arbitrary: right.map((value) => JSON.stringify(value)) },
    { weight: 4, arbitrary: spoiled(right).map((value) => JSON.stringify(value)) },
    fc.constantFrom('', '{', 'null', '[]', '"x"', '{"__proto__":1}', '['.repeat(5_000)),
    fc.uint8Array({ maxLength: 50 }).map((octets) => new Uint8Array(octets)),
  );
}

/** `batches` of `POST /v1/batches/{id}/pause`. */
function kindOf(route: string): string {
  return route.split('/')[2] ?? '';
}

const headers = fc.oneof(
  { weight: 3, arbitrary: fc.constant({}) },
  fc.record({ 'idempotency-key': fc.stringMatching(/^[!-~]{1,40}$/) }),
  fc.constantFrom({ 'idempotency-key': '"' }, { 'idempotency-key': 'x'.repeat(256) }, { 'content-type': 'text/plain' }),
);

const keys = fc.constantFrom(...(['good', 'good', 'good', 'good', 'good', 'good', 'wrong', 'none'] as const));

describe('whatever is sent to an operation', () => {
  let stack: RunningStack;
  /** By the kind of thing, as the path calls it. */
  const knownIds = new Map<string, string[]>();

  beforeAll(async () => {
    const operator = await startFixtureOperator();
    whenOver(() => operator.close());
    stack = await startStack({ stateDirectory: freshStateDirectory(), operator: operator.credentials });
    whenOver(() => stack.close());
  }, 90_000);

  afterAll(tearDown);

  async function answerTo(route: string, { place, query, body, headers, key }: FuzzedRequest) {
    const [method = '', pattern = ''] = route.split(' ');
    const ids = knownIds.get(kindOf(pattern)) ?? [];
    const value = typeof place === 'string' ? place : (ids[place.known % Math.max(1, ids.length)] ?? 'x');
    const written = Object.entries(query).flatMap(([name, of]): [string, string][] =>
      of === undefined ? [] : [[name, typeof of === 'string' ? of : JSON.stringify(of)]],
    );
    const path = pattern.replace(/\{\w+\}/g, encodeURIComponent(value.toWellFormed()));
    const url = `${stack.api}${path}${written.length === 0 ? '' : `?${new URLSearchParams(written).toString()}`}`;
    const authorization = { good: `Bearer ${stack.key}`, wrong: `Bearer ${stack.key}x`, none: undefined }[key];
    const response = await fetch(url, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
        ...(authorization && { authorization }),
      },
      ...(body === undefined ? {} : { body }),
    });
    const { status } = response;
    return { method, path, status, headers: Object.fromEntries(response.headers), body: await response.text() };
  }

  function remember(route: string, body: string): void {
    const id = /^\{"id":"([^"]+)"/.exec(body)?.[1];
    if (id === undefined) return;
    const ids = knownIds.get(kindOf(route)) ?? [];
    knownIds.set(kindOf(route), [...ids, id].slice(-MOST_KNOWN_IDS));
  }

  test.each(operations)(
    '$route, it answers as documented, and never with a fault of its own',
    async ({ route, operation }) => {
      const requests = fc.record({
        place: placeValues,
        query: queries(operation),
        body: bodies(operation),
        headers,
        key: keys,
      });
      await fc.assert(
        fc.asyncProperty(requests, async (request) => {
          const answer = await answerTo(route, request);
          expect(undocumented(answer)).toEqual([]);
          if (answer.status >= 500) expect(ALLOWED_503).toContain((JSON.parse(answer.body) as { code: string }).code);
          remember(route, answer.body);
        }),
        { numRuns: RUNS, seed: SEED, endOnFailure: true },
      );
    },
  );

  test('no function broke', () => {
    expect(stack.observed.filter((text) => /^(failed|parked):/.test(text))).toEqual([]);
  });
});
