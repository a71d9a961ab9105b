import type { MiddlewareObj } from '@middy/core';
import type { ApiEvent, ApiResult } from './api-event.ts';
import type { KeyRing } from './key-ring.ts';
import { Refusal } from './refusal.ts';

const DETAILS = {
  missing_credentials: "send the header 'Authorization: Bearer <key>'",
  invalid_key: 'this key is not known here; check that it was copied whole',
  expired_key: 'make a new one, or ask for it',
  revoked_key: 'make a new one, or ask for it',
} as const;

/** Lets in whoever brings a valid key, and nobody else (RFC 6750). */
export function authenticate(keys: Pick<KeyRing, 'find'>): MiddlewareObj<ApiEvent, ApiResult> {
  return {
    before: async ({ event }) => {
      const found = await keys.find(bearerToken(event.headers['authorization']));
      if (found.kind === 'refused') {
        throw new Refusal(
          { code: found.code, detail: DETAILS[found.code] },
          { 'www-authenticate': 'Bearer realm="bindery"' },
        );
      }
      event.caller = found.key;
    },
  };
}

function bearerToken(header: string | undefined): string | undefined {
  return /^Bearer +(\S+) *$/i.exec(header ?? '')?.[1];
}
