import type { ApiAccount } from '../../shared/config/environment.ts';
import type { PreviewRequest } from '../../shared/contracts/message-preview.ts';
import type { MessageRequest } from '../../shared/contracts/message-request.ts';
import type { ApiKey } from '../../shared/domain/api-key.ts';
import type { Encoding, SmartEncodingReport } from '../../shared/domain/message.ts';
import { type NormalizedNumber, normalizeNumber } from '../../shared/domain/phone-number.ts';
import { type CheckedSenderId, checkSenderId } from '../../shared/domain/sender-id.ts';
import type { Segmentation } from '../../shared/encoding/segment.ts';
import { type SmartText, segmentSmartly } from '../../shared/encoding/smart-encoding.ts';
import { type CallbackRules, checkCallbackUrl } from '../../shared/webhooks/callback.ts';
import { callbackFaults, type Fault, numberFaults, senderFaults, textFaults, timeFaults } from './faults.ts';
import { type SendTime, sendTimeOf } from './send-time.ts';

/** What a well-formed request comes to. */
export type Meaning =
  | {
      kind: 'sendable';
      to: string;
      from: string;
      /** As it goes out. */
      text: string;
      encoding: Encoding;
      segmentCount: number;
      sendAt?: number;
      /** Where its events are posted to. */
      callbackUrl?: string;
      /** Only where smart encoding changed the text: what was written, and what changed. */
      smart?: { originalText: string; report: SmartEncodingReport };
    }
  /** Every fault, at least one. */
  | { kind: 'refused'; faults: Fault[] };

export interface MeaningContext {
  caller: ApiKey;
  account: ApiAccount;
  callbacks: CallbackRules;
  /** Epoch milliseconds. */
  now: number;
}

/** What can be read of a message, whole or not. */
export interface Reading {
  /** undefined where there is none to read. */
  number: NormalizedNumber | undefined;
  sender: CheckedSenderId | undefined;
  smart: SmartText;
  /** As it would go out. */
  text: string;
  segmentation: Segmentation;
  time: SendTime;
  callbackUrl: string | undefined;
  /** Everything that is wrong with what there is. */
  faults: Fault[];
}

type Written = Omit<PreviewRequest, 'client_ref' | 'metadata' | 'ttl_seconds'>;

/** Reads number, sender id, text and time of a request, and names everything that is wrong with them at once. */
export function readRequest(request: Written, { caller, account, callbacks, now }: MeaningContext): Reading {
  const number = request.to === undefined ? undefined : normalizeNumber(request.to);
  const sender = request.from === undefined ? undefined : checkSenderId(request.from, account);
  const smart = segmentSmartly(request, request.smart_encoding ?? account.smartEncoding);
  const { segmentation } = smart;
  const text = smart.kind === 'replaced' ? smart.text : request.text;
  const time = sendTimeOf(request, account, now);
  const written = request.status_callback_url;
  const callback = written === undefined ? undefined : checkCallbackUrl(written, callbacks);
  const faults = [
    ...(number === undefined ? [] : numberFaults(number, caller)),
    ...(sender === undefined ? [] : senderFaults(sender, caller)),
    ...textFaults({ text, encoding: request.encoding, segmentation }, account),
    ...timeFaults(time),
    ...callbackFaults(callback),
  ];
  const callbackUrl = callback?.kind === 'ok' ? callback.url : undefined;
  return { number, sender, smart, text, segmentation, time, callbackUrl, faults };
}

export function meaningOf(request: MessageRequest, context: MeaningContext): Meaning {
  const { number, sender, smart, text, segmentation, time, callbackUrl, faults } = readRequest(request, context);
  const isRead = number?.kind === 'ok' && sender?.kind === 'ok' && segmentation.kind === 'ok' && time.kind === 'ok';
  if (faults.length > 0 || !isRead) return { kind: 'refused', faults };
  return {
    kind: 'sendable',
    to: number.e164,
    from: sender.from,
    text,
    encoding: segmentation.encoding,
    segmentCount: segmentation.segments.length,
    ...(time.sendAt === undefined ? {} : { sendAt: time.sendAt }),
    ...(callbackUrl === undefined ? {} : { callbackUrl }),
    ...(smart.kind === 'kept' ? {} : { smart: { originalText: request.text, report: reportOf(smart) } }),
  };
}

function reportOf({ replacements, without }: Extract<SmartText, { kind: 'replaced' }>): SmartEncodingReport {
  if (without.kind !== 'ok') return { replacements };
  return { replacements, without: { encoding: without.encoding, segments: without.segments.length } };
}
