/** Where a customer wants events to be sent. Times are epoch milliseconds. */
export interface WebhookEndpoint {
  /** `we_` and a ULID. */
  endpointId: string;
  url: string;
  description?: string;
  /** `whsec_` and base64, as Standard Webhooks 1.0.0 writes it; signs every delivery. */
  secret: string;
  createdAt: number;
}

/** One try to deliver an event. */
export interface WebhookAttempt {
  endpointId: string;
  eventId: string;
  /** From 1. */
  number: number;
  at: number;
  durationMs: number;
  delivered: boolean;
  /** HTTP status; absent where no answer came. */
  httpStatus?: number;
  /** Why it was not delivered. */
  reason?: string;
}
