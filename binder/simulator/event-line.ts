import { styleText } from 'node:util';
import { maskNumber } from '../../shared/domain/phone-number.ts';
import { statusMeaning } from '../smpp/status.ts';
import type { DeliveryTopic, SimulatorEvent } from './journal.ts';
import type { RecordedSubmit } from './recorded-submit.ts';

export interface LineOptions {
  showTexts: boolean;
  /** Terminal colours. */
  colour: boolean;
  /** Epoch milliseconds. */
  now: () => number;
}

type Tone = 'good' | 'bad' | 'plain';
const STYLES = { good: 'green', bad: 'red', plain: 'reset' } as const;

/** One line about an event, for people: time, link, what happened. Numbers are masked; texts show only if asked for. */
export function eventLine(event: SimulatorEvent, options: LineOptions): string {
  const time = new Date(options.now()).toISOString().slice(11, 23);
  const { text, tone } = describe(event, options);
  const shown = options.colour ? styleText(STYLES[tone], text, { validateStream: false }) : text;
  return `${time}  #${String(event.link).padEnd(3)} ${shown}`;
}

/** One JSON object about an event, for programs; with the same discretion. */
export function eventJson(event: SimulatorEvent, options: Pick<LineOptions, 'showTexts'>): string {
  if (event.kind !== 'submit_answered') return JSON.stringify(event);
  const { submit, ...rest } = event;
  const { systemId, source, status, messageId, concatenation, dataCoding, text } = submit;
  return JSON.stringify({
    ...rest,
    systemId,
    source: maskSender(source),
    destination: maskNumber(submit.destination),
    status,
    messageId,
    dataCoding,
    ...(concatenation === undefined ? {} : { segment: concatenation.index, segments: concatenation.total }),
    ...(options.showTexts ? { text } : {}),
  });
}

function describe(event: SimulatorEvent, options: LineOptions): { text: string; tone: Tone } {
  switch (event.kind) {
    case 'connected':
      return { text: `connected from ${event.peer}`, tone: 'plain' };
    case 'bind_answered':
      return answered(`bind ${event.bindType} as ${event.systemId}`, event.status);
    case 'submit_answered': {
      const { text, tone } = answered(submitText(event.submit, options), event.submit.status ?? 0);
      const id = event.submit.messageId === undefined ? '' : `, id ${event.submit.messageId}`;
      return { text: text + id + (event.reason === undefined ? '' : ` (${event.reason})`), tone };
    }
    case 'delivery_sent':
      return { text: `${topic(event.of)} sent${event.attempt > 1 ? `, attempt ${event.attempt}` : ''}`, tone: 'plain' };
    case 'delivery_answered':
      return answered(topic(event.of), event.status);
    case 'protocol_fault':
      return { text: `protocol fault: ${event.reason}`, tone: 'bad' };
    case 'unbound':
      return { text: `${event.systemId} unbound by ${event.by === 'peer' ? 'the peer' : 'this side'}`, tone: 'plain' };
    case 'closed':
      return { text: event.cutOff ? 'closed in the middle of a PDU' : 'closed', tone: event.cutOff ? 'bad' : 'plain' };
  }
}

function answered(what: string, status: number): { text: string; tone: Tone } {
  if (status === 0) return { text: `${what}: ok`, tone: 'good' };
  const { name, meaning } = statusMeaning(status);
  const hex = status.toString(16).toUpperCase().padStart(2, '0');
  return { text: `${what}: 0x${hex} ${name}, ${meaning}`, tone: 'bad' };
}

function submitText(submit: RecordedSubmit, { showTexts }: LineOptions): string {
  const { source, destination, concatenation, text } = submit;
  const part = concatenation === undefined ? '' : `, segment ${concatenation.index} of ${concatenation.total}`;
  return `${maskSender(source)} to ${maskNumber(destination)}${part}${showTexts ? ` ${JSON.stringify(text)}` : ''}`;
}

/** Sender ids show; a sender may be a number too, and someone's. */
function maskSender(source: string): string {
  return /[A-Za-z]/.test(source) ? source : maskNumber(source);
}

function topic(of: DeliveryTopic): string {
  return of.kind === 'receipt' ? `receipt ${of.stat} for ${of.messageId}` : `inbound part ${of.part} of ${of.parts}`;
}
