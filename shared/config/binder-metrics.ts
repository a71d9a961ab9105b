/** The binder's metrics in CloudWatch: one line a minute for each account. Names, once given, stay: alarms go by them. */
export const METRIC_NAMESPACE = 'Bindery';

export interface Metric {
  unit: 'Count' | 'Milliseconds' | 'Percent';
  /**
   * `state`: how things stand, told by the binder that owns the account and by no other; left out where there is nothing to
   * measure. While no binder owns it there are none, so an alarm must take missing data for bad. `event`: how often, or for how
   * long, something happened since the line before: to be summed over time and binders.
   */
  kind: 'state' | 'event';
  /** Left out of a line where it is zero: a metric is paid for by the hour in which it is told. */
  sparse: boolean;
  meaning: string;
}

const state = (unit: Metric['unit'], meaning: string): Metric => ({ unit, kind: 'state', sparse: false, meaning });
const event = (meaning: string, unit: Metric['unit'] = 'Count'): Metric => ({
  unit,
  kind: 'event',
  sparse: true,
  meaning,
});
const waited = (share: string, lane: string): Metric =>
  state('Milliseconds', `lane ${lane}: ${share} of the messages were submitted within this time of being queued`);

/** Those that are not one of many. */
const METRICS = {
  Bound: state('Count', '1 while every session of the account is bound, 0 while one is not'),
  WindowUsed: state('Percent', 'most of the submit window that was unanswered at any moment since the line before'),
  OldestUnanswered: state('Milliseconds', 'age of the oldest submit_sm without an answer, 0 without any'),
  LastInboundAge: state('Milliseconds', 'since the operator sent a PDU of any kind, while connected'),
  HeldOtp: state('Count', 'messages of lane otp that the binder has in hand'),
  HeldTransactional: state('Count', 'messages of lane transactional that the binder has in hand'),
  HeldBulk: state('Count', 'messages of lane bulk that the binder has in hand'),
  LaneWaitOtpP50: waited('half', 'otp'),
  LaneWaitOtpP99: waited('99 %', 'otp'),
  LaneWaitTransactionalP50: waited('half', 'transactional'),
  LaneWaitTransactionalP99: waited('99 %', 'transactional'),
  LaneWaitBulkP50: waited('half', 'bulk'),
  LaneWaitBulkP99: waited('99 %', 'bulk'),

  Submits: { ...event('submit_sm written: segments, resends among them'), sparse: false },
  Refused: { ...event('segments refused for good, for whatever reason'), sparse: false },
  Throttles: event('pauses that the operator asked for, by an answer for the rate or for a full queue'),
  ThrottlesBelowRate: event('such pauses that came well below the configured rate: a quota or a block'),
  PausedTime: event('time in such pauses', 'Milliseconds'),
  UnknownOutcomes: event('submit_sm written and not answered, in time or before the session ended'),
  ClaimsAbandoned: event(
    'messages found claimed by a binder that is gone; what it had on the wire has an unknown outcome',
  ),
  Resends: event('segments sent again after an unknown outcome, as their lane allows'),
  ClaimsGivenBack: event('claimed messages that went back to their queue with something still to send'),
  LateAnswers: event('answers to submit_sm whose outcome had been taken for unknown'),

  ExpiredWaiting: event('messages whose life ended before they were submitted'),
  RefusedSender: event('segments refused for good because of the sender id'),
  RefusedRecipient: event('segments refused for good because of the number'),
  RefusedOtherwise: event('segments refused for good for any other reason, or after the last try'),
  RefusedForNow: event('segments not accepted that are tried again later'),
  SendersBlocked: event('sender ids whose messages began to wait, because the operator refuses them'),
  RefusalWaves: event('times that the operator began to refuse number after number'),
  AnswersAlarming: event('answers to submit_sm that a person should look at'),

  ReceiptsStored: event('delivery receipts stored, then acknowledged'),
  InboundStored: event('messages from subscribers stored, then acknowledged'),
  NotStored: event('receipts and inbound messages that could not be stored; the operator repeats them'),
  MalformedPdus: event('PDUs of the operator that could not be read'),

  BindAttempts: event('binds sent'),
  LeasesTaken: event('terms begun: this binder became owner of the account'),
  LeasesReleased: event('terms ended in order: handed to another binder, or stopped'),
  LeasesLost: event('terms ended because the lease could not be renewed or was taken over'),
} as const satisfies Record<string, Metric>;

/** Answers to submit_sm that have a metric of their own; an operator can make up four thousand million. */
const ANSWERS =
  '0x00 0x01 0x03 0x04 0x05 0x08 0x0A 0x0B 0x0D 0x0E 0x14 0x43 0x45 0x48 0x49 0x50 0x51 0x58 0x61 0x62 0x64 0x65 0x66';
/** Answers to a bind that have one. */
const BIND_ANSWERS = '0x00 0x01 0x03 0x05 0x0D 0x0E 0x0F 0x53';
/** Why a session ended or never came about: the words that stand in the log too. */
const SESSION_ENDS =
  'requested rebind credentials_unavailable connect_failed connect_timeout bind_refused bind_timeout bind_mismatched ' +
  'bind_not_encodable enquire_link_timeout submits_unanswered peer_not_reading peer_unbound peer_closed connection_lost ' +
  'bad_length';

/** Why queue messages were moved to a dead-letter queue: the words that stand there too. */
const POISON_REASONS = 'unreadable no_such_message other_account work_failed received_too_often';

const OTHER = 'Other';

function family(prefix: string, members: string, meaning: (member: string) => string): Record<string, Metric> {
  const names = members.split(' ').map((member) => [`${prefix}${pascalCase(member)}`, event(meaning(member))] as const);
  return { ...Object.fromEntries(names), [`${prefix}${OTHER}`]: event(meaning('any other')) };
}

/** Every metric by its name. A line has no other. */
export const BINDER_METRICS: Readonly<Record<string, Metric>> = {
  ...METRICS,
  ...family('Answers', ANSWERS, (code) => `submit_sm answered with ${code}`),
  ...family('BindAnswers', BIND_ANSWERS, (code) => `binds answered with ${code}`),
  ...family('DeadLettered', POISON_REASONS, (reason) => `queue messages moved to the dead-letter queue: ${reason}`),
  ...family('SessionsEnded', SESSION_ENDS, (reason) => `sessions that ended, or never came about: ${reason}`),
};

export type MetricName = keyof typeof METRICS | MemberName;
type Family = 'Answers' | 'BindAnswers' | 'DeadLettered' | 'SessionsEnded';
type MemberName = `${Family}${string}`;

/** The metric of one answer code or reason; `…Other` where it has none of its own. */
export function memberMetric(prefix: Family, member: string): MemberName {
  const name = `${prefix}${pascalCase(member)}` as const;
  return name in BINDER_METRICS ? name : `${prefix}${OTHER}`;
}

function pascalCase(words: string): string {
  if (words.startsWith('0x')) return words;
  return words.replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
