import type { BindAnswer, SubmitAnswer } from './statuses.ts';

type Table<Answer> = Readonly<Record<string, Answer> & { other: Answer }>;

/**
 * What a bind's refusal asks for. Names of the codes: SMPP 3.4 table 5-2. A wrong password is retried slowly for ever: fast, the
 * operator would block the account, and given up, a corrected secret would need a restart.
 */
export const STANDARD_BIND_ANSWERS: Table<BindAnswer> = {
  '0x01': { retry: 'configuration', alarmFrom: 1 },
  // There is no such bind type.
  '0x03': { retry: 'configuration', alarmFrom: 1 },
  // Another session of ours, most likely, that is not yet noticed to be dead.
  '0x05': { retry: 'already_bound', alarmFrom: 5 },
  '0x0D': { retry: 'bind_failed', alarmFrom: 3 },
  '0x0E-0x0F': { retry: 'credentials', alarmFrom: 1 },
  '0x53': { retry: 'credentials', alarmFrom: 1 },
  other: { retry: 'back_off' },
};

const OUR_FAULT: SubmitAnswer = { action: 'refuse', code: 'operator_rejected', alarm: true };
const REJECTED: SubmitAnswer = { action: 'refuse', code: 'operator_rejected' };
const SENDER: SubmitAnswer = { action: 'refuse', code: 'sender_not_allowed' };
const RECIPIENT: SubmitAnswer = { action: 'refuse', code: 'recipient_refused' };
const NOT_BOUND: SubmitAnswer = { action: 'rebind', retry: 'network' };
const TEMPORARY: SubmitAnswer = { action: 'retry', tries: 5, firstDelaySeconds: 5 };
const UNCLEAR: SubmitAnswer = { action: 'retry', tries: 2, firstDelaySeconds: 30 };

/**
 * What the answer to a submit_sm asks for. 0x0D and 0x0E are codes of a bind in SMPP 3.4 and of addresses elsewhere: both
 * readings are safe, because a submit does not authenticate and a bind carries no addresses.
 */
export const STANDARD_SUBMIT_ANSWERS: Table<SubmitAnswer> = {
  '0x01': OUR_FAULT,
  // The message centre does not know submit_sm, or not on this session.
  '0x03': { action: 'rebind', retry: 'configuration', alarm: true },
  '0x04-0x05': NOT_BOUND,
  '0x08': TEMPORARY,
  '0x0A': SENDER,
  '0x0B': RECIPIENT,
  '0x0D': SENDER,
  '0x0E': RECIPIENT,
  // A full queue empties more slowly than a second goes by.
  '0x14': { action: 'pause', cause: 'queue', firstMs: 5_000, maxMs: 60_000 },
  '0x43': OUR_FAULT,
  '0x45': UNCLEAR,
  '0x48-0x51': OUR_FAULT,
  '0x58': { action: 'pause', cause: 'rate', firstMs: 1_000, maxMs: 30_000 },
  '0x61-0x62': OUR_FAULT,
  '0x64': TEMPORARY,
  '0x65-0x66': REJECTED,
  other: UNCLEAR,
};
