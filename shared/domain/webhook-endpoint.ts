import type { EventFilter } from './event-type.ts';

/** Endpoints that a deployment may have: each event is matched with all of them. */
export const MOST_ENDPOINTS = 100;

/**
 * - `by_request`: through the API
 * - `gone`: it answered 410
 * - `failing`: nothing got through to it for days
 */
export const DISABLED_REASONS = ['by_request', 'gone', 'failing'] as const;
export type DisabledReason = (typeof DISABLED_REASONS)[number];

export interface OldEndpointSecret {
  secret: string;
  /** Epoch milliseconds. */
  until: number;
}

/** Where a customer wants events to be sent. Times are epoch milliseconds. */
export interface WebhookEndpoint {
  /** `we_` and a ULID. */
  endpointId: string;
  url: string;
  description?: string;
  /** Types of events that it wants; absent for all. */
  events?: EventFilter[];
  /** `whsec_` and base64, as Standard Webhooks 1.0.0 writes it; signs every delivery. */
  secret: string;
  /** Secrets before this one, which sign as well until they end. */
  oldSecrets?: OldEndpointSecret[];
  createdAt: number;
  /** Since then nothing is sent to it. */
  disabled?: { at: number; reason: DisabledReason };
  /** That it was disabled has not been told yet. */
  unannounced?: true;
  /** The first failure since anything got through, or since there was nothing to get for a while. */
  failingSince?: number;
  /** The last failure, to the hour. */
  lastFailedAt?: number;
  /** Nothing is sent before this; from then on one delivery at a time, until one is answered well and soon. */
  pausedUntil?: number;
  /** That delivery is under way; where it is not heard of any more, another goes at `pausedUntil`. */
  probing?: true;
  /** How often it was paused since anything got through. */
  pauses?: number;
}

/** An endpoint that was slow or failed, as new. */
export const HEALTHY = {
  failingSince: undefined,
  lastFailedAt: undefined,
  pausedUntil: undefined,
  probing: undefined,
  pauses: undefined,
};

/** One try to deliver an event, or its end without one. */
export interface WebhookAttempt {
  endpointId: string;
  eventId: string;
  /** From 1. */
  number: number;
  at: number;
  durationMs: number;
  delivered: boolean;
  /** No other follows. */
  isLast: boolean;
  /** HTTP status; absent where no answer came. */
  httpStatus?: number;
  /** Why it was not delivered. */
  reason?: string;
}

/** Standard Webhooks 1.0.0 wants 24 to 64. */
const SECRET_OCTETS = 32;

/** As Standard Webhooks 1.0.0 writes it. */
export function newWebhookSecret(randomBytes: (octets: number) => Buffer): string {
  return `whsec_${randomBytes(SECRET_OCTETS).toString('base64')}`;
}

/** What signs deliveries. */
export type WebhookSecrets = Pick<WebhookEndpoint, 'secret' | 'oldSecrets'>;

/** The secrets before the present one that still sign, newest first. */
export function validOldEndpointSecrets({ oldSecrets = [] }: WebhookSecrets, now: number): OldEndpointSecret[] {
  return oldSecrets.filter(({ until }) => until > now);
}
