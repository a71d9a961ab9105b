import { ERROR_CODES, type HttpErrorCode } from '../error-codes.ts';
import type { Operation } from './operation.ts';

const ANY: readonly HttpErrorCode[] = ['internal_error', 'temporarily_unavailable'];
const WITH_KEY: readonly HttpErrorCode[] = [
  'missing_credentials',
  'invalid_key',
  'expired_key',
  'revoked_key',
  'rate_limited',
];
/** Of what reads a body, also where it needs none. */
const WITH_BODY: readonly HttpErrorCode[] = ['malformed_json', 'body_too_large', 'unsupported_media_type'];
const IDEMPOTENT: readonly HttpErrorCode[] = [
  'invalid_idempotency_key',
  'idempotent_request_running',
  'idempotency_key_reused',
];

function takesBody({ route }: Operation): boolean {
  return !/^(GET|DELETE) /.test(route);
}

/** Whether it heeds an `Idempotency-Key`. */
export function isIdempotent({ route }: Operation): boolean {
  return route.startsWith('POST ');
}

/** Every code with which an operation may refuse: its own, and those of its kind. */
export function errorsOf(operation: Operation): HttpErrorCode[] {
  const { scopes, query, body, route, errors } = operation;
  const needsKey = scopes.length > 0;
  return [
    ...new Set<HttpErrorCode>([
      ...(body || query ? (['invalid_request'] as const) : []),
      ...(query && 'cursor' in query.schema.shape ? (['invalid_cursor'] as const) : []),
      ...(takesBody(operation) ? WITH_BODY : []),
      ...(isIdempotent(operation) ? IDEMPOTENT : []),
      ...(needsKey ? [...WITH_KEY, 'missing_scope' as const] : []),
      ...(route.includes('{') ? (['not_found'] as const) : []),
      ...errors,
      ...ANY,
    ]),
  ];
}

/** Codes by the status with which they are answered, in the order of statuses. */
export function byStatus(codes: readonly HttpErrorCode[]): [number, HttpErrorCode[]][] {
  const statuses = [...new Set(codes.map((code) => ERROR_CODES[code].status))].sort((a, b) => a - b);
  return statuses.map((status) => [status, codes.filter((code) => ERROR_CODES[code].status === status)]);
}
