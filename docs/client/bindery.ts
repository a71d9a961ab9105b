// Made from docs/openapi.json by `npm run generate`. Copy this folder into your program: it needs nothing else.
import { type CallOptions, pathOf, Transport } from './transport.ts';

export { BinderyError, type CallOptions, type ClientOptions } from './transport.ts';

/** An item that became a message. */
export type AcceptedBatchItem = {
  /** Its place in the request, from 0. */
  index: number;
  /** Always `accepted`. */
  status: "accepted";
  /** Of its message. */
  id: string;
  /** Your own reference. */
  client_ref: string | null;
  /** How many segments its text takes. */
  segments: number;
  /** What goes over the air. */
  encoding: "gsm7" | "ucs2";
};

/** How the session of an account stands, as its binder saw it last. */
export type AccountStatus = {
  /** The account. */
  account: string;
  /** The session with the operator. */
  session: {
    /** `bound` is good; `unknown` where no binder has told anything for 90 seconds. */
    state: "closed" | "waiting" | "connecting" | "binding" | "unbinding" | "bound" | "unknown";
    /** Since when it has been so. */
    since: string | null;
    /** Why it is not bound. */
    reason: string | null;
    /** What the operator answered to the bind, where he refused it: a `command_status` of SMPP such as `0x0E`. */
    operator_code: string | null;
    /** What is known beyond the reason, such as `ECONNREFUSED` where nothing listens at the operator. */
    detail: string | null;
    /** Whether messages go out. */
    can_send: boolean;
  };
  /** How fast they go out. */
  segments_per_second: {
    /** Over the last minute. */
    now: number | null;
    /** What the operator allows. */
    limit: number;
  };
  /** When it could send last. */
  last_ready_at: string | null;
  /** When a segment went to the operator last. */
  last_submit_at: string | null;
  /** When a delivery receipt came last. */
  last_receipt_at: string | null;
  /** When its binder told of it last; every 30 seconds at the least. */
  binder_seen_at: string | null;
};

/** The accounts in reach. */
export type AccountStatusList = {
  /** Accounts in the order of the configuration. */
  data: AccountStatus[];
  /** Always `false`: it is one page. */
  has_more: false;
  /** Always `null`. */
  next_cursor: null;
};

/** A recipient who does not want messages. */
export type AddOptOutRequest = {
  /** A Philippine mobile number in any form. */
  number: string;
  /** `promotional` keeps bulk messages away, `all` every message but one-time passwords. */
  scope?: "all" | "promotional" | undefined;
  /** Whose opt-outs; without it, those of the account through which the key sends. */
  account?: string | undefined;
};

/** An API key without its secret. */
export type ApiKey = {
  /** The part of the key between its second and third underscore. */
  id: string;
  /** What it is for. */
  name: string;
  /** What it may do. */
  scopes: ("messages:send:otp" | "messages:send" | "messages:read" | "messages:read_masked" | "messages:read_body" | "webhooks" | "optouts" | "admin")[];
  /** Sender ids that it may use; `null` means any. */
  sender_ids: string[] | null;
  /** The account that it belongs to; `null` means the first one for sending, and all for reading. */
  account: string | null;
  /** Most segments that it may send; `null` means as many as its account. */
  quota: {
    /** By the days of its account's time zone. */
    segments_per_day: number | null;
    /** By the months of its account's time zone. */
    segments_per_month: number | null;
  } | null;
  /** Whether it is a test key, whose messages never reach an operator. */
  test: boolean;
  /** When it was made. */
  created_at: string;
  /** When its secret was last replaced. */
  rotated_at: string | null;
  /** Until then a secret that it had before works as well; `null` where none does. */
  old_secrets_until: string | null;
  /** When it stops working; `null` means never. */
  expires_at: string | null;
  /** When it was revoked. */
  revoked_at: string | null;
  /** When it was last used, to the hour. */
  last_used_at: string | null;
};

/** All keys. */
export type ApiKeyPage = {
  /** Newest first. */
  data: ApiKey[];
  /** Whether another page follows. A page may be shorter than `limit`, even empty, and still have a next one. */
  has_more: boolean;
  /** Give it as `cursor` to get the next page; `null` on the last. */
  next_cursor: string | null;
};

/** A batch, and where the messages of its accepted items stand. */
export type Batch = {
  /** Made by us; sorts by time. */
  id: string;
  /** `done` where all that was accepted has gone to the operator or come to its end. Receipts may still follow. */
  status: "running" | "paused" | "canceled" | "done";
  /** When the status became so. */
  status_at: string;
  /** The lane of all its messages. */
  lane: "otp" | "transactional" | "bulk";
  /** The operator's account that they go through. */
  account: string;
  /** Your own reference. */
  client_ref: string | null;
  /** Most segments in any second or minute; `null` where it is as fast as its lane. */
  speed_limit: {
    /** How many. */
    segments: number;
    /** In what time. */
    per: "second" | "minute";
  } | null;
  /** Items that it was given. */
  total: number;
  /** Items that became messages. */
  accepted: number;
  /** Items that did not. */
  refused: number;
  /** Of the accepted items together. */
  segments: number;
  /** When it was accepted. */
  created_at: string;
  /** When its first message goes at the earliest. */
  starts_at: string;
  /** Whether it was sent with a test key. */
  test: boolean;
  /** Where the messages of the accepted items stand; together they are those that were accepted. */
  counters: {
    /** Not yet in their lane. */
    waiting: number;
    /** In their lane, or with the binder. */
    queued: number;
    /** Accepted by the operator. */
    sent: number;
    /** Reported as delivered. */
    delivered: number;
    /** Reported as not delivered. */
    undelivered: number;
    /** Never accepted by the operator. */
    failed: number;
    /** Not sent or not delivered in time. */
    expired: number;
    /** Canceled before they were sent. */
    canceled: number;
    /** Without a final receipt. */
    unknown: number;
  };
};

/** What all items share that do not say otherwise. */
export type BatchDefaults = {
  /** The sender id. */
  from?: string | undefined;
  /** May have places such as `{{name}}`. For a real `{{`, use a variable that has it as its value. */
  text?: string | undefined;
  /** As for a single message. */
  encoding?: "auto" | "gsm7" | "ucs2" | undefined;
  /** As for a single message. */
  smart_encoding?: boolean | "with_peso" | undefined;
  /** Your own names and values, at most 20, given back in answers and events. */
  metadata?: Record<string, string> | undefined;
  /** As for a single message. */
  status_callback_url?: string | undefined;
  /** Values for whatever text uses them. */
  variables?: Record<string, string> | undefined;
};

/** One message of a batch. */
export type BatchItem = {
  /** A Philippine mobile number in any form. */
  to: string;
  /** The sender id. */
  from?: string | undefined;
  /** May have places such as `{{name}}`. For a real `{{`, use a variable that has it as its value. */
  text?: string | undefined;
  /** As for a single message. */
  encoding?: "auto" | "gsm7" | "ucs2" | undefined;
  /** As for a single message. */
  smart_encoding?: boolean | "with_peso" | undefined;
  /** Your own names and values, at most 20, given back in answers and events. */
  metadata?: Record<string, string> | undefined;
  /** As for a single message. */
  status_callback_url?: string | undefined;
  /** Your own reference, given back in answers and events. */
  client_ref?: string | undefined;
  /** Values for the text; each must be used in it. They go before those of the defaults. */
  variables?: Record<string, string> | undefined;
};

/** A page of batches, newest first. */
export type BatchPage = {
  /** Newest first. */
  data: BatchSummary[];
  /** Whether another page follows. A page may be shorter than `limit`, even empty, and still have a next one. */
  has_more: boolean;
  /** Give it as `cursor` to get the next page; `null` on the last. */
  next_cursor: string | null;
};

