import { ERROR_CODES, type HttpErrorCode } from '../error-codes.ts';
import { DEFAULT_LIMIT, limitParameter, MOST_LISTED } from '../message-list.ts';
import { HEADERS, headersOfAnswer, headersOfProblem, IDEMPOTENCY_KEY } from './headers.ts';
import { type JsonSchema, refTo, schemasOf } from './json-schema.ts';
import type { Answer, Component, Operation } from './operation.ts';
import { byStatus, errorsOf, isIdempotent } from './problems.ts';
import { shareResponses } from './shared-responses.ts';

export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required: boolean;
  description?: string;
  schema: JsonSchema;
}

export interface Response {
  description: string;
  headers?: Record<string, { $ref: string }>;
  content?: Record<string, { schema: JsonSchema }>;
  /** Fields of the body with which this is the answer, where an operation has several. */
  'x-when'?: Readonly<Record<string, true>>;
}

export interface DocumentOperation {
  operationId: string;
  tags: string[];
  summary: string;
  description: string;
  security: Record<string, string[]>[];
  parameters?: (Parameter | { $ref: string })[];
  requestBody?: { required: boolean; content: Record<string, { schema: JsonSchema }> };
  responses: Record<string, Response | { $ref: string }>;
}

export type Paths = Record<string, Record<string, DocumentOperation>>;

/** A number that comes as text, as all parameters do: what it means, not how it is written. */
const LIMIT: JsonSchema = { type: 'integer', minimum: 1, maximum: MOST_LISTED, default: DEFAULT_LIMIT };

/** An OpenAPI 3.1 document, as far as this one goes. */
export interface OpenApiDocument {
  openapi: string;
  info: {
    title: string;
    version: string;
    summary: string;
    description: string;
    license: { name: string; identifier: string };
  };
  servers: { url: string; description: string }[];
  tags: { name: string; description: string }[];
  paths: Paths;
  components: {
    schemas: Record<string, JsonSchema>;
    responses: Record<string, Response>;
    parameters: Record<string, Parameter>;
    headers: Record<string, { readonly description: string; readonly schema: JsonSchema }>;
    securitySchemes: Record<string, Record<string, string>>;
  };
}

const DESCRIPTION = `JSON over HTTPS. Every request brings an API key in the header \`Authorization: Bearer <key>\`.

Errors are problems after RFC 9457 with a stable \`code\`; \`retryable\` says whether the same request may succeed later, and \`Retry-After\` when.

Send a POST with an \`Idempotency-Key\`, and it can be repeated without doing anything twice.

New fields and new codes may come at any time; what is here stays.`;

interface Parts {
  version: string;
  tags: Readonly<Record<string, string>>;
  operations: readonly Operation[];
  /** Of answers, besides those that operations name themselves. */
  components: readonly Component[];
  /** The same of requests. */
  requestComponents: readonly Component[];
}

export function openApiDocument({ version, tags, operations, components, requestComponents }: Parts): OpenApiDocument {
  const paths: Paths = {};
  for (const operation of operations) {
    const [method = '', path = ''] = operation.route.split(' ');
    paths[path] = { ...paths[path], [method.toLowerCase()]: documented(operation) };
  }
  const asked = operations.flatMap(({ body }) => body ?? []);
  const answered = operations.flatMap(({ answers }) => Object.values(answers).flatMap(({ body }) => body ?? []));
  const schemas = {
    ...schemasOf([...new Set([...asked, ...requestComponents])], 'input'),
    ...schemasOf([...new Set([...answered, ...components])], 'output'),
  };
  return {
    openapi: '3.1.1',
    info: {
      title: 'Bindery',
      version,
      summary: 'An SMS gateway in your own AWS account.',
      description: DESCRIPTION,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/', description: 'Where this document is served.' }],
    tags: Object.entries(tags).map(([name, description]) => ({ name, description })),
    paths,
    components: {
      responses: shareResponses(paths),
      schemas: Object.fromEntries(Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1))),
      parameters: { IdempotencyKey: IDEMPOTENCY_KEY },
      headers: HEADERS,
      securitySchemes: {
        key: { type: 'http', scheme: 'bearer', description: 'An API key: `bk_live_…` or `bk_test_…`.' },
      },
    },
  };
}

function documented(operation: Operation): DocumentOperation {
  const { id, tag, summary, description, scopes, body } = operation;
  const parameters = parametersOf(operation);
  return {
    operationId: id,
    tags: [tag],
    summary,
    description,
    security: scopes.map((scope) => ({ key: [scope] })),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body && {
      requestBody: {
        required: operation.bodyOptional !== true,
        content: { 'application/json': { schema: refTo(body.name) } },
      },
    }),
    responses: responsesOf(operation),
  };
}

function parametersOf(operation: Operation): NonNullable<DocumentOperation['parameters']> {
  const { route, query } = operation;
  const places = [...route.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({
    name,
    in: 'path' as const,
    required: true,
    schema: { type: 'string', minLength: 1 },
  }));
  const { properties = {}, required = [] } = (query && schemasOf([query], 'input')[query.name]) ?? {};
  const asked = Object.entries(properties).map(([name, { description = '', ...schema }]) => ({
    name,
    in: 'query' as const,
    required: required.includes(name),
    description,
    schema: query?.schema.shape['limit'] === limitParameter && name === 'limit' ? LIMIT : schema,
  }));
  const key = isIdempotent(operation) ? [{ $ref: '#/components/parameters/IdempotencyKey' }] : [];
  return [...places, ...asked, ...key];
}

function responsesOf(operation: Operation): Record<string, Response> {
  const answers = Object.entries(operation.answers).map(([status, answer]) => [status, answerOf(answer, operation)]);
  const problems = byStatus(errorsOf(operation)).map(([status, codes]) => [status, problemOf(status, codes)]);
  return Object.fromEntries([...answers, ...problems]) as Record<string, Response>;
}

function answerOf(answer: Answer, operation: Operation): Response {
  const { description, body, mediaType, when } = answer;
  return {
    description,
    headers: headersOfAnswer(operation, answer),
    ...(body && { content: { 'application/json': { schema: refTo(body.name) } } }),
    ...(when && { 'x-when': when }),
    ...(mediaType && { content: { [mediaType]: { schema: { type: 'string' } } } }),
  };
}

function problemOf(status: number, codes: readonly HttpErrorCode[]): Response {
  const schema = {
    allOf: [
      refTo('Problem'),
      { type: 'object', properties: { status: { const: status }, code: { enum: [...codes] } } },
    ],
  };
  return {
    description: codes.map((code) => `\`${code}\`: ${ERROR_CODES[code].title}.`).join(' '),
    headers: headersOfProblem(status),
    content: { 'application/problem+json': { schema } },
  };
}
