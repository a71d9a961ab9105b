import { isUtf8 } from 'node:buffer';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { ACCOUNT_ID } from '../aws/arn.ts';

/** A request as it came over HTTP. */
export interface HttpRequest {
  method: string;
  /** Path and query as in the request line. */
  target: string;
  /** Name, value, name, value, in order, as Node gives them. */
  rawHeaders: readonly string[];
  body: Buffer;
  sourceIp: string;
}

export interface EventDetails {
  apiId: string;
  stage: string;
  routeKey: string;
  pathParameters: Record<string, string>;
  requestId: string;
  receivedAtEpochMs: number;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `22/Nov/2026:18:03:58 +0000` */
function commonLogTime(epochMs: number): string {
  const time = new Date(epochMs);
  const two = (value: number): string => String(value).padStart(2, '0');
  const date = `${two(time.getUTCDate())}/${MONTHS[time.getUTCMonth()]}/${time.getUTCFullYear()}`;
  return `${date}:${two(time.getUTCHours())}:${two(time.getUTCMinutes())}:${two(time.getUTCSeconds())} +0000`;
}

/** Names in small letters, repeated ones joined by a comma; cookies stand apart (payload format 2.0). */
function splitHeaders(rawHeaders: readonly string[]): { headers: Record<string, string>; cookies: string[] } {
  const headers: Record<string, string> = {};
  const cookies: string[] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? '').toLowerCase();
    const value = rawHeaders[index + 1] ?? '';
    if (name === 'cookie') cookies.push(...value.split(';').map((cookie) => cookie.trim()));
    else headers[name] = headers[name] === undefined ? value : `${headers[name]},${value}`;
  }
  return { headers, cookies };
}

function splitQuery(rawQuery: string): Record<string, string> {
  const query: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(rawQuery)) {
    query[name] = query[name] === undefined ? value : `${query[name]},${value}`;
  }
  return query;
}

/** Bodies of these types reach the function as text; every other, a form among them, as base64. */
function isText(contentType: string | undefined): boolean {
  const type = (contentType ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  if (type.startsWith('text/') || type.endsWith('+json') || type.endsWith('+xml')) return true;
  return ['', 'application/json', 'application/xml', 'application/javascript'].includes(type);
}

function bodyOf(body: Buffer, contentType: string | undefined): { body?: string; isBase64Encoded: boolean } {
  if (body.length === 0) return { isBase64Encoded: false };
  // What is no UTF-8 reaches the function as it came, which refuses it; as text it would be something else, and pass.
  if (isText(contentType) && isUtf8(body)) return { body: body.toString('utf8'), isBase64Encoded: false };
  return { body: body.toString('base64'), isBase64Encoded: true };
}

/** The event of payload format 2.0 that API Gateway makes of a request. */
export function toEvent(request: HttpRequest, details: EventDetails): APIGatewayProxyEventV2 {
  const [rawPath = '/', ...query] = request.target.split('?');
  const rawQueryString = query.join('?');
  const { headers, cookies } = splitHeaders(request.rawHeaders);
  const domainName = headers['host'] ?? 'localhost';
  const { routeKey, pathParameters, requestId, receivedAtEpochMs, apiId, stage } = details;
  return {
    version: '2.0',
    routeKey,
    rawPath,
    rawQueryString,
    ...(cookies.length > 0 ? { cookies } : {}),
    headers: {
      ...headers,
      'x-forwarded-for': [headers['x-forwarded-for'], request.sourceIp].filter(Boolean).join(', '),
      'x-forwarded-proto': 'http',
    },
    ...(rawQueryString === '' ? {} : { queryStringParameters: splitQuery(rawQueryString) }),
    ...(Object.keys(pathParameters).length > 0 ? { pathParameters } : {}),
    requestContext: {
      accountId: ACCOUNT_ID,
      apiId,
      domainName,
      domainPrefix: domainName.split('.')[0] ?? domainName,
      http: {
        method: request.method,
        path: rawPath,
        protocol: 'HTTP/1.1',
        sourceIp: request.sourceIp,
        userAgent: headers['user-agent'] ?? '',
      },
      requestId,
      routeKey,
      stage,
      time: commonLogTime(receivedAtEpochMs),
      timeEpoch: receivedAtEpochMs,
    },
    ...bodyOf(request.body, headers['content-type']),
  };
}