/** A batch as lists show it. */
export type BatchSummary = {
  /** Made by us; sorts by time. */
  id: string;
  /** `done` where all that was accepted has gone to the operator or come to its end. Receipts may still follow. */
  status: "running" | "paused" | "canceled" | "done";
  /** When the status became so. */
  status_at: string;
  /** The lane of all its messages. */
  lane: "otp" | "transactional" | "bulk";
  /** The operator's account that they go through. */
  account: string;
  /** Your own reference. */
  client_ref: string | null;
  /** Most segments in any second or minute; `null` where it is as fast as its lane. */
  speed_limit: {
    /** How many. */
    segments: number;
    /** In what time. */
    per: "second" | "minute";
  } | null;
  /** Items that it was given. */
  total: number;
  /** Items that became messages. */
  accepted: number;
  /** Items that did not. */
  refused: number;
  /** Of the accepted items together. */
  segments: number;
  /** When it was accepted. */
  created_at: string;
  /** When its first message goes at the earliest. */
  starts_at: string;
  /** Whether it was sent with a test key. */
  test: boolean;
};

/** A host with which something is or was wrong. It is slowed down and disabled by itself, as an endpoint is. */
export type CallbackHost = {
  /** With its port, where it has one of its own. */
  host: string;
  /** Whether anything is sent to it. */
  enabled: boolean;
  /** Since when nothing is. */
  disabled_at: string | null;
  /** `failing`: nothing got through to it for days. */
  disabled_reason: "by_request" | "gone" | "failing" | null;
  /** The first failure since anything got through, or since two days without an attempt. */
  failing_since: string | null;
  /** Nothing is sent before this; from then on one delivery at a time. */
  paused_until: string | null;
};

/** The secret of callbacks. */
export type CallbackSecret = {
  /** Signs every callback, after Standard Webhooks. Shown in this answer alone. */
  secret: string;
};

/** Where the status of single messages may be posted to. */
export type Callbacks = {
  /** As they are configured; `*.example.com` stands for every name below it. Empty: there are no callbacks. */
  allowed_hosts: string[];
  /** Those with which something is or was wrong. */
  hosts: CallbackHost[];
};

/** What to change of an endpoint; what is not named stays. */
export type ChangeWebhookEndpointRequest = {
  /** `https` only, and no private address. */
  url?: string | undefined;
  /** What it is for; `null` removes it. */
  description?: string | null | undefined;
  /** What to send, in place of what was. */
  events?: ("*" | "message.*" | "batch.*" | "session.*" | "lane.*" | "quota.*" | "optout.*" | "webhook_endpoint.*" | "message.queued" | "message.sent" | "message.delivered" | "message.undelivered" | "message.expired" | "message.unknown" | "message.failed" | "message.canceled" | "batch.started" | "batch.paused" | "batch.resumed" | "batch.canceled" | "batch.completed" | "message.received" | "session.bound" | "session.lost" | "session.refused" | "lane.congested" | "lane.cleared" | "quota.warning" | "quota.exhausted" | "optout.added" | "optout.removed" | "webhook_endpoint.disabled")[] | undefined;
  /** `false` stops it, and changes nothing where it is stopped; `true` starts it again, also where it was disabled because it failed. */
  enabled?: boolean | undefined;
};

/** Up to 1,000 messages through one lane. The body may have two megabytes. */
export type CreateBatchRequest = {
  /** The lane of all messages. */
  lane?: "otp" | "transactional" | "bulk" | undefined;
  /** Most segments in any second or minute; without it, as fast as the lane. An item that lives for less long than it would wait for its turn is refused. */
  speed_limit?: {
    /** How many; at most 1,000 a second. */
    segments: number;
    /** In what time. */
    per: "second" | "minute";
  } | undefined;
  /** When the first message may go, with its offset, at most 35 days ahead; without it, at once. */
  send_at?: string | undefined;
  /** For how long its messages may be sent, from its start; without it, the lane's default. */
  ttl_seconds?: number | undefined;
  /** Your own reference of the batch. */
  client_ref?: string | undefined;
  /** What all items share that do not say otherwise. */
  defaults?: BatchDefaults | undefined;
  /** The messages. */
  items: BatchItem[];
};

/** A key to make. */
export type CreateKeyRequest = {
  /** What it is for. */
  name: string;
  /** What it may do. `admin` may do everything; a test key can have neither it nor `webhooks`. */
  scopes: ("messages:send:otp" | "messages:send" | "messages:read" | "messages:read_masked" | "messages:read_body" | "webhooks" | "optouts" | "admin")[];
  /** Sender ids that it may use; without it, any. */
  sender_ids?: string[] | undefined;
  /** The account that it belongs to; without it, that of the key which makes it, or else the first one for sending, and all for reading. */
  account?: string | undefined;
  /** When it stops working, with its offset; without it, never. */
  expires_at?: string | undefined;
  /** Most segments that it may send; without it, as many as its account. */
  quota?: {
    /** By the days of its account's time zone. */
    segments_per_day?: number | undefined;
    /** By the months of its account's time zone. */
    segments_per_month?: number | undefined;
  } | undefined;
  /** Makes a test key: its messages go the whole way to a simulated message centre, never to an operator. */
  test?: boolean | undefined;
};

/** An endpoint to make. */
export type CreateWebhookEndpointRequest = {
  /** `https` only, and no private address. */
  url: string;
  /** What it is for. */
  description?: string | undefined;
  /** What to send: types of events, or all of a kind such as `message.*`. Without it, all. */
  events?: ("*" | "message.*" | "batch.*" | "session.*" | "lane.*" | "quota.*" | "optout.*" | "webhook_endpoint.*" | "message.queued" | "message.sent" | "message.delivered" | "message.undelivered" | "message.expired" | "message.unknown" | "message.failed" | "message.canceled" | "batch.started" | "batch.paused" | "batch.resumed" | "batch.canceled" | "batch.completed" | "message.received" | "session.bound" | "session.lost" | "session.refused" | "lane.congested" | "lane.cleared" | "quota.warning" | "quota.exhausted" | "optout.added" | "optout.removed" | "webhook_endpoint.disabled")[] | undefined;
};

/** A key with a secret that was just made. This answer alone holds the key itself. */
export type CreatedApiKey = {
  /** The part of the key between its second and third underscore. */
  id: string;
  /** What it is for. */
  name: string;
  /** What it may do. */
  scopes: ("messages:send:otp" | "messages:send" | "messages:read" | "messages:read_masked" | "messages:read_body" | "webhooks" | "optouts" | "admin")[];
  /** Sender ids that it may use; `null` means any. */
  sender_ids: string[] | null;
  /** The account that it belongs to; `null` means the first one for sending, and all for reading. */
  account: string | null;
  /** Most segments that it may send; `null` means as many as its account. */
  quota: {
    /** By the days of its account's time zone. */
    segments_per_day: number | null;
    /** By the months of its account's time zone. */
    segments_per_month: number | null;
  } | null;
  /** Whether it is a test key, whose messages never reach an operator. */
  test: boolean;
  /** When it was made. */
  created_at: string;
  /** When its secret was last replaced. */
  rotated_at: string | null;
  /** Until then a secret that it had before works as well; `null` where none does. */
  old_secrets_until: string | null;
  /** When it stops working; `null` means never. */
  expires_at: string | null;
  /** When it was revoked. */
  revoked_at: string | null;
  /** When it was last used, to the hour. */
  last_used_at: string | null;
  /** The key. Keep it: only its hash is stored. */
  key: string;
};

