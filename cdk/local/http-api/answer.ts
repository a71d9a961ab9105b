import type { Outcome } from '../lambda/function.ts';

/** What goes back to the client. Header values in a list are sent as repeated headers. */
export interface HttpAnswer {
  status: number;
  headers: Record<string, string | string[]>;
  body: Buffer;
}

/** An answer that API Gateway gives in its own name. */
export function gatewayAnswer(status: number, message: string): HttpAnswer {
  return {
    status,
    headers: { 'content-type': 'application/json' },
    body: Buffer.from(JSON.stringify({ message })),
  };
}

interface StructuredAnswer {
  statusCode: number | string;
  headers?: Record<string, string | number | boolean>;
  cookies?: string[];
  body?: string;
  isBase64Encoded?: boolean;
}

function isStructured(answer: unknown): answer is StructuredAnswer {
  return typeof answer === 'object' && answer !== null && 'statusCode' in answer;
}

const INTERNAL_ERROR = gatewayAnswer(500, 'Internal Server Error');

function structured(answer: StructuredAnswer): HttpAnswer {
  const status = Number(answer.statusCode);
  const { body = '', isBase64Encoded = false, headers = {}, cookies = [] } = answer;
  if (!Number.isInteger(status) || status < 100 || status > 599 || typeof body !== 'string') return INTERNAL_ERROR;
  const named = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)] as const);
  return {
    status,
    headers: {
      // API Gateway calls a body without a type plain text.
      ...(body === '' ? {} : { 'content-type': 'text/plain;charset=UTF-8' }),
      ...Object.fromEntries(named),
      ...(cookies.length > 0 ? { 'set-cookie': cookies } : {}),
    },
    body: Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8'),
  };
}

/** The HTTP answer that API Gateway makes of a function's (payload format 2.0): without a statusCode it is the body of a 200. */
export function toAnswer(outcome: Outcome): HttpAnswer {
  switch (outcome.kind) {
    case 'throttled':
      return gatewayAnswer(503, 'Service Unavailable');
    case 'failed':
      return INTERNAL_ERROR;
    case 'answered': {
      const answer: unknown = JSON.parse(outcome.payload);
      if (isStructured(answer)) return structured(answer);
      const body = typeof answer === 'string' ? answer : outcome.payload;
      return { status: 200, headers: { 'content-type': 'application/json' }, body: Buffer.from(body) };
    }
    default:
      return outcome satisfies never;
  }
}
