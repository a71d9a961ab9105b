import type { RecordedSubmit } from '../../../binder/simulator/recorded-submit.ts';
import type { Message, Segment } from '../../../shared/domain/message.ts';
import { formatForOperator } from '../../../shared/domain/phone-number.ts';
import { overRate } from '../../e2e/rate.ts';
import type { Encounter } from './encounter.ts';

const BOUND_WITHIN_MS = 5_000;

/** What must hold after every misbehaviour, whatever it was, in words: nothing where it holds. */
export async function whatDoesNotHold(encounter: Encounter): Promise<string[]> {
  return [
    ...encounter.messages.flatMap((message) => [
      ...wrongEnd(message, encounter),
      ...message.segments.flatMap((_, index) => wrongSegment(message, index, encounter)),
      ...toldTwice(message),
    ]),
    ...overRate(encounter.submitTimes, encounter.account.segmentsPerSecond),
    ...unboundForTooLong(encounter),
    ...faults(encounter),
    ...(await leftBehind(encounter)),
  ];
}

function wrongEnd(message: Message, { scenario, operator, sent }: Encounter): string[] {
  const expected =
    scenario.ends?.(message) ??
    (message.segments.some(({ state }) => state === 'unanswered') ? 'unknown' : 'delivered');
  if (message.status !== expected) return [`${name(message)} is ${message.status}, not ${expected}`];
  if (message.status !== 'delivered' && message.status !== 'sent') return [];
  // As it was sent: the text of a one-time password is no longer stored.
  const written = sent.find(({ messageId }) => messageId === message.messageId)?.text;
  const arrived = operator
    .messages()
    .some(({ destination, text }) => destination === nationalOf(message) && text === written);
  return arrived ? [] : [`${name(message)} is ${message.status} and did not arrive as it was written`];
}

/** Nothing is accepted more often than it was knowingly sent again, and that is for the lane to allow. */
function wrongSegment(message: Message, index: number, { operator }: Encounter): string[] {
  const { state, resends, receipt, mcMessageId } = message.segments[index] as Segment;
  const submits = submitsOf(message, index, operator.submits);
  const accepted = submits.filter((submit) => submit.accepted).length;
  const mostResends = message.lane === 'bulk' ? 0 : 1;
  return complaints(`${name(message)} segment ${index}`, {
    [`was accepted ${accepted} times and resent ${resends} times`]: accepted > 1 + resends,
    [`was resent ${resends} times`]: resends > mostResends,
    'was given up without a resend': state === 'unanswered' && resends < mostResends,
    'has a receipt and never arrived': receipt !== undefined && accepted === 0,
    'has the id of another': !isOfThese(mcMessageId, submits),
    'was submitted by a session that was not bound': submits.some(({ systemId }) => systemId === ''),
  });
}

/** Promise P7: each state is entered, and told, once. */
function toldTwice(message: Message): string[] {
  const told = message.timeline.flatMap(({ status, sequence }) => (sequence === undefined ? [] : [status]));
  return new Set(told).size === told.length ? [] : [`${name(message)} became ${told.join(', ')}`];
}

/** Bounded time without a session, the first bind included, as the operator sees it. */
function unboundForTooLong({ operator, startedAtMs, scenario }: Encounter): string[] {
  const mostMs = scenario.boundAgainWithinMs ?? BOUND_WITHIN_MS;
  const bound = new Set<number>();
  const spansMs: number[] = [];
  let sinceMs = startedAtMs;
  for (const event of operator.events) {
    if (event.kind === 'bind_answered' && event.status === 0) {
      if (bound.size === 0) spansMs.push(event.atMs - sinceMs);
      bound.add(event.link);
    } else if ((event.kind === 'closed' || event.kind === 'unbound') && bound.delete(event.link) && bound.size === 0) {
      sinceMs = event.atMs;
    }
  }
  return [
    ...spansMs.filter((ms) => ms > mostMs).map((ms) => `not bound for ${Math.round(ms)} ms`),
    ...(bound.size === 0 ? ['not bound at the end'] : []),
  ];
}

const FAULTS = [
  'work on a message failed',
  'a handler failed',
  'a PDU of ours cannot be encoded',
  'no submit_sm can be made',
];

function faults({ log, operator, counters }: Encounter): string[] {
  const logged = log.lines.filter(({ message }) => FAULTS.some((fault) => message.startsWith(fault)));
  const told = operator.events.flatMap((event) => (event.kind === 'protocol_fault' ? [event.reason] : []));
  return [
    ...logged.map((line) => JSON.stringify(line)),
    ...told.map((reason) => `the operator was sent: ${reason}`),
    ...complaints('in the end', {
      [`${operator.undelivered} deliver_sm are not acknowledged`]: operator.undelivered > 0,
      [`${counters.unanswered} submits wait for an answer`]: counters.unanswered > 0,
    }),
  ];
}

async function leftBehind({ stores, account, inHand }: Encounter): Promise<string[]> {
  const waiting = await stores.waiting(account.name);
  return complaints('in the end', {
    [`${waiting} queue messages are left`]: waiting > 0,
    [`${inHand} messages are in hand`]: inHand > 0,
  });
}

/** Those that are so. */
function complaints(about: string, complaint: Record<string, boolean>): string[] {
  return Object.entries(complaint).flatMap(([words, isSo]) => (isSo ? [`${about}: ${words}`] : []));
}

/** The ids that the operator gave, be they written in hexadecimal. */
function isOfThese(mcMessageId: string | undefined, submits: readonly RecordedSubmit[]): boolean {
  if (mcMessageId === undefined) return true;
  return submits.some(({ messageId }) => messageId === mcMessageId || messageId === String(BigInt(`0x${mcMessageId}`)));
}

function submitsOf(message: Message, index: number, submits: readonly RecordedSubmit[]): RecordedSubmit[] {
  return submits.filter(
    ({ destination, concatenation }) =>
      destination === nationalOf(message) && (concatenation?.index ?? 1) === index + 1,
  );
}

function nationalOf({ to }: Message): string {
  return formatForOperator(to, 'national');
}

function name({ lane, messageId }: Message): string {
  return `${lane} ${messageId}`;
}