/** A batch that was just accepted, and what became of each of its items. */
export type CreatedBatch = {
  /** Made by us; sorts by time. */
  id: string;
  /** `done` where all that was accepted has gone to the operator or come to its end. Receipts may still follow. */
  status: "running" | "paused" | "canceled" | "done";
  /** When the status became so. */
  status_at: string;
  /** The lane of all its messages. */
  lane: "otp" | "transactional" | "bulk";
  /** The operator's account that they go through. */
  account: string;
  /** Your own reference. */
  client_ref: string | null;
  /** Most segments in any second or minute; `null` where it is as fast as its lane. */
  speed_limit: {
    /** How many. */
    segments: number;
    /** In what time. */
    per: "second" | "minute";
  } | null;
  /** Items that it was given. */
  total: number;
  /** Items that became messages. */
  accepted: number;
  /** Items that did not. */
  refused: number;
  /** Of the accepted items together. */
  segments: number;
  /** When it was accepted. */
  created_at: string;
  /** When its first message goes at the earliest. */
  starts_at: string;
  /** Whether it was sent with a test key. */
  test: boolean;
  /** Where the messages of the accepted items stand; together they are those that were accepted. */
  counters: {
    /** Not yet in their lane. */
    waiting: number;
    /** In their lane, or with the binder. */
    queued: number;
    /** Accepted by the operator. */
    sent: number;
    /** Reported as delivered. */
    delivered: number;
    /** Reported as not delivered. */
    undelivered: number;
    /** Never accepted by the operator. */
    failed: number;
    /** Not sent or not delivered in time. */
    expired: number;
    /** Canceled before they were sent. */
    canceled: number;
    /** Without a final receipt. */
    unknown: number;
  };
  /** How long it will take until its last message has gone to the operator, by what is measured now; `null` where nobody knows. */
  estimated_seconds: number | null;
  /** In the order of the request. */
  items: (AcceptedBatchItem | RefusedBatchItem)[];
};

/** An endpoint that was just made, with its secret. */
export type CreatedWebhookEndpoint = {
  /** Made by us. */
  id: string;
  /** Where events are posted to. */
  url: string;
  /** What it is for. */
  description: string | null;
  /** What it is sent: types of events, all of a kind such as `message.*`, or `*`. */
  events: ("*" | "message.*" | "batch.*" | "session.*" | "lane.*" | "quota.*" | "optout.*" | "webhook_endpoint.*" | "message.queued" | "message.sent" | "message.delivered" | "message.undelivered" | "message.expired" | "message.unknown" | "message.failed" | "message.canceled" | "batch.started" | "batch.paused" | "batch.resumed" | "batch.canceled" | "batch.completed" | "message.received" | "session.bound" | "session.lost" | "session.refused" | "lane.congested" | "lane.cleared" | "quota.warning" | "quota.exhausted" | "optout.added" | "optout.removed" | "webhook_endpoint.disabled")[];
  /** Whether anything is sent to it. */
  enabled: boolean;
  /** Since when nothing is. */
  disabled_at: string | null;
  /** `by_request`: through the API. `gone`: it answered 410. `failing`: nothing got through to it for days. */
  disabled_reason: "by_request" | "gone" | "failing" | null;
  /** When it was made. */
  created_at: string;
  /** Signs every delivery, after Standard Webhooks. Shown in this answer alone. */
  secret: string;
};

/** A message as it would be. It has no id, for it does not exist. */
export type DryRunMessage = {
  /** Always `null`. */
  id: null;
  /** Where it stands. `delivered`, `undelivered`, `expired`, `unknown`, `failed` and `canceled` are final. */
  status: "scheduled" | "queued" | "sending" | "sent" | "delivered" | "undelivered" | "expired" | "unknown" | "failed" | "canceled";
  /** When the status became so. */
  status_at: string;
  /** Whether the status will stay. Only `unknown` may still change, when a receipt comes late. */
  is_final: boolean;
  /** The queue that it goes through. One-time passwords overtake everything else. */
  lane: "otp" | "transactional" | "bulk";
  /** The operator's account that it goes through. */
  account: string;
  /** E.164. With the scope `messages:read_masked` alone its middle is hidden; `erased` where the data of the recipient was deleted. */
  to: string;
  /** The sender id. */
  from: string;
  /** Only with the scope `messages:read_body`; `null` where it is not kept any more. */
  text?: string | null | undefined;
  /** As it was written, where smart encoding changed it; with the same scope. */
  original_text?: string | undefined;
  /** What goes over the air. */
  encoding: "gsm7" | "ucs2";
  /** How many segments it takes, and what became of them. */
  segments: SegmentCounts;
  /** What smart encoding changed; `null` where it left the text alone. */
  smart_encoding: SmartEncoding | null;
  /** Your own reference. */
  client_ref: string | null;
  /** The batch that it belongs to. */
  batch_id: string | null;
  /** Your own names and values. */
  metadata: Record<string, string>;
  /** `null` unless something went wrong. */
  error: MessageError | null;
  /** What its sender said of its effect; `null` where nothing. */
  feedback: {
    /** `converted`: it did what it was for; a one-time password was used. */
    outcome: "converted" | "not_converted";
    /** When that was known. */
    at: string;
  } | null;
  /** When it was accepted. */
  created_at: string;
  /** When it was put into its lane. */
  queued_at: string | null;
  /** When the operator had accepted all its segments. */
  sent_at: string | null;
  /** When it came to its final status. */
  finalized_at: string | null;
  /** When it goes to the operator at the earliest; `null` where it goes at once. */
  send_at: string | null;
  /** It is not sent after this time. */
  expires_at: string;
  /** How long it will still wait in its lane, by what is measured now; `null` where it does not wait, in lists, and where nobody knows. */
  estimated_wait_seconds: number | null;
  /** Whether it was sent with a test key, to the simulated message centre. */
  test: boolean;
  /** Every change so far, in order. */
  timeline: ({
    /** The status that it came to. */
    status: "scheduled" | "queued" | "sending" | "sent" | "delivered" | "undelivered" | "expired" | "unknown" | "failed" | "canceled";
    /** When. */
    at: string;
    /** Number of the event that was published for it; `null` where none was. */
    sequence: number | null;
    /** What else is known of the change. */
    detail: string | null;
  })[];
};

/** A host to send to again. */
export type EnableCallbackHostRequest = {
  /** As it is listed. */
  host: string;
};

/** Whose data to delete. */
export type EraseRecipientRequest = {
  /** The recipient, in any form in which a number may be written. */
  to: string;
  /** `next_cursor` of the last answer, where it was not done. */
  cursor?: string | undefined;
};

/** How far the data of a recipient is deleted. */
export type Erasure = {
  /** Whether nothing is left. Where it is not, ask again, with `next_cursor` if there is one. */
  done: boolean;
  /** Messages that lost number, text, reference and metadata. */
  messages_erased: number;
  /** Of those, the ones that waited to be sent, and will not be. */
  messages_canceled: number;
  /** With the operator, or about to be. They can be erased when it has answered, most likely within a minute. */
  messages_under_way: number;
  /** Messages from the recipient; nothing stays of them. */
  inbound_erased: number;
  /** Where to go on; `null` where nothing is left to look at. */
  next_cursor: string | null;
};

/** What is wrong with one field of a request. */
export type FieldError = {
  /** A JSON pointer into the body, or `/name` of a query parameter; empty means the whole body. */
  pointer: string;
  /** For programs. */
  code: "required" | "unknown_field" | "wrong_type" | "too_short" | "too_long" | "too_many" | "too_few" | "out_of_range" | "invalid_value" | "invalid_name" | "malformed_json" | "invalid_request" | "invalid_cursor" | "invalid_idempotency_key" | "missing_credentials" | "invalid_key" | "expired_key" | "revoked_key" | "missing_scope" | "account_not_allowed" | "sender_not_allowed" | "not_found" | "method_not_allowed" | "not_cancelable" | "message_not_sent" | "batch_over" | "admin_key_kept" | "idempotent_request_running" | "not_rotatable" | "endpoint_disabled" | "too_many_endpoints" | "body_too_large" | "unsupported_media_type" | "idempotency_key_reused" | "invalid_number" | "landline_number" | "unsupported_country" | "recipient_opted_out" | "test_number" | "invalid_sender_id" | "text_not_encodable" | "empty_text" | "url_not_allowed" | "too_many_segments" | "invalid_send_at" | "missing_variable" | "unknown_variable" | "invalid_placeholder" | "test_mode_unavailable" | "scope_not_for_tests" | "unknown_account" | "expiry_in_the_past" | "invalid_webhook_url" | "callbacks_not_enabled" | "callback_host_not_allowed" | "rate_limited" | "quota_exceeded" | "lane_full" | "internal_error" | "would_expire_in_queue" | "operator_unavailable" | "temporarily_unavailable" | "expired_in_queue" | "expired_at_operator" | "undelivered" | "recipient_refused" | "operator_rejected" | "operator_temporary_failure";
  /** For people. Never repeats a number or a text. */
  detail: string;
};

