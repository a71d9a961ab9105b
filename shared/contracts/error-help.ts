import type { ErrorCode } from './error-codes.ts';

interface Help {
  /** What has happened. */
  means: string;
  /** What to do next. */
  next: string;
}

const NEW_KEY = 'Make a new key with `POST /v1/keys`, or ask whoever holds the admin key.';

/** What the errors page says of each code. Words in backticks are code. */
export const ERROR_HELP: Readonly<Record<ErrorCode, Help>> = {
  malformed_json: {
    means: 'The body could not be read as JSON. `detail` names the line and the column where it stops being JSON.',
    next: 'Let a JSON library write the body: texts with quotes and line breaks are easily broken by hand.',
  },
  invalid_request: {
    means: 'A field or a parameter is missing, unknown, or of the wrong kind. `errors` names each of them.',
    next: 'Compare the fields named in `errors` with the reference. Unknown fields are refused, so that a slip of the pen is noticed.',
  },
  invalid_cursor: {
    means: 'A cursor belongs to one list, one set of filters and one key, and this one does not belong here.',
    next: 'Give `next_cursor` of a page as it is, and keep the filters the same from page to page.',
  },
  invalid_idempotency_key: {
    means: 'The header `Idempotency-Key` is empty, longer than 255 characters, or not printable ASCII.',
    next: 'Use a UUID or your own order number, bare or in double quotes.',
  },
  missing_credentials: {
    means: 'The request came without a key.',
    next: 'Send the header `Authorization: Bearer <key>`.',
  },
  invalid_key: {
    means: 'This key is not known here.',
    next: 'Check that it was copied whole, and that it belongs to this deployment.',
  },
  expired_key: { means: 'The key had an expiry, and it has passed.', next: NEW_KEY },
  revoked_key: { means: 'The key was revoked.', next: NEW_KEY },
  missing_scope: {
    means: 'The key is good, but does not have the scope that this operation needs. `detail` names it.',
    next: 'Use another key, or make one with that scope.',
  },
  account_not_allowed: {
    means: 'The key belongs to an account that is not part of this deployment.',
    next: 'Use a key of an account that is, or add the account to the configuration and deploy.',
  },
  sender_not_allowed: {
    means: 'The key, or the operator, does not allow this sender id.',
    next: "Use one of the key's sender ids. A new one has to be registered with the operator first.",
  },
  not_found: {
    means: 'There is nothing at this path, or the key may not see it.',
    next: 'Check the path and the id. What belongs to another account looks the same as what does not exist.',
  },
  method_not_allowed: {
    means: 'The path exists, but not with this method. The header `Allow` lists those that it has.',
    next: 'Use one of the methods in `Allow`.',
  },
  not_cancelable: {
    means: 'Only a message that is scheduled or queued can be canceled, and this one is past that.',
    next: 'Get the message to see where it stands.',
  },
  not_rotatable: {
    means: 'The key is revoked or has expired, or too many old secrets of the key or endpoint still work.',
    next: 'Make a new key, or end the old secrets with `grace_seconds` 0.',
  },
  admin_key_kept: {
    means: 'The admin key is the way back in, so it cannot be revoked.',
    next: 'Put a new value into its secret: it is installed within a minute, and the old one ends.',
  },
  message_not_sent: {
    means: 'Feedback says what a message led to, and nothing of this one has gone to the operator.',
    next: 'Get the message to see where it stands.',
  },
  batch_over: {
    means: 'All messages of the batch have gone to the operator, or it was canceled: there is nothing left to change.',
    next: 'Get the batch to see where it stands.',
  },
  idempotent_request_running: {
    means: 'A request with this `Idempotency-Key` is still at work.',
    next: 'Repeat it after the seconds in `Retry-After`: the answer is that of the first request.',
  },
  body_too_large: {
    means: 'The body has more than 65,536 octets.',
    next: 'Shorten it, or send in several requests.',
  },
  unsupported_media_type: {
    means: 'The body is sent as something else than JSON.',
    next: 'Send the header `Content-Type: application/json`.',
  },
  idempotency_key_reused: {
    means: 'This `Idempotency-Key` was used within the last 24 hours for a request with another body.',
    next: 'Use a new key for each new thing, and the same key only to repeat the very same request.',
  },
  invalid_number: {
    means: 'The recipient does not have the shape of a mobile number.',
    next: 'Write it as `+639171234567` or `0917 123 4567`.',
  },
  landline_number: {
    means: 'The number is a landline, which cannot receive text messages.',
    next: 'Ask the recipient for a mobile number.',
  },
  unsupported_country: {
    means: 'The operator reaches Philippine mobile numbers only.',
    next: 'Use a number that begins with `+639` or `+638`.',
  },
  recipient_opted_out: {
    means: 'The recipient does not want messages of this kind from this account.',
    next: 'Do not send it. If the recipient wants messages again, remove the opt-out.',
  },
  test_number: {
    means: 'Numbers that begin with `+63900555` belong to the simulated message centre.',
    next: 'Use a test key (`bk_test_…`) for them, and a live key for live numbers.',
  },
  invalid_sender_id: {
    means: 'A sender id has 3 to 11 letters, digits, `-`, `.` or `_`, and not digits only.',
    next: 'Correct `from`.',
  },
  text_not_encodable: {
    means: 'The text holds characters that the chosen encoding does not have. `detail` lists them.',
    next: 'Choose `"encoding": "auto"`, or replace the characters.',
  },
  empty_text: {
    means: 'The text has nothing that a reader could see: only spaces, line breaks or invisible characters.',
    next: 'Give it a text.',
  },
  url_not_allowed: {
    means: 'The account does not send links, or only those to certain hosts: Philippine operators block them.',
    next: 'Leave the link out, or let the host be allowed in the configuration of the account.',
  },
  invalid_placeholder: {
    means: 'The text has a place such as `{{name}}` that is not written well.',
    next: 'Write `{{name}}`: a letter, and then letters, digits or underscores.',
  },
  missing_variable: {
    means: 'The text has a place for which neither the item nor the defaults have a value.',
    next: 'Give the value in `variables` of the item, or of `defaults`.',
  },
  unknown_variable: {
    means: 'The item has a value for which its text has no place, which is most often a slip of the pen.',
    next: 'Use the name in the text, or leave the value out.',
  },
  too_many_segments: {
    means: 'The text takes more segments than the account allows in one message.',
    next: 'Shorten it. A character outside GSM 7-bit makes a segment hold 67 characters instead of 153.',
  },
  invalid_send_at: {
    means: 'The time is in the past, or more than 35 days ahead.',
    next: 'Check the date and the offset in `send_at`.',
  },
  test_mode_unavailable: {
    means: 'This deployment has no simulated message centre.',
    next: 'Use a live key, or deploy with test mode.',
  },
  scope_not_for_tests: {
    means: 'A test key must not see or change what is live, so it cannot have this scope.',
    next: 'Leave the scope out, or make a live key.',
  },
  unknown_account: {
    means: 'There is no account of this name here. `detail` lists those that there are.',
    next: 'Correct `account`.',
  },
  expiry_in_the_past: {
    means: 'A key that has expired already would never work.',
    next: 'Check the date and the offset in `expires_at`.',
  },
  endpoint_disabled: {
    means: 'Nothing is sent to the endpoint: by request, because it answered 410, or because it failed for days.',
    next: 'Enable it with `PATCH /v1/webhook-endpoints/{id}` first.',
  },
  too_many_endpoints: {
    means: 'A deployment has a hundred webhook endpoints at most, because each event is matched with all of them.',
    next: 'Delete one that nobody listens at.',
  },
  invalid_webhook_url: {
    means: 'Webhooks go to `https` addresses on the public internet only, without credentials in them.',
    next: 'Use such an address. The local stack takes loopback addresses as well.',
  },
  callbacks_not_enabled: {
    means:
      'A message came with `status_callback_url`, and the configuration of this deployment allows no host for that.',
    next: 'Leave it out and use a webhook endpoint, or let the host be added to `callbackHosts`.',
  },
  callback_host_not_allowed: {
    means: 'The host of `status_callback_url` is not one that the configuration of this deployment allows.',
    next: 'Use a host that is listed in `GET /v1/callbacks`, or let this one be added to `callbackHosts`.',
  },
  rate_limited: {
    means: 'The key made more requests in this second than it may; `RateLimit-Policy` says how many that are.',
    next: 'Wait a second and go on more slowly, or send many messages with one batch.',
  },
  quota_exceeded: {
    means: 'The daily or monthly limit of segments, of the account or of the key, is reached.',
    next: 'Wait for the seconds in `Retry-After`, until the next day or month of the account begins, or let the limit be raised.',
  },
  lane_full: {
    means: 'The lane holds as much as it may: more would only wait, and expire.',
    next: 'Slow down, and try again after the seconds in `Retry-After`.',
  },
  operator_unavailable: {
    means: 'The session to the operator is lost, and has been for a while.',
    next: 'Try again after the seconds in `Retry-After`. Bindery keeps trying to bind by itself; `GET /v1/status` shows the session.',
  },
  would_expire_in_queue: {
    means: 'What waits in the lane before this message takes longer than the message may live.',
    next: 'Give it a longer `ttl_seconds` or a faster lane, or try again after the seconds in `Retry-After`.',
  },
  internal_error: {
    means: 'Something that should not happen did. It stands in the log under `request_id`.',
    next: 'Repeat the request with the same `Idempotency-Key`. If it stays, look into the log.',
  },
  temporarily_unavailable: {
    means: 'A service that this needs did not answer in time. Nothing is known of the outcome.',
    next: 'Repeat the request after `Retry-After` seconds, with the same `Idempotency-Key`.',
  },

  expired_in_queue: {
    means: 'The message was still waiting for its turn when its time to live ended. It was never sent.',
    next: 'Send it again if it is still of use. Look at the backlog of its lane, and give it more time or a faster lane.',
  },
  expired_at_operator: {
    means: 'The operator accepted it, but could not deliver it in time: the phone was off or out of reach.',
    next: 'Send it again if it is still of use.',
  },
  undelivered: {
    means: 'The operator tried, and reports that it was not delivered. `operator_code` is its own word.',
    next: 'Check the number with the recipient.',
  },
  recipient_refused: {
    means: 'The operator does not take messages to this number.',
    next: 'Check the number: it may not be in use.',
  },
  operator_rejected: {
    means: 'The operator refused the message. `operator_code` is its own word.',
    next: "Look the word up in the operator's guide, or ask them; the same message will be refused again.",
  },
  operator_temporary_failure: {
    means: 'The operator kept answering with a temporary error until all tries were used up.',
    next: 'Send it again later.',
  },
};
