// Made from the contracts by `npm run generate`. Copy this folder into your program: it needs nothing else.

export type MessageDetail = {
  metadata: {
    event_id: string;
    schema: "bindery.message";
    schema_version: "1";
    occurred_at: string;
    sequence: number;
    account: string;
    stage: string;
    test: boolean;
  };
  data: {
    message_id: string;
    status: "scheduled" | "queued" | "sending" | "sent" | "delivered" | "undelivered" | "expired" | "unknown" | "failed" | "canceled";
    status_at: string;
    is_final: boolean;
    lane: "otp" | "transactional" | "bulk";
    to: string;
    from: string;
    encoding: "gsm7" | "ucs2";
    segments_total: number;
    segments_sent: number;
    segments_delivered: number;
    segments_failed: number;
    client_ref: string | null;
    metadata: Record<string, string>;
    error_code: string | null;
    error_detail: string | null;
    operator_code: string | null;
    retryable: boolean | null;
    created_at: string;
    sent_at: string | null;
    finalized_at: string | null;
    expires_at: string;
  };
};

export type BatchDetail = {
  metadata: {
    event_id: string;
    schema: "bindery.batch";
    schema_version: "1";
    occurred_at: string;
    sequence: number;
    account: string;
    stage: string;
    test: boolean;
  };
  data: {
    batch_id: string;
    event: "started" | "paused" | "resumed" | "canceled" | "completed";
    lane: "otp" | "transactional" | "bulk";
    client_ref: string | null;
    total: number;
    accepted: number;
    segments: number;
    created_at: string;
    starts_at: string;
  };
};

export type MessageReceivedDetail = {
  metadata: {
    event_id: string;
    schema: "bindery.inbound_message";
    schema_version: "1";
    occurred_at: string;
    sequence: 1;
    account: string;
    stage: string;
    test: boolean;
  };
  data: {
    message_id: string;
    from: string;
    to: string;
    encoding: "gsm7" | "ucs2" | "latin1" | "binary";
    is_complete: boolean;
    parts_received: number;
    parts_total: number;
    created_at: string;
  };
};

export type SessionDetail = {
  metadata: {
    event_id: string;
    schema: "bindery.session";
    schema_version: "1";
    occurred_at: string;
    sequence: number;
    account: string;
    stage: string;
    test: boolean;
  };
  data: {
    state: "bound" | "lost" | "refused";
    reason: string | null;
    reason_detail: string | null;
    planned: boolean;
    operator_code: string | null;
    operator_words: string | null;
  };
};

export type LaneDetail = {
  metadata: {
    event_id: string;
    schema: "bindery.lane";
    schema_version: "1";
    occurred_at: string;
    sequence: number;
    account: string;
    stage: string;
    test: boolean;
  };
  data: {
    lane: "otp" | "transactional" | "bulk";
    state: "congested" | "cleared";
    estimated_wait_seconds: number;
    threshold_seconds: number;
    waiting_messages: number;
  };
};

export type QuotaDetail = {
  metadata: {
    event_id: string;
    schema: "bindery.quota";
    schema_version: "1";
    occurred_at: string;
    sequence: number;
    account: string;
    stage: string;
    test: boolean;
  };
  data: {
    level: "warning" | "exhausted";
    key_id: string | null;
    window: "day" | "month";
    limit: number;
    used: number;
    resets_at: string;
  };
};

export type OptoutDetail = {
  metadata: {
    event_id: string;
    schema: "bindery.optout";
    schema_version: "1";
    occurred_at: string;
    sequence: number;
    account: string;
    stage: string;
    test: boolean;
  };
  data: {
    opt_out_id: string;
    number: string;
    scope: "all" | "promotional";
    source: "api" | "stop_word" | "import";
    created_at: string;
  };
};

export type WebhookEndpointDisabledDetail = {
  metadata: {
    event_id: string;
    schema: "bindery.webhook_endpoint";
    schema_version: "1";
    occurred_at: string;
    sequence: 1;
    account: null;
    stage: string;
    test: false;
  };
  data: {
    webhook_endpoint_id: string;
    url: string;
    reason: "by_request" | "gone" | "failing";
    failing_since: string | null;
    disabled_at: string;
  };
};

/** What stands in `detail`, by the type of event. */
export type EventDetails = {
  'message.queued': MessageDetail;
  'message.sent': MessageDetail;
  'message.delivered': MessageDetail;
  'message.undelivered': MessageDetail;
  'message.expired': MessageDetail;
  'message.unknown': MessageDetail;
  'message.failed': MessageDetail;
  'message.canceled': MessageDetail;
  'batch.started': BatchDetail;
  'batch.paused': BatchDetail;
  'batch.resumed': BatchDetail;
  'batch.canceled': BatchDetail;
  'batch.completed': BatchDetail;
  'message.received': MessageReceivedDetail;
  'session.bound': SessionDetail;
  'session.lost': SessionDetail;
  'session.refused': SessionDetail;
  'lane.congested': LaneDetail;
  'lane.cleared': LaneDetail;
  'quota.warning': QuotaDetail;
  'quota.exhausted': QuotaDetail;
  'optout.added': OptoutDetail;
  'optout.removed': OptoutDetail;
  'webhook_endpoint.disabled': WebhookEndpointDisabledDetail;
};

export const EVENT_TYPES: readonly EventType[] = [
  'message.queued',
  'message.sent',
  'message.delivered',
  'message.undelivered',
  'message.expired',
  'message.unknown',
  'message.failed',
  'message.canceled',
  'batch.started',
  'batch.paused',
  'batch.resumed',
  'batch.canceled',
  'batch.completed',
  'message.received',
  'session.bound',
  'session.lost',
  'session.refused',
  'lane.congested',
  'lane.cleared',
  'quota.warning',
  'quota.exhausted',
  'optout.added',
  'optout.removed',
  'webhook_endpoint.disabled',
];

export type EventType = keyof EventDetails;

/** An event as EventBridge brings it; `detail-type` tells which. */
export type BusEvent<T extends EventType = EventType> = {
  [Type in T]: {
    id: string;
    'detail-type': Type;
    source: string;
    account: string;
    time: string;
    region: string;
    detail: EventDetails[Type];
  };
}[T];

/** The body of a webhook; `type` tells which. */
export type WebhookEvent<T extends EventType = EventType> = {
  [Type in T]: {
    type: Type;
    timestamp: string;
    data: EventDetails[Type]['data'];
    metadata: EventDetails[Type]['metadata'];
  };
}[T];