/** Up to 1,000 recipients at once. */
export type ImportOptOutsRequest = {
  /** Each in any form. A number that cannot be read is refused by itself. */
  numbers: string[];
  /** `promotional` keeps bulk messages away, `all` every message but one-time passwords. */
  scope?: "all" | "promotional" | undefined;
  /** Whose opt-outs; without it, those of the account through which the key sends. */
  account?: string | undefined;
};

/** What became of each number. */
export type ImportOptOutsResult = {
  /** How many are new. */
  added: number;
  /** How many stood there already. */
  known: number;
  /** How many cannot be read. */
  refused: number;
  /** One entry for each number, in the order of the request. */
  data: ({
    index: number;
    status: "added";
    number: string;
    scope: "all" | "promotional";
  } | {
    index: number;
    status: "known";
    number: string;
    scope: "all" | "promotional";
  } | {
    index: number;
    status: "refused";
    code: "malformed_json" | "invalid_request" | "invalid_cursor" | "invalid_idempotency_key" | "missing_credentials" | "invalid_key" | "expired_key" | "revoked_key" | "missing_scope" | "account_not_allowed" | "sender_not_allowed" | "not_found" | "method_not_allowed" | "not_cancelable" | "message_not_sent" | "batch_over" | "admin_key_kept" | "idempotent_request_running" | "not_rotatable" | "endpoint_disabled" | "too_many_endpoints" | "body_too_large" | "unsupported_media_type" | "idempotency_key_reused" | "invalid_number" | "landline_number" | "unsupported_country" | "recipient_opted_out" | "test_number" | "invalid_sender_id" | "text_not_encodable" | "empty_text" | "url_not_allowed" | "too_many_segments" | "invalid_send_at" | "missing_variable" | "unknown_variable" | "invalid_placeholder" | "test_mode_unavailable" | "scope_not_for_tests" | "unknown_account" | "expiry_in_the_past" | "invalid_webhook_url" | "callbacks_not_enabled" | "callback_host_not_allowed" | "rate_limited" | "quota_exceeded" | "lane_full" | "internal_error" | "would_expire_in_queue" | "operator_unavailable" | "temporarily_unavailable" | "expired_in_queue" | "expired_at_operator" | "undelivered" | "recipient_refused" | "operator_rejected" | "operator_temporary_failure";
    detail: string;
  })[];
};

/** A message from a subscriber. */
export type InboundMessage = {
  /** Made by us; sorts by time. */
  id: string;
  /** The operator's account to which it came. */
  account: string;
  /** E.164, or as the operator wrote it where it is no mobile number of ours. */
  from: string;
  /** The number or sender id to which it was sent. */
  to: string;
  /** `waiting`: some parts of it have not come yet. `complete`. `incomplete`: some did not come in time, and what came is given as it is. */
  status: "waiting" | "complete" | "incomplete";
  /** Only with the scope `messages:read_body`; `null` where it is no text, or waits for parts. U+FFFD stands where parts are missing. */
  text?: string | null | undefined;
  /** What came over the air; `ucs2` where parts differ; `null` while it waits for parts. */
  encoding: "gsm7" | "ucs2" | "latin1" | "binary" | null;
  /** A short message has one part. */
  parts: {
    /** How many have come. */
    received: number;
    /** How many there are. */
    total: number;
  };
  /** When its first part was received. */
  created_at: string;
};

/** A page of inbound messages, newest first. */
export type InboundMessagePage = {
  /** Newest first. */
  data: InboundMessage[];
  /** Whether another page follows. A page may be shorter than `limit`, even empty, and still have a next one. */
  has_more: boolean;
  /** Give it as `cursor` to get the next page; `null` on the last. */
  next_cursor: string | null;
};

/** What waits in one lane. What nobody has measured in the last 90 seconds is `null`. */
export type Lane = {
  /** The account. */
  account: string;
  /** The lane. */
  lane: "otp" | "transactional" | "bulk";
  /** As the queue counts them. */
  waiting_messages: number | null;
  /** Their segments, by the mean of the messages that went out last. */
  waiting_segments: number | null;
  /** For how long the oldest has waited, at the most. */
  oldest_seconds: number | null;
  /** Until everything that waits now has gone out, with what goes before it. */
  drain_seconds: number | null;
  /** What a message waits that is accepted now; longer than `drain_seconds` during an outage. */
  estimated_wait_seconds: number | null;
  /** Segments that went to the operator. */
  sent_last_minute: number | null;
  /** While `drain_seconds` is above it, messages are refused with `lane_full`. */
  full_at_seconds: number;
};

/** Every lane of the accounts in reach, the most urgent first. */
export type LaneList = {
  /** By account, and in it by urgency. */
  data: Lane[];
  /** Always `false`: it is one page. */
  has_more: false;
  /** Always `null`. */
  next_cursor: null;
};

/** A message as it stands. */
export type Message = {
  /** Made by us; sorts by time. */
  id: string;
  /** Where it stands. `delivered`, `undelivered`, `expired`, `unknown`, `failed` and `canceled` are final. */
  status: "scheduled" | "queued" | "sending" | "sent" | "delivered" | "undelivered" | "expired" | "unknown" | "failed" | "canceled";
  /** When the status became so. */
  status_at: string;
  /** Whether the status will stay. Only `unknown` may still change, when a receipt comes late. */
  is_final: boolean;
  /** The queue that it goes through. One-time passwords overtake everything else. */
  lane: "otp" | "transactional" | "bulk";
  /** The operator's account that it goes through. */
  account: string;
  /** E.164. With the scope `messages:read_masked` alone its middle is hidden; `erased` where the data of the recipient was deleted. */
  to: string;
  /** The sender id. */
  from: string;
  /** Only with the scope `messages:read_body`; `null` where it is not kept any more. */
  text?: string | null | undefined;
  /** As it was written, where smart encoding changed it; with the same scope. */
  original_text?: string | undefined;
  /** What goes over the air. */
  encoding: "gsm7" | "ucs2";
  /** How many segments it takes, and what became of them. */
  segments: SegmentCounts;
  /** What smart encoding changed; `null` where it left the text alone. */
  smart_encoding: SmartEncoding | null;
  /** Your own reference. */
  client_ref: string | null;
  /** The batch that it belongs to. */
  batch_id: string | null;
  /** Your own names and values. */
  metadata: Record<string, string>;
  /** `null` unless something went wrong. */
  error: MessageError | null;
  /** What its sender said of its effect; `null` where nothing. */
  feedback: {
    /** `converted`: it did what it was for; a one-time password was used. */
    outcome: "converted" | "not_converted";
    /** When that was known. */
    at: string;
  } | null;
  /** When it was accepted. */
  created_at: string;
  /** When it was put into its lane. */
  queued_at: string | null;
  /** When the operator had accepted all its segments. */
  sent_at: string | null;
  /** When it came to its final status. */
  finalized_at: string | null;
  /** When it goes to the operator at the earliest; `null` where it goes at once. */
  send_at: string | null;
  /** It is not sent after this time. */
  expires_at: string;
  /** How long it will still wait in its lane, by what is measured now; `null` where it does not wait, in lists, and where nobody knows. */
  estimated_wait_seconds: number | null;
  /** Whether it was sent with a test key, to the simulated message centre. */
  test: boolean;
  /** Every change so far, in order. */
  timeline: ({
    /** The status that it came to. */
    status: "scheduled" | "queued" | "sending" | "sent" | "delivered" | "undelivered" | "expired" | "unknown" | "failed" | "canceled";
    /** When. */
    at: string;
    /** Number of the event that was published for it; `null` where none was. */
    sequence: number | null;
    /** What else is known of the change. */
    detail: string | null;
  })[];
};

