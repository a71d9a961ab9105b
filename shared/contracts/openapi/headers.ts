import type { Parameter } from './document.ts';
import type { JsonSchema } from './json-schema.ts';
import type { Answer, Operation } from './operation.ts';
import { isIdempotent } from './problems.ts';

interface Header {
  description: string;
  schema: JsonSchema;
}

export const HEADERS = {
  'X-Request-Id': {
    description: 'The id of this request, as it stands in our log.',
    schema: { type: 'string' },
  },
  'Retry-After': {
    description: 'Seconds after which to try again.',
    schema: { type: 'string', pattern: '^[0-9]+$' },
  },
  'RateLimit-Policy': {
    description:
      'The limits that apply, as in draft-ietf-httpapi-ratelimit-headers-10: `q` is how much, `w` the window in seconds, `qu` what is counted if not requests.',
    schema: { type: 'string' },
  },
  RateLimit: {
    description: 'What is left of each limit: `r` is how much, `t` the seconds until it begins anew.',
    schema: { type: 'string' },
  },
  'WWW-Authenticate': {
    description: 'How to authenticate (RFC 6750).',
    schema: { type: 'string' },
  },
  'Idempotency-Replayed': {
    description: '`true` where the answer is that of an earlier request with the same `Idempotency-Key`.',
    schema: { const: 'true' },
  },
  'Next-Cursor': {
    description: 'Give it as `cursor` to get what follows; absent where nothing does.',
    schema: { type: 'string' },
  },
} as const satisfies Record<string, Header>;
export type HeaderName = keyof typeof HEADERS;

export const IDEMPOTENCY_KEY: Parameter = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description:
    'Makes it safe to repeat the request: for 24 hours the same key with the same body gets the first answer again. 1 to 255 printable ASCII characters; use a new one for each new thing, such as a UUID.',
  schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[ -~]+$' },
};

const LIMITS: readonly HeaderName[] = ['RateLimit-Policy', 'RateLimit'];

/** Headers of a good answer of an operation. */
export function headersOfAnswer(operation: Operation, { headers = [] }: Answer): Record<string, { $ref: string }> {
  return refsTo([
    ...(operation.scopes.length > 0 ? LIMITS : []),
    ...(isIdempotent(operation) ? (['Idempotency-Replayed'] as const) : []),
    ...headers,
  ]);
}

/** Headers of a problem with this status. */
export function headersOfProblem(status: number): Record<string, { $ref: string }> {
  if (status === 401) return refsTo(['WWW-Authenticate']);
  return refsTo([
    ...([409, 429, 503].includes(status) ? (['Retry-After'] as const) : []),
    ...(status === 429 ? LIMITS : []),
  ]);
}

function refsTo(names: readonly HeaderName[]): Record<string, { $ref: string }> {
  const all: HeaderName[] = ['X-Request-Id', ...names];
  return Object.fromEntries(all.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
}
