import type { MiddlewareObj } from '@middy/core';
import type { Log } from '../../shared/log/log.ts';
import type { RateStore } from '../../shared/store/control-rates.ts';
import type { ApiEvent, ApiResult } from './api-event.ts';
import { Refusal } from './refusal.ts';

export interface RateLimiterOptions {
  rates: Pick<RateStore, 'take'>;
  /** Requests that one key may make in a second. */
  perSecond: number;
  /** A caller should not wait for being counted: what takes longer has failed. */
  longestCountMs?: number;
  log: Log;
  /** Epoch milliseconds. */
  now: () => number;
}

export interface Taken {
  isAllowed: boolean;
  left: number;
}

const LONGEST_COUNT_MS = 500;

/**
 * Counts the requests of each key by the second, for all execution environments together: each of them works on one request at
 * a time and would never see more than a few a second by itself. That costs a write a request; a key that has used its second
 * up costs none until the next. Where counting fails nobody is refused.
 */
export class RateLimiter {
  readonly #options: RateLimiterOptions;
  /** Keys that have used this second up. */
  #usedUp: { second: number; keys: Set<string> } = { second: 0, keys: new Set() };

  constructor(options: RateLimiterOptions) {
    this.#options = options;
  }

  get perSecond(): number {
    return this.#options.perSecond;
  }

  async take(keyId: string): Promise<Taken> {
    const { rates, perSecond, longestCountMs = LONGEST_COUNT_MS, log, now } = this.#options;
    const second = Math.floor(now() / 1000);
    if (this.#usedUp.second !== second) this.#usedUp = { second, keys: new Set() };
    if (this.#usedUp.keys.has(keyId)) return { isAllowed: false, left: 0 };
    try {
      const signal = AbortSignal.timeout(longestCountMs);
      const requests = await rates.take(keyId, { second, limit: perSecond, signal });
      if (requests !== undefined) return { isAllowed: true, left: perSecond - requests };
      this.#usedUp.keys.add(keyId);
      return { isAllowed: false, left: 0 };
    } catch (error) {
      log.warn('requests of a key not counted', { key_id: keyId, error });
      return { isAllowed: true, left: perSecond };
    }
  }
}

/** Refuses what a key asks for above its rate. */
export function rateLimit(limiter: Pick<RateLimiter, 'take' | 'perSecond'>): MiddlewareObj<ApiEvent, ApiResult> {
  return {
    before: async ({ event }) => {
      if (event.caller === undefined) throw new TypeError('a request was counted without a key');
      const { isAllowed, left } = await limiter.take(event.caller.keyId);
      const limit = limiter.perSecond;
      event.limits = [{ name: 'requests', limit, windowSeconds: 1, left, resetsInSeconds: 1 }];
      if (isAllowed) return;
      throw new Refusal(
        { code: 'rate_limited', detail: `a key may make ${limit} requests a second` },
        { 'retry-after': '1' },
      );
    },
  };
}