/** Why a message was not delivered. */
export type MessageError = {
  /** One of the codes of the errors page. */
  code: string;
  /** The same for a person. */
  detail: string;
  /** The operator's own word: the command_status of a refusal, or the `err` of a receipt. */
  operator_code: string | null;
  /** Whether the same message may succeed later. */
  retryable: boolean;
};

/** What stands with the message now. */
export type MessageFeedback = {
  /** The message. */
  message_id: string;
  /** What it led to. */
  outcome: "converted" | "not_converted";
  /** When that was known, as it was said first. */
  at: string;
};

/** What a message led to. */
export type MessageFeedbackRequest = {
  /** `converted`: it did what it was for; a one-time password was used. `not_converted`: it did not, in its time. */
  outcome: "converted" | "not_converted";
  /** When that was known; without it, now. */
  at?: string | undefined;
};

/** A page of messages, newest first. */
export type MessagePage = {
  /** Newest first. */
  data: Message[];
  /** Whether another page follows. A page may be shorter than `limit`, even empty, and still have a next one. */
  has_more: boolean;
  /** Give it as `cursor` to get the next page; `null` on the last. */
  next_cursor: string | null;
};

/** What would become of a message. Nothing is stored, counted or sent. */
export type MessagePreview = {
  /** As far as the message itself goes: limits and quotas count when it is sent. */
  would_be_accepted: boolean;
  /** Everything that it would be refused for. */
  errors: FieldError[];
  /** The account that it would go through. */
  account: string;
  /** The lane that it would go through. */
  lane: "otp" | "transactional" | "bulk";
  /** E.164; `null` where it is no number that can be reached, or none was given. */
  to: string | null;
  /** The sender id; `null` where it is not valid, or none was given. */
  from: string | null;
  /** `null` where the text cannot be written in the encoding that was asked for. */
  encoding: "gsm7" | "ucs2" | null;
  /** How many segments it takes. */
  segments: number | null;
  /** Septets (`gsm7`) or UTF-16 code units (`ucs2`) of the text. */
  units: number | null;
  /** Why a text is not `gsm7`: at most 20 characters. */
  outside_gsm7: OffendingCharacter[];
  /** What smart encoding would change; `null` where it would gain nothing. */
  smart_encoding: {
    /** Whether it would be used for this message; the fields above then are of the text that it makes. */
    applied: boolean;
    /** The text that it makes. */
    text: string;
    /** Of that text. */
    encoding: "gsm7" | "ucs2";
    /** Of that text. */
    segments: number;
    /** In order of appearance. */
    replacements: Replacement[];
  } | null;
  /** When it would go to the operator at the earliest; `null` where at once. */
  send_at: string | null;
  /** How long it would wait in its lane; `null` where that is not known. */
  estimated_wait_seconds: number | null;
};

/** A character, as a reader sees it, that GSM 7-bit lacks. */
export type OffendingCharacter = {
  /** The character. */
  character: string;
  /** UTF-16 indexes of each occurrence in `text`. */
  positions: number[];
};

/** This document. */
export type OpenApiDocument = {
  /** The version of OpenAPI that it is written in. */
  openapi: string;
  [name: string]: unknown;
};

/** A recipient who does not want messages. */
export type OptOut = {
  /** E.164. */
  number: string;
  /** `promotional` keeps bulk messages away, `all` every message but one-time passwords. */
  scope: "all" | "promotional";
  /** The account whose messages are kept away. */
  account: string;
  /** How it came here. */
  source: "api" | "stop_word" | "import";
  /** When the recipient opted out. */
  created_at: string;
  /** When it last changed. */
  updated_at: string;
};

/** A page of opt-outs, in the order of the numbers. */
export type OptOutPage = {
  /** In the order of the numbers. */
  data: OptOut[];
  /** Whether another page follows. A page may be shorter than `limit`, even empty, and still have a next one. */
  has_more: boolean;
  /** Give it as `cursor` to get the next page; `null` on the last. */
  next_cursor: string | null;
};

/** A message as it would be sent; `to` and `from` may be left out. */
export type PreviewMessageRequest = {
  /** A Philippine mobile number in any form: `+639171234567`, `0917 123 4567`, `639171234567`. */
  to?: string | undefined;
  /** The sender id: 3 to 11 letters, digits, `-`, `.` or `_`, not digits only. */
  from?: string | undefined;
  /** At most 255 segments; the account may allow fewer. */
  text: string;
  /** `otp` for one-time passwords, `transactional` for what a person waits for, `bulk` for campaigns. */
  lane?: "otp" | "transactional" | "bulk" | undefined;
  /** `auto` takes GSM 7-bit where the text fits into it, else UCS-2. The others refuse what they cannot write. */
  encoding?: "auto" | "gsm7" | "ucs2" | undefined;
  /** Replaces quotes, dashes, ellipses and odd spaces by plain ones where that saves a segment; `with_peso` also ₱ by PHP. What was changed is reported. */
  smart_encoding?: boolean | "with_peso" | undefined;
  /** When to send it, with its offset, at most 35 days ahead; without it, at once. */
  send_at?: string | undefined;
  /** For how long it may still be sent, from the time when it is to be sent; without it, the lane's default. */
  ttl_seconds?: number | undefined;
  /** Where each event of this message is posted to, besides the webhook endpoints. Its host must be allowed in the configuration (`callbackHosts`). It is not shown again. */
  status_callback_url?: string | undefined;
  /** Your own reference, given back in answers and events. */
  client_ref?: string | undefined;
  /** Your own names and values, at most 20, given back in answers and events. */
  metadata?: Record<string, string> | undefined;
};

/** Why a request was refused, after RFC 9457. */
export type Problem = {
  /** Where the code is explained, relative to this API. */
  type: string;
  /** The code in words. */
  title: string;
  /** The HTTP status. */
  status: number;
  /** What is wrong with this request. Never repeats a number or a text. */
  detail: string;
  /** The path of the request. */
  instance: string;
  /** For programs. New ones may come: treat an unknown one by its status. */
  code: "malformed_json" | "invalid_request" | "invalid_cursor" | "invalid_idempotency_key" | "missing_credentials" | "invalid_key" | "expired_key" | "revoked_key" | "missing_scope" | "account_not_allowed" | "sender_not_allowed" | "not_found" | "method_not_allowed" | "not_cancelable" | "message_not_sent" | "batch_over" | "admin_key_kept" | "idempotent_request_running" | "not_rotatable" | "endpoint_disabled" | "too_many_endpoints" | "body_too_large" | "unsupported_media_type" | "idempotency_key_reused" | "invalid_number" | "landline_number" | "unsupported_country" | "recipient_opted_out" | "test_number" | "invalid_sender_id" | "text_not_encodable" | "empty_text" | "url_not_allowed" | "too_many_segments" | "invalid_send_at" | "missing_variable" | "unknown_variable" | "invalid_placeholder" | "test_mode_unavailable" | "scope_not_for_tests" | "unknown_account" | "expiry_in_the_past" | "invalid_webhook_url" | "callbacks_not_enabled" | "callback_host_not_allowed" | "rate_limited" | "quota_exceeded" | "lane_full" | "internal_error" | "would_expire_in_queue" | "operator_unavailable" | "temporarily_unavailable" | "expired_in_queue" | "expired_at_operator" | "undelivered" | "recipient_refused" | "operator_rejected" | "operator_temporary_failure";
  /** Name it when you ask us. */
  request_id: string;
  /** Whether the same request may succeed later. */
  retryable: boolean;
  /** Every field that is wrong. */
  errors?: FieldError[] | undefined;
};

