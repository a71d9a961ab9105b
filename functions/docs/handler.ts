import { createHash } from 'node:crypto';
import withMiddleware from '@middy/core';
import type { Context } from 'aws-lambda';
import type { OpenApiDocument } from '../../shared/contracts/openapi/document.ts';
import type { Log } from '../../shared/log/log.ts';
import { answers } from '../middleware/answers.ts';
import type { ApiEvent, ApiResult } from '../middleware/api-event.ts';
import type { HttpHandler } from '../middleware/http.ts';
import { errorsPage } from './errors-page.ts';
import { CONTENT_SECURITY_POLICY } from './page.ts';
import { referencePage } from './reference-page.ts';
import { unknownRoute } from './unknown-route.ts';

export interface DocsDependencies {
  document: OpenApiDocument;
  log: Log;
  /** Milliseconds. */
  now: () => number;
}

interface Resource {
  body: string;
  headers: Record<string, string>;
}

const HTML = { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': CONTENT_SECURITY_POLICY };
/** It is the same for everyone, and tools on other pages may read it. */
const JSON_FOR_ALL = { 'content-type': 'application/json', 'access-control-allow-origin': '*' };

/** What describes the API, for programs and for people; and every request that has no route of its own. */
export function docsHandler({ document, log, now }: DocsDependencies): HttpHandler {
  const resources: Readonly<Record<string, () => Resource>> = {
    'GET /openapi.json': once(() => resource(JSON.stringify(document), JSON_FOR_ALL)),
    'GET /docs': once(() => resource(referencePage(document), HTML)),
    'GET /docs/errors': once(() => resource(errorsPage(document.info.version), HTML)),
  };
  const handler = withMiddleware<ApiEvent, ApiResult>(async (event: ApiEvent) => {
    const found = resources[event.routeKey];
    if (found === undefined) throw unknownRoute(event.rawPath, document);
    return answer(found(), event.headers['if-none-match']);
  }).use(answers({ log, now }));
  return async (event, context: Context) => await handler(event, context);
}

/** Made when it is first asked for: most requests ask for one of them. */
function once(make: () => Resource): () => Resource {
  let made: Resource | undefined;
  return () => (made ??= make());
}

function resource(body: string, headers: Record<string, string>): Resource {
  const etag = `"${createHash('sha256').update(body).digest('base64url')}"`;
  return { body, headers: { ...headers, etag, 'cache-control': 'public, max-age=300' } };
}

function answer({ body, headers }: Resource, known: string | undefined): ApiResult {
  if (known?.includes(headers['etag'] ?? '') === true) return { statusCode: 304, headers };
  return { statusCode: 200, headers, body };
}
