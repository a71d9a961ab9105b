import type { SimulatorEvent } from '../../../binder/simulator/journal.ts';
import type { RecordedSubmit } from '../../../binder/simulator/recorded-submit.ts';
import type { Message } from '../../../shared/domain/message.ts';
import { applyChange, type MessageChange } from '../../../shared/domain/transitions.ts';
import type { ReceiptTableRow } from '../../../shared/store/receipts.ts';
import type { Evidence } from '../../chaos/evidence.ts';
import { judge } from '../../chaos/judges/index.ts';
import { queuedMessage } from '../../fixtures/message.ts';

export const TO = '+639175550000';
const TEXTS = ['Kumusta-po 0: ', 'Salamat'];
const AT = 1_795_343_200_000;

/** A message of two segments with changes applied to it as the product does. */
export function messageAfter(changes: readonly MessageChange[], different: Partial<Message> = {}): Message {
  const start = queuedMessage({ segmentCount: 2, to: TO, text: TEXTS.join(''), ...different });
  return changes.reduce((message, change) => {
    const result = applyChange(message, change);
    if (result.kind === 'unchanged') throw new Error(`${change.kind} changed nothing`);
    return result.message;
  }, start);
}

export const claimed: MessageChange = { kind: 'claimed', owner: 'o', fence: 1, at: AT };
export const secondSubmitted: MessageChange = { kind: 'segment_submitting', index: 1, at: AT };
export const accepted = (index: number): MessageChange => ({
  kind: 'segment_accepted',
  index,
  mcMessageId: `${100 + index}`,
  at: AT,
});
export const reported = (index: number): MessageChange => ({
  kind: 'receipt',
  index,
  mcMessageId: `${100 + index}`,
  state: 'delivered',
  stat: 'DELIVRD',
  at: AT,
});
export const ALL_SENT: readonly MessageChange[] = [claimed, accepted(0), secondSubmitted, accepted(1)];

/** One submit_sm of the message's segment, as the operator took it. */
export function submitOf(index: number, different: Partial<RecordedSubmit> = {}): RecordedSubmit {
  const text = TEXTS[index] ?? '';
  return {
    destination: `0${TO.slice(3)}`,
    concatenation: { reference: 1, total: 2, index: index + 1 },
    text,
    octets: Buffer.from(text),
    accepted: true,
    status: 0,
    messageId: `${100 + index}`,
    ...different,
  } as RecordedSubmit;
}

export function receiptEvents(messageId: string, stat = 'DELIVRD'): SimulatorEvent[] {
  const of = { kind: 'receipt', messageId, stat } as const;
  return [
    { atMs: 5, kind: 'delivery_sent', link: 1, systemId: 's', of, attempt: 1 },
    { atMs: 6, kind: 'delivery_answered', link: 1, systemId: 's', of, status: 0 },
  ];
}

export function segmentRow(index: number): ReceiptTableRow {
  const { messageId } = queuedMessage();
  return { kind: 'segment', account: 'main', mcMessageId: `${100 + index}`, messageId, index, at: AT };
}

export function receiptRow(mcMessageId: string, stat = 'DELIVRD'): ReceiptTableRow {
  return { kind: 'receipt', account: 'main', mcMessageId, stat, intermediate: false, raw: Buffer.alloc(0), at: AT };
}

/** The events of a message's timeline, each once. */
export function eventsOf({ messageId, timeline }: Message): Evidence['bus'] {
  return timeline.flatMap(({ status, sequence }) => {
    if (sequence === undefined) return [];
    const detail = { metadata: { event_id: `${messageId} ${sequence}`, sequence }, data: { message_id: messageId } };
    return [{ type: `message.${status}`, source: 'x', detail: detail as Evidence['bus'][number]['detail'] }];
  });
}

/** A run in which one message was delivered and nothing went wrong, with whatever a test wants different. */
export function evidenceOf(different: Partial<Evidence> = {}): Evidence {
  const message = messageAfter([...ALL_SENT, reported(0), reported(1)]);
  const { messages = [message] } = different;
  return {
    segmentsPerSecond: 10,
    requests: [{ message: requested, status: 202, messageId: message.messageId }],
    messages,
    rows: [segmentRow(0), segmentRow(1), receiptRow('100'), receiptRow('101')],
    deadLetters: [],
    parked: [],
    submits: [submitOf(0), submitOf(1)],
    arrivals: [],
    operatorEvents: [...receiptEvents('100'), ...receiptEvents('101')],
    owners: new Map(),
    deafSinceMs: new Map(),
    bus: messages.flatMap(eventsOf),
    leaks: [],
    callsHit: new Map(),
    takenAt: AT,
    ...different,
  };
}

export const requested: Evidence['requests'][number]['message'] = {
  to: TO,
  from: 'Bindery',
  text: TEXTS.join(''),
  lane: 'transactional',
  verdict: 'delivered',
  segments: 2,
};

/** What is broken in a run, in the words of the judges. */
export function brokenIn(different: Partial<Evidence>): string[] {
  return judge(evidenceOf(different)).flatMap(({ broken }) => broken);
}

/** One number of the ledger, by its name. */
export function rowOf(name: string, different: Partial<Evidence> = {}): string | number | undefined {
  const rows = judge(evidenceOf(different)).flatMap(({ rows }) => rows);
  return rows.find(([label]) => label.trim() === name)?.[1];
}
