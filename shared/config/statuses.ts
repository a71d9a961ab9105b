import * as z from 'zod';

/** A command_status (SMPP 3.4 section 5.1.3) or a range of them; `other` is whatever no entry names. 0 is success and nothing else. */
const statusKey = z
  .string()
  .regex(
    /^(?:other|(?!0x0+(?:-|$))0x[0-9A-Fa-f]{1,8}(?:-0x[0-9A-Fa-f]{1,8})?)$/,
    'a status such as 0x0D, a range such as 0x400-0x4FF, or "other"',
  )
  .refine((key) => {
    const [first = 0, last = first] = key.split('-').map(Number);
    return key === 'other' || first <= last;
  }, 'a range from the lower status to the higher');

/** How the wait before the next bind grows; the times stand in binder/session/reconnect.ts. */
const BIND_RETRIES = ['network', 'back_off', 'already_bound', 'bind_failed', 'credentials', 'configuration'] as const;
export type BindRetry = (typeof BIND_RETRIES)[number];

/** What a refused bind asks for. */
const bindAnswerSchema = z.strictObject({
  retry: z.enum(BIND_RETRIES),
  /** From this refusal in a row on, a person should look; absent: never. */
  alarmFrom: z.int().min(1).optional(),
});
export type BindAnswer = z.output<typeof bindAnswerSchema>;

/** Why a message that the operator refused for good is `failed`, from the vocabulary of shared/contracts. */
const REFUSALS = ['sender_not_allowed', 'recipient_refused', 'operator_rejected'] as const;

/** Whether a person should look, for our configuration or the operator is at fault. */
const alarm = z.boolean().optional();
const seconds = z.int().min(1).max(43_200);
const pauseMs = z.int().min(1).max(3_600_000);

/** What a submit_sm_resp with an error asks for. */
const submitAnswerSchema = z.discriminatedUnion('action', [
  /** This segment will never be taken. */
  z.strictObject({ action: z.literal('refuse'), code: z.enum(REFUSALS), alarm }),
  /** Another try later, `tries` in all; the wait doubles from `firstDelaySeconds`, up to five minutes. */
  z.strictObject({ action: z.literal('retry'), tries: z.int().min(1).max(20), firstDelaySeconds: seconds, alarm }),
  /** Another try later, as often as the message's life allows: no attempt is counted. */
  z.strictObject({ action: z.literal('requeue'), delaySeconds: seconds, alarm }),
  /**
   * The whole link pauses, twice as long each time until a submit is taken; no attempt is counted. `rate`: too much in a
   * second, and this segment goes first again. `queue`: whatever empties more slowly, maybe of this recipient only, so that
   * another message goes first.
   */
  z.strictObject({
    action: z.literal('pause'),
    cause: z.enum(['rate', 'queue']),
    firstMs: pauseMs,
    maxMs: pauseMs,
    alarm,
  }),
  /** The session is not what it seems: not accepted, no attempt counted, and the link binds again. */
  z.strictObject({ action: z.literal('rebind'), retry: z.enum(BIND_RETRIES), alarm }),
]);
export type SubmitAnswer = z.output<typeof submitAnswerSchema>;
export type PauseAnswer = Extract<SubmitAnswer, { action: 'pause' }>;

/**
 * What an operator means by a command_status, read together with the PDU that it answers: only what differs from the
 * standard tables (standard-statuses.ts). An entry replaces the standard's; one for a status goes before a range.
 */
export const statusesSchema = z.strictObject({
  /** The operator's own words, kept beside the code and its name in SMPP 3.4. */
  words: z.record(statusKey, z.string().min(1).max(80)).default({}),
  bind: z.record(statusKey, bindAnswerSchema).default({}),
  submit: z.record(statusKey, submitAnswerSchema).default({}),
});
export type Statuses = z.output<typeof statusesSchema>;