/** An item that was refused. The others go their way. */
export type RefusedBatchItem = {
  /** Its place in the request, from 0. */
  index: number;
  /** Always `refused`. */
  status: "refused";
  /** Your own reference. */
  client_ref: string | null;
  /** What a single message would have been refused with. */
  code: "malformed_json" | "invalid_request" | "invalid_cursor" | "invalid_idempotency_key" | "missing_credentials" | "invalid_key" | "expired_key" | "revoked_key" | "missing_scope" | "account_not_allowed" | "sender_not_allowed" | "not_found" | "method_not_allowed" | "not_cancelable" | "message_not_sent" | "batch_over" | "admin_key_kept" | "idempotent_request_running" | "not_rotatable" | "endpoint_disabled" | "too_many_endpoints" | "body_too_large" | "unsupported_media_type" | "idempotency_key_reused" | "invalid_number" | "landline_number" | "unsupported_country" | "recipient_opted_out" | "test_number" | "invalid_sender_id" | "text_not_encodable" | "empty_text" | "url_not_allowed" | "too_many_segments" | "invalid_send_at" | "missing_variable" | "unknown_variable" | "invalid_placeholder" | "test_mode_unavailable" | "scope_not_for_tests" | "unknown_account" | "expiry_in_the_past" | "invalid_webhook_url" | "callbacks_not_enabled" | "callback_host_not_allowed" | "rate_limited" | "quota_exceeded" | "lane_full" | "internal_error" | "would_expire_in_queue" | "operator_unavailable" | "temporarily_unavailable" | "expired_in_queue" | "expired_at_operator" | "undelivered" | "recipient_refused" | "operator_rejected" | "operator_temporary_failure";
  /** Everything that is wrong with it; pointers begin with `/items/`. */
  errors: FieldError[];
};

/** A character that smart encoding replaced. */
export type Replacement = {
  /** As it was written. */
  character: string;
  /** What stands there instead; empty where it was left out. */
  replacement: string;
  /** How often. */
  count: number;
};

/** What to send again: one event, or what came to its end in a stretch of time. */
export type ReplayWebhooksRequest = {
  /** One event. Give this, or `from` and `to`. */
  event_id?: string | undefined;
  /** Deliveries that ended at this time or later. */
  from?: string | undefined;
  /** Deliveries that ended before this time. */
  to?: string | undefined;
  /** `undelivered`: given up or dropped. `all`: what was delivered, too. */
  which?: "undelivered" | "all" | undefined;
  /** `next_cursor` of the last answer, where it was not done. */
  cursor?: string | undefined;
};

/** How to rotate the secret of callbacks. */
export type RotateCallbacksRequest = {
  /** For how long the old secret signs as well; 0 ends it now. At most 30 days. */
  grace_seconds?: number | undefined;
};

/** How to rotate a key. */
export type RotateKeyRequest = {
  /** For how long the old secret works as well; 0 ends it now. At most 30 days. */
  grace_seconds?: number | undefined;
};

/** How to rotate the secret of an endpoint. */
export type RotateWebhookEndpointRequest = {
  /** For how long the old secret signs as well; 0 ends it now. At most 30 days. */
  grace_seconds?: number | undefined;
};

/** A text is sent in one or more segments. The operator charges for each of them. */
export type SegmentCounts = {
  /** How many segments the text takes. */
  total: number;
  /** Accepted by the operator. */
  sent: number;
  /** Reported as delivered. */
  delivered: number;
  /** Refused by the operator, or reported as not delivered. */
  failed: number;
};

/** A message to send. */
export type SendMessageRequest = {
  /** A Philippine mobile number in any form: `+639171234567`, `0917 123 4567`, `639171234567`. */
  to: string;
  /** The sender id: 3 to 11 letters, digits, `-`, `.` or `_`, not digits only. */
  from: string;
  /** At most 255 segments; the account may allow fewer. */
  text: string;
  /** `otp` for one-time passwords, `transactional` for what a person waits for, `bulk` for campaigns. */
  lane?: "otp" | "transactional" | "bulk" | undefined;
  /** `auto` takes GSM 7-bit where the text fits into it, else UCS-2. The others refuse what they cannot write. */
  encoding?: "auto" | "gsm7" | "ucs2" | undefined;
  /** Replaces quotes, dashes, ellipses and odd spaces by plain ones where that saves a segment; `with_peso` also ₱ by PHP. What was changed is reported. */
  smart_encoding?: boolean | "with_peso" | undefined;
  /** When to send it, with its offset, at most 35 days ahead; without it, at once. */
  send_at?: string | undefined;
  /** For how long it may still be sent, from the time when it is to be sent; without it, the lane's default. */
  ttl_seconds?: number | undefined;
  /** Where each event of this message is posted to, besides the webhook endpoints. Its host must be allowed in the configuration (`callbackHosts`). It is not shown again. */
  status_callback_url?: string | undefined;
  /** Answers `200` with the message as it would be, and neither stores nor sends it. */
  dry_run?: boolean | undefined;
  /** Your own reference, given back in answers and events. */
  client_ref?: string | undefined;
  /** Your own names and values, at most 20, given back in answers and events. */
  metadata?: Record<string, string> | undefined;
};

/** What became of the messages of one sender id in one lane, accepted in one month. */
export type SenderUsage = {
  /** The account. */
  account: string;
  /** By its clocks. */
  month: string;
  /** The lane. */
  lane: "otp" | "transactional" | "bulk";
  /** The sender id; `null` for all that came after the first two hundred. */
  from: string | null;
  /** Handed to the operator. */
  sent: number;
  /** Delivered, as the operator says in its receipts. */
  delivered: number;
  /** With the feedback `converted`. */
  converted: number;
  /** With the feedback `not_converted`. */
  not_converted: number;
  /** Delivered of those sent, 0 to 1; `null` where none was. */
  delivery_rate: number | null;
  /** Converted of those sent, 0 to 1. One that falls while `delivery_rate` stays says that receipts are false. */
  conversion_rate: number | null;
};

/** By account, lane and sender id. */
export type SenderUsageList = {
  /** By account, lane and sender id. */
  data: SenderUsage[];
  /** Always `false`: it is one page. */
  has_more: false;
  /** Always `null`. */
  next_cursor: null;
};

/** What smart encoding changed in a text. */
export type SmartEncoding = {
  /** In order of appearance. */
  replacements: Replacement[];
  /** What the text would have been without; `null` where the encoding that was asked for could not write it. */
  encoding_without: "gsm7" | "ucs2" | null;
  /** How many segments it would have taken. */
  segments_without: number | null;
};

/** What an account, or one key in it, has sent. */
export type Usage = {
  /** The account. */
  account: string;
  /** The key; `null` where it is the account as a whole. */
  key_id: string | null;
  /** By whose clocks days and months begin. */
  time_zone: string;
  /** Since midnight. */
  day: UsageWindow;
  /** Since the first of the month. */
  month: UsageWindow;
};

/** The accounts in reach, and behind each its keys that may be seen. */
export type UsageList = {
  /** Accounts in the order of the configuration. */
  data: Usage[];
  /** Always `false`: it is one page. */
  has_more: false;
  /** Always `null`. */
  next_cursor: null;
};

/** Segments of a day or a month. */
export type UsageWindow = {
  /** Counted so far. What is canceled, or never went out, is given back. */
  used: number;
  /** The most; `null` where there is no limit of its own. */
  limit: number | null;
  /** When it begins anew. */
  resets_at: string;
};

/** A page of attempts, newest first. */
export type WebhookAttemptPage = {
  /** Newest first. */
  data: ({
    /** `webhook-id` of the delivery. */
    event_id: string;
    /** Of this delivery, from 1. */
    number: number;
    /** When it was made. */
    at: string;
    /** Until the answer, or until it was given up. */
    duration_ms: number;
    /** Whether the answer was a 2xx. */
    delivered: boolean;
    /** Whether no other follows. What ended undelivered can be replayed. */
    is_last: boolean;
    /** Of the answer; `null` where none came. */
    http_status: number | null;
    /** Why no answer came, or why it was not tried. */
    reason: string | null;
  })[];
  /** Whether another page follows. A page may be shorter than `limit`, even empty, and still have a next one. */
  has_more: boolean;
  /** Give it as `cursor` to get the next page; `null` on the last. */
  next_cursor: string | null;
};

