import type { Metric } from './binder-metrics.ts';

/** What functions tell beside the binder, under the same namespace. Names, once given, stay: alarms go by them. */
type FunctionMetric = Omit<Metric, 'sparse'> & {
  /** `Account` and `Stage`, or `Stage` alone. */
  of: 'account' | 'stage';
};

const event = (of: FunctionMetric['of'], meaning: string, unit: Metric['unit'] = 'Count'): FunctionMetric => ({
  unit,
  kind: 'event',
  meaning,
  of,
});

/** Messages of test keys are in none of them. */
export const FUNCTION_METRICS = {
  // publish-events: an event that is published twice counts twice, which is rare.
  MessagesSent: event('account', 'messages whose last segment the operator took'),
  MessagesSettled: event('account', 'messages that a receipt ended: delivered, undelivered or expired'),
  MessagesDelivered: event('account', 'messages delivered'),
  MessagesUndelivered: event('account', 'messages that the operator could not deliver'),
  MessagesExpired: event('account', 'messages whose life ended before they were delivered'),
  MessagesUnknown: event('account', 'messages without a final receipt in the receipt window'),
  MessagesFailed: event('account', 'messages that the operator never took'),
  MessagesCanceled: event('account', 'messages canceled before they went out'),
  ReceiptDelay: event('account', 'from the hand-off of a message to its final receipt', 'Milliseconds'),
  // apply-receipts: a record that comes again counts again, which is rare.
  ReceiptsUnheardOf: event('account', 'receipts of segments whose state nobody has heard of: kept, and without effect'),
  // sweep, each minute.
  QuotaUsed: {
    unit: 'Percent',
    kind: 'state',
    of: 'account',
    meaning: "segments of the operator's package that are used, of the day or the month, whichever is fuller",
  },
  // deliver-webhook
  WebhookAttempts: event('stage', 'attempts at endpoints, and deliveries that ended without one'),
  WebhookFailures: event('stage', 'those of them that did not deliver'),
  WebhooksLost: event('stage', 'deliveries given up, or dropped at a disabled endpoint; they can be replayed'),
} as const satisfies Record<string, FunctionMetric>;

export type FunctionMetricName = keyof typeof FUNCTION_METRICS;
