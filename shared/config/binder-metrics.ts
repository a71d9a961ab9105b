/** The binder's metrics in CloudWatch: namespace `Bindery`, dimensions `Stage` and `Account`. Names, once given, stay. */
export const METRIC_NAMESPACE = 'Bindery';
export const METRIC_DIMENSIONS = ['Stage', 'Account'] as const;

export interface Metric {
  unit: 'Count' | 'Milliseconds' | 'Percent';
  /**
   * `state`: how things stand, told by the binder that owns the account and by no other, so an alarm must take missing data
   * for bad. `event`: how often something happened since the last line; sum it over time and binders.
   */
  kind: 'state' | 'event';
  /** `always` in every line of the account's owner; `when_not_zero` only where there is something to tell. */
  told: 'always' | 'when_not_zero';
  meaning: string;
}

type Told = Pick<Metric, 'unit' | 'meaning'>;
const state = (unit: Metric['unit'], meaning: string): Metric => ({ unit, kind: 'state', told: 'always', meaning });
const passing = (unit: Metric['unit'], meaning: string): Metric => ({
  unit,
  kind: 'state',
  told: 'when_not_zero',
  meaning,
});
const event = (meaning: string): Metric => ({ unit: 'Count', kind: 'event', told: 'when_not_zero', meaning });
const steady = (meaning: string): Metric => ({ ...event(meaning), told: 'always' });
const lasting = ({ unit, meaning }: Told): Metric => ({ unit, kind: 'event', told: 'when_not_zero', meaning });

const FIXED = {
  Bound: state('Count', '1 while every session of the account is bound, 0 while one is not'),
  WindowUsed: state('Percent', 'most of the submit window that was unanswered at any moment since the last line'),
  OldestUnanswered: state('Milliseconds', 'age of the oldest submit_sm without an answer, 0 without any'),
  LastInboundAge: passing('Milliseconds', 'since the operator last sent a PDU of any kind, while connected'),
  HeldOtp: state('Count', 'messages of lane otp in the binder’s hands'),
  HeldTransactional: state('Count', 'messages of lane transactional in the binder’s hands'),
  HeldBulk: state('Count', 'messages of lane bulk in the binder’s hands'),

  LaneWaitOtpP50: passing('Milliseconds', 'lane otp, queued to first submit: half of the messages since the last line'),
  LaneWaitOtpP99: passing('Milliseconds', 'lane otp, queued to first submit: 99 % of the messages since the last line'),
  LaneWaitTransactionalP50: passing('Milliseconds', 'lane transactional, queued to first submit, median'),
  LaneWaitTransactionalP99: passing('Milliseconds', 'lane transactional, queued to first submit, 99th percentile'),
  LaneWaitBulkP50: passing('Milliseconds', 'lane bulk, queued to first submit, median'),
  LaneWaitBulkP99: passing('Milliseconds', 'lane bulk, queued to first submit, 99th percentile'),

  Submits: steady('submit_sm written, segments, resends included'),
  UnknownOutcomes: steady('submit_sm written and not answered in time or before the session ended'),
  ReceiptsStored: steady('delivery receipts stored, then acknowledged'),
  NotStored: steady('receipts and inbound messages that could not be stored; the operator repeats them'),
} as const satisfies Record<string, Metric>;