/** An address to which events are posted. */
export type WebhookEndpoint = {
  /** Made by us. */
  id: string;
  /** Where events are posted to. */
  url: string;
  /** What it is for. */
  description: string | null;
  /** What it is sent: types of events, all of a kind such as `message.*`, or `*`. */
  events: ("*" | "message.*" | "batch.*" | "session.*" | "lane.*" | "quota.*" | "optout.*" | "webhook_endpoint.*" | "message.queued" | "message.sent" | "message.delivered" | "message.undelivered" | "message.expired" | "message.unknown" | "message.failed" | "message.canceled" | "batch.started" | "batch.paused" | "batch.resumed" | "batch.canceled" | "batch.completed" | "message.received" | "session.bound" | "session.lost" | "session.refused" | "lane.congested" | "lane.cleared" | "quota.warning" | "quota.exhausted" | "optout.added" | "optout.removed" | "webhook_endpoint.disabled")[];
  /** Whether anything is sent to it. */
  enabled: boolean;
  /** Since when nothing is. */
  disabled_at: string | null;
  /** `by_request`: through the API. `gone`: it answered 410. `failing`: nothing got through to it for days. */
  disabled_reason: "by_request" | "gone" | "failing" | null;
  /** When it was made. */
  created_at: string;
};

/** All endpoints. */
export type WebhookEndpointPage = {
  /** Newest first. */
  data: WebhookEndpoint[];
  /** Whether another page follows. A page may be shorter than `limit`, even empty, and still have a next one. */
  has_more: boolean;
  /** Give it as `cursor` to get the next page; `null` on the last. */
  next_cursor: string | null;
};

/** A test that is on its way. */
export type WebhookEndpointTest = {
  /** `webhook-id` of the test; look for it among the attempts. */
  event_id: string;
};

/** How far a replay has come. */
export type WebhookReplay = {
  /** Events that are on their way again. */
  queued: number;
  /** Events whose message is not kept any more. */
  gone: number;
  /** Whether nothing is left. Where something is, ask again with `next_cursor`. */
  done: boolean;
  /** Where to go on; `null` where nothing is left. */
  next_cursor: string | null;
};

export type ListMessagesQuery = {
  /** How many messages a page has at most: 1 to 200. */
  limit?: number | undefined;
  /** `next_cursor` of the page before, with the same filters. */
  cursor?: string | undefined;
  /** Messages that have this status now. */
  status?: "scheduled" | "queued" | "sending" | "sent" | "delivered" | "undelivered" | "expired" | "unknown" | "failed" | "canceled" | undefined;
  /** Messages of this lane. */
  lane?: "otp" | "transactional" | "bulk" | undefined;
  /** Messages to this number, in any form. Needs the scope `messages:read`. */
  to?: string | undefined;
  /** Messages with this sender id. */
  from?: string | undefined;
  /** Messages with this reference of yours. */
  client_ref?: string | undefined;
  /** Messages of this batch. */
  batch?: string | undefined;
  /** Messages of this account. */
  account?: string | undefined;
  /** Accepted at this time or later. */
  created_after?: string | undefined;
  /** Accepted before this time, and not at it. */
  created_before?: string | undefined;
};

export type ListBatchesQuery = {
  /** How many batches a page has at most: 1 to 200. */
  limit?: number | undefined;
  /** `next_cursor` of the page before, with the same filters. */
  cursor?: string | undefined;
  /** Batches of this account. */
  account?: string | undefined;
};

export type ListSenderUsageQuery = {
  /** Such as `2026-11`; without it, the present one. */
  month?: string | undefined;
  /** Only this account. */
  account?: string | undefined;
};

export type ListInboundMessagesQuery = {
  /** How many messages a page has at most: 1 to 200. */
  limit?: number | undefined;
  /** `next_cursor` of the page before, with the same filters. */
  cursor?: string | undefined;
  /** Messages from this subscriber; the number in any form. */
  from?: string | undefined;
  /** Messages to this number or sender id. */
  to?: string | undefined;
  /** Messages to this account. */
  account?: string | undefined;
  /** Received at this time or later. */
  created_after?: string | undefined;
  /** Received before this time, and not at it. */
  created_before?: string | undefined;
};

export type ListOptOutsQuery = {
  /** How many a page has at most: 1 to 200. */
  limit?: number | undefined;
  /** `next_cursor` of the page before. */
  cursor?: string | undefined;
  /** Whose opt-outs; without it, those of the account through which the key sends. */
  account?: string | undefined;
};

export type RemoveOptOutQuery = {
  /** Whose opt-outs; without it, those of the account through which the key sends. */
  account?: string | undefined;
};

export type ExportOptOutsQuery = {
  /** The header `Next-Cursor` of the answer before. */
  cursor?: string | undefined;
  /** Whose opt-outs; without it, those of the account through which the key sends. */
  account?: string | undefined;
};

export type ListWebhookAttemptsQuery = {
  /** How many attempts a page has at most: 1 to 200. */
  limit?: number | undefined;
  /** `next_cursor` of the page before, with the same filters. */
  cursor?: string | undefined;
  /** Made at this time or later. */
  created_after?: string | undefined;
  /** Made before this time, and not at it. */
  created_before?: string | undefined;
};

export type ListCallbackAttemptsQuery = {
  /** How many attempts a page has at most: 1 to 200. */
  limit?: number | undefined;
  /** `next_cursor` of the page before, with the same filters. */
  cursor?: string | undefined;
  /** Made at this time or later. */
  created_after?: string | undefined;
  /** Made before this time, and not at it. */
  created_before?: string | undefined;
};

export type ErrorCode = Problem['code'];

/** The API of Bindery. Every method throws a BinderyError where the API refuses. */
export class Bindery extends Transport {
  /** Send a message. */
  sendMessage(body: SendMessageRequest & { dry_run: true }, options?: CallOptions): Promise<DryRunMessage>;
  sendMessage(body: SendMessageRequest & { dry_run?: false }, options?: CallOptions): Promise<Message>;
  async sendMessage(body: SendMessageRequest, options?: CallOptions): Promise<DryRunMessage | Message> {
    return await this.call({ method: 'POST', path: '/v1/messages', body }, options);
  }

  /** List messages. */
  async listMessages(query?: ListMessagesQuery, options?: CallOptions): Promise<MessagePage> {
    return await this.call({ method: 'GET', path: '/v1/messages', query }, options);
  }

  /** Get a message. */
  async getMessage(id: string, options?: CallOptions): Promise<Message> {
    return await this.call({ method: 'GET', path: pathOf`/v1/messages/${id}` }, options);
  }

  /** Cancel a message. */
  async cancelMessage(id: string, options?: CallOptions): Promise<Message> {
    return await this.call({ method: 'POST', path: pathOf`/v1/messages/${id}/cancel` }, options);
  }

  /** Preview a message. */
  async previewMessage(body: PreviewMessageRequest, options?: CallOptions): Promise<MessagePreview> {
    return await this.call({ method: 'POST', path: '/v1/messages/preview', body }, options);
  }

  /** Say what a message led to. */
  async giveFeedback(id: string, body: MessageFeedbackRequest, options?: CallOptions): Promise<MessageFeedback> {
    return await this.call({ method: 'POST', path: pathOf`/v1/messages/${id}/feedback`, body }, options);
  }

  /** Send a batch. */
  async createBatch(body: CreateBatchRequest, options?: CallOptions): Promise<CreatedBatch> {
    return await this.call({ method: 'POST', path: '/v1/batches', body }, options);
  }

  /** List batches. */
  async listBatches(query?: ListBatchesQuery, options?: CallOptions): Promise<BatchPage> {
    return await this.call({ method: 'GET', path: '/v1/batches', query }, options);
  }

