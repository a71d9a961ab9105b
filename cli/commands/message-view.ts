import type { Message } from '../../docs/client/bindery.ts';
import { maskNumber } from '../../shared/domain/phone-number.ts';
import { fields } from '../terminal/table.ts';
import { harmless, type Paint } from '../terminal/terminal.ts';

type Status = Message['status'];

const TONES: Partial<Record<Status, 'green' | 'red' | 'yellow'>> = {
  delivered: 'green',
  undelivered: 'red',
  failed: 'red',
  expired: 'yellow',
  unknown: 'yellow',
  canceled: 'yellow',
};

export function paintStatus(status: Status, paint: Paint): string {
  const tone = TONES[status];
  return tone === undefined ? status : paint(tone, status);
}

/** What of a message is a person's: its number, and its texts. */
interface Personal {
  to: string;
  text?: string | null | undefined;
  original_text?: string | undefined;
}

/** A message as it may stand on a screen or in a file: without its text, and its number masked, unless all is asked for. */
export function discreet<T extends Personal>(message: T, full: boolean): T | Omit<T, 'text' | 'original_text'> {
  if (full) return message;
  const { text: _text, original_text: _original, ...rest } = message;
  return { ...rest, to: maskNumber(message.to) };
}

/** `2026-11-23 08:02:51`, by this machine's clock. */
export function localTime(iso: string | null): string {
  if (iso === null) return '';
  const time = new Date(iso);
  const two = (value: number) => String(value).padStart(2, '0');
  const date = [time.getFullYear(), two(time.getMonth() + 1), two(time.getDate())].join('-');
  return `${date} ${[time.getHours(), time.getMinutes(), time.getSeconds()].map(two).join(':')}`;
}

/** A message with its timeline. */
export function messageLines(message: Message, { paint, full }: { paint: Paint; full: boolean }): string[] {
  const { segments, error, text } = message;
  const shown = discreet(message, full);
  const facts: [string, string][] = [
    ['Message', message.id],
    ['Status', paintStatus(message.status, paint)],
    ['To', shown.to],
    ['From', harmless(message.from)],
    ['Lane', `${message.lane} of ${message.account}${message.test ? ', test' : ''}`],
    ['Segments', `${segments.total} in ${message.encoding}, ${segments.sent} sent, ${segments.delivered} delivered`],
    ...(full && typeof text === 'string' ? [['Text', harmless(text)] as [string, string]] : []),
    ...(message.client_ref === null ? [] : [['Reference', harmless(message.client_ref)] as [string, string]]),
    ...(message.batch_id === null ? [] : [['Batch', message.batch_id] as [string, string]]),
    ...(error === null
      ? []
      : [['Error', paint('red', `${error.code}: ${harmless(error.detail)}`)] as [string, string]]),
    ...(error?.operator_code ? [['Operator', harmless(error.operator_code)] as [string, string]] : []),
    ...(message.is_final ? [] : [['Expires', localTime(message.expires_at)] as [string, string]]),
  ];
  const timeline = message.timeline.map(
    ({ status, at, detail }) =>
      `  ${localTime(at)}  ${paintStatus(status, paint)}${detail === null ? '' : `  ${harmless(detail)}`}`,
  );
  return [...fields(facts), '', ...timeline];
}
