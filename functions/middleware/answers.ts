import type { MiddlewareObj } from '@middy/core';
import { type Problem, presentProblem } from '../../shared/contracts/problem.ts';
import type { Log } from '../../shared/log/log.ts';
import type { ApiEvent, ApiResult } from './api-event.ts';
import { limitHeaders } from './limits.ts';
import { Refusal } from './refusal.ts';

/**
 * The outermost middleware: whatever happens inside becomes an answer with the right headers and one line in the log,
 * which holds neither a number nor a text (promise P9).
 */
export function answers({ log, now }: { log: Log; now: () => number }): MiddlewareObj<ApiEvent, ApiResult> {
  const startedAt = new WeakMap<ApiEvent, number>();

  function finish(event: ApiEvent, result: ApiResult, code?: string): ApiResult {
    const requestId = event.requestContext.requestId;
    log.info('request', {
      request_id: requestId,
      route: event.routeKey,
      status: result.statusCode,
      duration_ms: Math.round(now() - (startedAt.get(event) ?? now())),
      key_id: event.caller?.keyId,
      code,
    });
    return {
      ...result,
      headers: {
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        'x-request-id': requestId,
        ...limitHeaders(event.limits ?? []),
        ...result.headers,
      },
    };
  }

  return {
    before: ({ event }) => void startedAt.set(event, now()),
    after: (request) => {
      if (request.response) request.response = finish(request.event, request.response);
    },
    onError: (request) => {
      const { event, error } = request;
      if (!(error instanceof Refusal))
        log.error('request failed', { request_id: event.requestContext.requestId, error });
      const refusal = error instanceof Refusal ? error : refusalOf(error);
      const problem = presentProblem(refusal.details, {
        path: instanceOf(event),
        requestId: event.requestContext.requestId,
      });
      request.response = finish(event, problemResult(problem, refusal.headers), problem.code);
    },
  };
}

/** The path of a request, without the number that is a part of some: no error repeats one. */
function instanceOf({ routeKey, rawPath }: ApiEvent): string {
  return routeKey.includes('{number}') ? (routeKey.split(' ')[1] ?? '') : rawPath;
}

function problemResult(problem: Problem, headers: Record<string, string>): ApiResult {
  return {
    statusCode: problem.status,
    headers: { 'content-type': 'application/problem+json', ...headers },
    body: JSON.stringify(problem),
  };
}

/** A fault of AWS passes; any other is ours. Neither tells a caller what it was. */
function refusalOf(error: unknown): Refusal {
  const fromAws = typeof error === 'object' && error !== null && '$metadata' in error;
  if (fromAws || (error instanceof Error && error.name === 'TimeoutError')) {
    return new Refusal(
      { code: 'temporarily_unavailable', detail: 'a service that this needs does not answer' },
      { 'retry-after': '5' },
    );
  }
  return new Refusal({ code: 'internal_error', detail: 'this is logged under the request id' });
}