  /** Get a batch. */
  async getBatch(id: string, options?: CallOptions): Promise<Batch> {
    return await this.call({ method: 'GET', path: pathOf`/v1/batches/${id}` }, options);
  }

  /** Pause a batch. */
  async pauseBatch(id: string, options?: CallOptions): Promise<Batch> {
    return await this.call({ method: 'POST', path: pathOf`/v1/batches/${id}/pause` }, options);
  }

  /** Resume a batch. */
  async resumeBatch(id: string, options?: CallOptions): Promise<Batch> {
    return await this.call({ method: 'POST', path: pathOf`/v1/batches/${id}/resume` }, options);
  }

  /** Cancel a batch. */
  async cancelBatch(id: string, options?: CallOptions): Promise<Batch> {
    return await this.call({ method: 'POST', path: pathOf`/v1/batches/${id}/cancel` }, options);
  }

  /** List lanes. */
  async listLanes(options?: CallOptions): Promise<LaneList> {
    return await this.call({ method: 'GET', path: '/v1/lanes' }, options);
  }

  /** Show usage. */
  async listUsage(options?: CallOptions): Promise<UsageList> {
    return await this.call({ method: 'GET', path: '/v1/usage' }, options);
  }

  /** Show sessions. */
  async listStatus(options?: CallOptions): Promise<AccountStatusList> {
    return await this.call({ method: 'GET', path: '/v1/status' }, options);
  }

  /** Show what became of messages by sender. */
  async listSenderUsage(query?: ListSenderUsageQuery, options?: CallOptions): Promise<SenderUsageList> {
    return await this.call({ method: 'GET', path: '/v1/usage/senders', query }, options);
  }

  /** List inbound messages. */
  async listInboundMessages(query?: ListInboundMessagesQuery, options?: CallOptions): Promise<InboundMessagePage> {
    return await this.call({ method: 'GET', path: '/v1/inbound-messages', query }, options);
  }

  /** Get an inbound message. */
  async getInboundMessage(id: string, options?: CallOptions): Promise<InboundMessage> {
    return await this.call({ method: 'GET', path: pathOf`/v1/inbound-messages/${id}` }, options);
  }

  /** Add an opt-out. */
  async addOptOut(body: AddOptOutRequest, options?: CallOptions): Promise<OptOut> {
    return await this.call({ method: 'POST', path: '/v1/opt-outs', body }, options);
  }

  /** List opt-outs. */
  async listOptOuts(query?: ListOptOutsQuery, options?: CallOptions): Promise<OptOutPage> {
    return await this.call({ method: 'GET', path: '/v1/opt-outs', query }, options);
  }

  /** Remove an opt-out. */
  async removeOptOut(number: string, query?: RemoveOptOutQuery, options?: CallOptions): Promise<void> {
    return await this.call({ method: 'DELETE', path: pathOf`/v1/opt-outs/${number}`, query }, options);
  }

  /** Import opt-outs. */
  async importOptOuts(body: ImportOptOutsRequest, options?: CallOptions): Promise<ImportOptOutsResult> {
    return await this.call({ method: 'POST', path: '/v1/opt-outs/import', body }, options);
  }

  /** Export opt-outs. */
  async exportOptOuts(query?: ExportOptOutsQuery, options?: CallOptions): Promise<string> {
    return await this.call({ method: 'GET', path: '/v1/opt-outs/export', query }, options);
  }

  /** Erase a recipient's data. */
  async eraseRecipient(body: EraseRecipientRequest, options?: CallOptions): Promise<Erasure> {
    return await this.call({ method: 'POST', path: '/v1/recipients/erase', body }, options);
  }

  /** Create a key. */
  async createKey(body: CreateKeyRequest, options?: CallOptions): Promise<CreatedApiKey> {
    return await this.call({ method: 'POST', path: '/v1/keys', body }, options);
  }

  /** List keys. */
  async listKeys(options?: CallOptions): Promise<ApiKeyPage> {
    return await this.call({ method: 'GET', path: '/v1/keys' }, options);
  }

  /** Rotate a key. */
  async rotateKey(id: string, body?: RotateKeyRequest, options?: CallOptions): Promise<CreatedApiKey> {
    return await this.call({ method: 'POST', path: pathOf`/v1/keys/${id}/rotate`, body }, options);
  }

  /** Revoke a key. */
  async revokeKey(id: string, options?: CallOptions): Promise<ApiKey> {
    return await this.call({ method: 'DELETE', path: pathOf`/v1/keys/${id}` }, options);
  }

  /** Create an endpoint. */
  async createWebhookEndpoint(body: CreateWebhookEndpointRequest, options?: CallOptions): Promise<CreatedWebhookEndpoint> {
    return await this.call({ method: 'POST', path: '/v1/webhook-endpoints', body }, options);
  }

  /** List endpoints. */
  async listWebhookEndpoints(options?: CallOptions): Promise<WebhookEndpointPage> {
    return await this.call({ method: 'GET', path: '/v1/webhook-endpoints' }, options);
  }

  /** Get an endpoint. */
  async getWebhookEndpoint(id: string, options?: CallOptions): Promise<WebhookEndpoint> {
    return await this.call({ method: 'GET', path: pathOf`/v1/webhook-endpoints/${id}` }, options);
  }

  /** Change an endpoint. */
  async changeWebhookEndpoint(id: string, body: ChangeWebhookEndpointRequest, options?: CallOptions): Promise<WebhookEndpoint> {
    return await this.call({ method: 'PATCH', path: pathOf`/v1/webhook-endpoints/${id}`, body }, options);
  }

  /** Delete an endpoint. */
  async deleteWebhookEndpoint(id: string, options?: CallOptions): Promise<void> {
    return await this.call({ method: 'DELETE', path: pathOf`/v1/webhook-endpoints/${id}` }, options);
  }

  /** Rotate the secret of an endpoint. */
  async rotateWebhookEndpoint(id: string, body?: RotateWebhookEndpointRequest, options?: CallOptions): Promise<CreatedWebhookEndpoint> {
    return await this.call({ method: 'POST', path: pathOf`/v1/webhook-endpoints/${id}/rotate`, body }, options);
  }

  /** List attempts. */
  async listWebhookAttempts(id: string, query?: ListWebhookAttemptsQuery, options?: CallOptions): Promise<WebhookAttemptPage> {
    return await this.call({ method: 'GET', path: pathOf`/v1/webhook-endpoints/${id}/attempts`, query }, options);
  }

  /** Send a test event. */
  async testWebhookEndpoint(id: string, options?: CallOptions): Promise<WebhookEndpointTest> {
    return await this.call({ method: 'POST', path: pathOf`/v1/webhook-endpoints/${id}/test` }, options);
  }

  /** Send events again. */
  async replayWebhooks(id: string, body: ReplayWebhooksRequest, options?: CallOptions): Promise<WebhookReplay> {
    return await this.call({ method: 'POST', path: pathOf`/v1/webhook-endpoints/${id}/replay`, body }, options);
  }

  /** Show callbacks. */
  async getCallbacks(options?: CallOptions): Promise<Callbacks> {
    return await this.call({ method: 'GET', path: '/v1/callbacks' }, options);
  }

  /** Enable a host. */
  async enableCallbackHost(body: EnableCallbackHostRequest, options?: CallOptions): Promise<void> {
    return await this.call({ method: 'POST', path: '/v1/callbacks/enable', body }, options);
  }

  /** Rotate the secret of callbacks. */
  async rotateCallbacks(body?: RotateCallbacksRequest, options?: CallOptions): Promise<CallbackSecret> {
    return await this.call({ method: 'POST', path: '/v1/callbacks/rotate', body }, options);
  }

  /** List attempts of a message. */
  async listCallbackAttempts(id: string, query?: ListCallbackAttemptsQuery, options?: CallOptions): Promise<WebhookAttemptPage> {
    return await this.call({ method: 'GET', path: pathOf`/v1/messages/${id}/callback-attempts`, query }, options);
  }
}
