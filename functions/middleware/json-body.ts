import type { MiddlewareObj } from '@middy/core';
import type { ApiEvent, ApiResult } from './api-event.ts';
import { jsonErrorPosition } from './json-position.ts';
import { Refusal } from './refusal.ts';

/** Far more than the longest message with all its metadata. */
const MOST_BODY_OCTETS = 65_536;
/** A thousand messages with their variables, or with a text each. */
const MOST_OCTETS_OF_ROUTE = new Map([['POST /v1/batches', 2_097_152]]);

/** Parses the body, of whatever size and shape it comes. */
export function jsonBody(): MiddlewareObj<ApiEvent, ApiResult> {
  return {
    before: ({ event }) => {
      if (event.body === undefined || event.body === '') return;
      const mediaType = event.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase();
      if (mediaType !== undefined && !/^application\/(?:[\w.-]+\+)?json$/.test(mediaType)) {
        throw new Refusal({
          code: 'unsupported_media_type',
          detail: "send JSON with the header 'Content-Type: application/json'",
        });
      }
      const octets = Buffer.from(event.body, event.isBase64Encoded ? 'base64' : 'utf8');
      const most = MOST_OCTETS_OF_ROUTE.get(event.routeKey) ?? MOST_BODY_OCTETS;
      if (octets.length > most) {
        throw new Refusal({ code: 'body_too_large', detail: `at most ${most} octets` });
      }
      event.json = parse(decode(octets));
    },
  };
}

function decode(octets: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(octets);
  } catch {
    throw malformed('it is not UTF-8');
  }
}

function parse(text: string): unknown {
  try {
    // An own property of this name would be lost or worse wherever the object is copied.
    return JSON.parse(text, (key, value: unknown) => {
      if (key === '__proto__') throw malformed("a field must not be called '__proto__'");
      return value;
    });
  } catch (error) {
    if (error instanceof Refusal) throw error;
    // The engine's own message repeats a piece of the body.
    const { line, column } = jsonErrorPosition(text);
    throw malformed(`it stops being JSON at line ${line}, column ${column}`);
  }
}

function malformed(detail: string): Refusal {
  return new Refusal({ code: 'malformed_json', detail, errors: [{ pointer: '', code: 'malformed_json', detail }] });
}
