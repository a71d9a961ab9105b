import withMiddleware from '@middy/core';
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import type { Log } from '../../shared/log/log.ts';
import { answers } from './answers.ts';
import type { ApiEvent, ApiResult, HttpAnswer, HttpCall, Reservation } from './api-event.ts';
import { authenticate } from './authenticate.ts';
import type { Idempotency } from './idempotency.ts';
import { jsonBody } from './json-body.ts';
import type { KeyRing } from './key-ring.ts';
import { type RateLimiter, rateLimit } from './rate-limit.ts';
import { requestTimedOut } from './refusal.ts';

export interface HttpDependencies {
  keys: Pick<KeyRing, 'find'>;
  idempotency: Pick<Idempotency, 'run'>;
  rates: Pick<RateLimiter, 'take' | 'perSecond'>;
  log: Log;
  /** Milliseconds. */
  now: () => number;
}

export type HttpHandler = (event: APIGatewayProxyEventV2, context: Context) => Promise<ApiResult>;

/** Left for the answer when an operation takes too long: API Gateway would say 500 and nothing else. */
const TIME_FOR_THE_ANSWER_MS = 500;

const JSON_TYPE = 'application/json';
const CSV = 'text/csv; charset=utf-8; header=present';

/** What all functions behind the HTTP API share: key, body, problems, headers, log. `operation` may throw a Refusal. */
export function httpHandler(
  { keys, idempotency, rates, log, now }: HttpDependencies,
  operation: (call: HttpCall) => Promise<HttpAnswer>,
): HttpHandler {
  const handler = withMiddleware<ApiEvent, ApiResult>(
    async (event: ApiEvent, _context: Context, { signal }: { signal: AbortSignal }) =>
      await idempotency.run(event, async (reservation) => present(await operation(callOf(event, signal, reservation)))),
    {
      timeoutEarlyInMillis: TIME_FOR_THE_ANSWER_MS,
      timeoutEarlyResponse: requestTimedOut,
    },
  )
    .use(answers({ log, now }))
    .use(authenticate(keys))
    .use(rateLimit(rates))
    .use(jsonBody());
  return async (event, context) => await handler(event, context);
}

function callOf(event: ApiEvent, signal: AbortSignal, reservation: Reservation | undefined): HttpCall {
  if (event.caller === undefined) throw new TypeError('an operation was reached without a key');
  return {
    caller: event.caller,
    route: event.routeKey,
    parameters: event.pathParameters ?? {},
    query: event.queryStringParameters ?? {},
    body: event.json,
    limits: (event.limits ??= []),
    signal,
    ...(reservation && { reservation }),
  };
}

function present({ status, body, csv, headers }: HttpAnswer): ApiResult {
  if (csv !== undefined) return { statusCode: status, headers: { 'content-type': CSV, ...headers }, body: csv };
  if (body === undefined) return { statusCode: status, ...(headers && { headers }) };
  return { statusCode: status, headers: { 'content-type': JSON_TYPE, ...headers }, body: JSON.stringify(body) };
}
