/** What a submit_sm_resp asks for (smpp.md section 4, right column). */
export type AnswerClass =
  | { kind: 'accepted' }
  /** The link pauses (the gate sees to that) and this segment goes first again; no attempt counted. */
  | { kind: 'throttled' }
  /** The session is not what we think it is: not accepted, no attempt counted, bind again. */
  | { kind: 'not_bound'; alarm: boolean }
  /** `alarm` where our own configuration or code is at fault. */
  | { kind: 'permanent'; code: string; detail: string; alarm: boolean }
  /** Another try after a wait, at most `tries` in all. */
  | { kind: 'temporary'; code: string; detail: string; tries: number; firstDelaySeconds: number };

const THROTTLED: AnswerClass = { kind: 'throttled' };
const NOT_BOUND: AnswerClass = { kind: 'not_bound', alarm: false };
const permanent = (code: string, detail: string): AnswerClass => ({ kind: 'permanent', code, detail, alarm: false });
const ourFault = (detail: string): AnswerClass => ({
  kind: 'permanent',
  code: 'operator_rejected',
  detail,
  alarm: true,
});
const temporary = (detail: string, tries: number, firstDelaySeconds: number): AnswerClass => ({
  kind: 'temporary',
  code: 'operator_temporary_failure',
  detail,
  tries,
  firstDelaySeconds,
});

/** Both meanings of 0x0D and 0x0E are safe here: a submit does not authenticate and a bind carries no addresses. */
const CLASSES: Readonly<Record<number, AnswerClass>> = {
  0x00: { kind: 'accepted' },
  0x01: ourFault('the operator refused the length of the message'),
  // The message centre does not know submit_sm: not on this session, at least.
  0x03: { kind: 'not_bound', alarm: true },
  0x04: NOT_BOUND,
  0x05: NOT_BOUND,
  0x08: temporary('the operator had a system error', 5, 5),
  0x0a: permanent('sender_not_allowed', 'the operator refused the sender id'),
  0x0b: permanent('recipient_refused', 'the operator refused the number'),
  0x0d: permanent('sender_not_allowed', 'the operator refused the sender id'),
  0x0e: permanent('recipient_refused', 'the operator refused the number'),
  0x14: THROTTLED,
  0x43: ourFault('the operator refused esm_class'),
  0x45: temporary('the operator could not take the message', 2, 30),
  0x58: THROTTLED,
  0x61: ourFault('the operator refused the schedule time'),
  0x62: ourFault('the operator refused the validity period'),
  0x64: temporary('the operator had a temporary error', 5, 5),
  0x65: permanent('operator_rejected', 'the operator refused the message for good'),
  0x66: permanent('operator_rejected', 'the operator refused the message'),
};

/** Classes of a submit_sm_resp's command_status. A code that no table names gets one delayed try, then it is final. */
export function classifyAnswer(commandStatus: number): AnswerClass {
  const known = CLASSES[commandStatus];
  if (known) return known;
  if (commandStatus >= 0x48 && commandStatus <= 0x51)
    return ourFault('the operator refused a type of number or numbering plan');
  return temporary('the operator answered with a code of its own', 2, 30);
}

export function isNotBound(commandStatus: number): boolean {
  return classifyAnswer(commandStatus).kind === 'not_bound';
}

/** Seconds until the next try: doubling from the first delay, at most five minutes. */
export function retryDelaySeconds(answer: Extract<AnswerClass, { kind: 'temporary' }>, refusals: number): number {
  return Math.min(300, answer.firstDelaySeconds * 2 ** Math.max(0, refusals - 1));
}
