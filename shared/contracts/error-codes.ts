interface CodeMeaning {
  title: string;
  /** Whether the same request, or the same message, may succeed later without a change. */
  retryable: boolean;
  /** HTTP status; absent where the code stands in messages and events only. */
  status?: number;
}

/** The one vocabulary of codes: in answers of the API, in messages, in events and in the documentation. */
export const ERROR_CODES = {
  malformed_json: { status: 400, title: 'The body is not JSON', retryable: false },
  invalid_request: { status: 400, title: 'The request does not have the shape that is documented', retryable: false },
  invalid_cursor: { status: 400, title: 'The cursor does not belong to this list', retryable: false },
  invalid_idempotency_key: { status: 400, title: 'The Idempotency-Key is not valid', retryable: false },
  missing_credentials: { status: 401, title: 'There is no API key', retryable: false },
  invalid_key: { status: 401, title: 'The API key is not valid', retryable: false },
  expired_key: { status: 401, title: 'The API key has expired', retryable: false },
  revoked_key: { status: 401, title: 'The API key was revoked', retryable: false },
  missing_scope: { status: 403, title: 'The API key may not do this', retryable: false },
  account_not_allowed: { status: 403, title: 'The API key belongs to an account that is not here', retryable: false },
  sender_not_allowed: { status: 403, title: 'The sender id may not be used', retryable: false },
  not_found: { status: 404, title: 'There is no such thing', retryable: false },
  method_not_allowed: { status: 405, title: 'The path does not have this method', retryable: false },
  not_cancelable: { status: 409, title: 'The message can no longer be canceled', retryable: false },
  message_not_sent: { status: 409, title: 'The message was not sent', retryable: false },
  batch_over: { status: 409, title: 'The batch has come to its end', retryable: false },
  admin_key_kept: { status: 409, title: 'The admin key is replaced by its secret, not revoked', retryable: false },
  idempotent_request_running: { status: 409, title: 'The same request is still at work', retryable: true },
  not_rotatable: { status: 409, title: 'It cannot be rotated now', retryable: false },
  endpoint_disabled: { status: 409, title: 'The webhook endpoint is disabled', retryable: false },
  too_many_endpoints: { status: 409, title: 'There are too many webhook endpoints', retryable: false },
  body_too_large: { status: 413, title: 'The body is too large', retryable: false },
  unsupported_media_type: { status: 415, title: 'The body is not sent as JSON', retryable: false },
  idempotency_key_reused: { status: 422, title: 'The Idempotency-Key belongs to another request', retryable: false },
  invalid_number: { status: 422, title: 'The recipient is not a mobile number', retryable: false },
  landline_number: { status: 422, title: 'The recipient is a landline', retryable: false },
  unsupported_country: { status: 422, title: 'The recipient is in a country that cannot be reached', retryable: false },
  recipient_opted_out: { status: 422, title: 'The recipient does not want such messages', retryable: false },
  test_number: { status: 422, title: 'The recipient is a number for tests', retryable: false },
  invalid_sender_id: { status: 422, title: 'The sender id is not valid', retryable: false },
  text_not_encodable: { status: 422, title: 'The text cannot be written in this encoding', retryable: false },
  empty_text: { status: 422, title: 'The text has nothing to show', retryable: false },
  url_not_allowed: { status: 422, title: 'The text has a link that may not be sent', retryable: false },
  too_many_segments: { status: 422, title: 'The text takes too many segments', retryable: false },
  invalid_send_at: { status: 422, title: 'The message cannot be scheduled for this time', retryable: false },
  missing_variable: { status: 422, title: 'A variable of the text has no value', retryable: false },
  unknown_variable: { status: 422, title: 'A variable is not used by the text', retryable: false },
  invalid_placeholder: { status: 422, title: 'The text has a {{ that begins no variable', retryable: false },
  test_mode_unavailable: { status: 422, title: 'This deployment has no test mode', retryable: false },
  scope_not_for_tests: { status: 422, title: 'A test key cannot have this scope', retryable: false },
  unknown_account: { status: 422, title: 'There is no such account', retryable: false },
  expiry_in_the_past: { status: 422, title: 'The expiry is not in the future', retryable: false },
  invalid_webhook_url: { status: 422, title: 'The address cannot receive webhooks', retryable: false },
  callbacks_not_enabled: { status: 422, title: 'This deployment has no callbacks', retryable: false },
  callback_host_not_allowed: { status: 422, title: 'Callbacks may not go to this host', retryable: false },
  rate_limited: { status: 429, title: 'Too many requests a second', retryable: true },
  quota_exceeded: { status: 429, title: 'The limit of segments is reached', retryable: true },
  lane_full: { status: 429, title: 'The lane is full', retryable: true },
  internal_error: { status: 500, title: 'Something broke on our side', retryable: true },
  would_expire_in_queue: { status: 503, title: 'It would expire before its turn', retryable: true },
  operator_unavailable: { status: 503, title: 'The operator is out of reach', retryable: true },
  temporarily_unavailable: { status: 503, title: 'Not possible for the moment', retryable: true },

  expired_in_queue: { title: 'Its time to live ended before it could be sent', retryable: true },
  expired_at_operator: { title: 'The operator could not deliver it in time', retryable: true },
  undelivered: { title: 'The operator reports that it was not delivered', retryable: false },
  recipient_refused: { title: 'The operator refused the number', retryable: false },
  operator_rejected: { title: 'The operator refused the message', retryable: false },
  operator_temporary_failure: { title: 'The operator kept having a temporary error', retryable: true },
} as const satisfies Record<string, CodeMeaning>;

export type ErrorCode = keyof typeof ERROR_CODES;

type Coded<T> = { [K in ErrorCode]: (typeof ERROR_CODES)[K] extends T ? K : never }[ErrorCode];
/** Codes that an answer of the API may have. */
export type HttpErrorCode = Coded<{ status: number }>;

/** What is wrong with one field of a request of the wrong shape. */
export const FIELD_CODES = [
  'required',
  'unknown_field',
  'wrong_type',
  'too_short',
  'too_long',
  'too_many',
  'too_few',
  'out_of_range',
  'invalid_value',
  'invalid_name',
] as const;
export type FieldCode = (typeof FIELD_CODES)[number];
