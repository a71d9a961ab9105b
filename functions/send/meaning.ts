import type { ApiAccount } from '../../shared/config/environment.ts';
import type { HttpErrorCode } from '../../shared/contracts/error-codes.ts';
import type { MessageRequest } from '../../shared/contracts/message-request.ts';
import type { ApiKey } from '../../shared/domain/api-key.ts';
import type { Encoding } from '../../shared/domain/message.ts';
import { type NormalizedNumber, normalizeNumber } from '../../shared/domain/phone-number.ts';
import { type CheckedSenderId, checkSenderId } from '../../shared/domain/sender-id.ts';
import { isTestNumber } from '../../shared/domain/test-number.ts';
import { type Segmentation, segmentText } from '../../shared/encoding/segment.ts';
import { type SendTime, sendTimeOf } from './send-time.ts';

export interface Fault {
  pointer: '/to' | '/from' | '/text' | '/send_at';
  code: HttpErrorCode;
  /** Holds no number and no text, but for characters that cannot be encoded. */
  detail: string;
}

/** What a well-formed request comes to. */
export type Meaning =
  | { kind: 'sendable'; to: string; from: string; encoding: Encoding; segmentCount: number; sendAt?: number }
  /** Every fault, at least one. */
  | { kind: 'refused'; faults: Fault[] };

/** Reads number, sender id and text of a request, and names everything that is wrong with them at once. */
export function meaningOf(
  request: MessageRequest,
  { caller, account, now }: { caller: ApiKey; account: ApiAccount; now: number },
): Meaning {
  const number = normalizeNumber(request.to);
  const sender = checkSenderId(request.from);
  const text = segmentText(request);
  const time = sendTimeOf(request, account, now);
  const faults = [
    ...numberFaults(number, caller),
    ...senderFaults(sender, caller),
    ...textFaults(text, { encoding: request.encoding, maxSegments: account.maxSegments }),
    ...timeFaults(time),
  ];
  if (faults.length > 0 || number.kind !== 'ok' || sender.kind !== 'ok' || text.kind !== 'ok' || time.kind !== 'ok') {
    return { kind: 'refused', faults };
  }
  const { encoding, segments } = text;
  const { sendAt } = time;
  return {
    kind: 'sendable',
    to: number.e164,
    from: sender.from,
    encoding,
    segmentCount: segments.length,
    ...(sendAt === undefined ? {} : { sendAt }),
  };
}

function numberFaults(number: NormalizedNumber, { test }: ApiKey): Fault[] {
  if (number.kind === 'refused') return [{ pointer: '/to', code: number.code, detail: number.detail }];
  if (test || !isTestNumber(number.e164)) return [];
  return [{ pointer: '/to', code: 'test_number', detail: 'only test keys (bk_test_…) may send to a test number' }];
}

function timeFaults(time: SendTime): Fault[] {
  return time.kind === 'ok' ? [] : [{ pointer: '/send_at', code: 'invalid_send_at', detail: time.detail }];
}

function senderFaults(sender: CheckedSenderId, caller: ApiKey): Fault[] {
  if (sender.kind === 'refused') return [{ pointer: '/from', code: sender.code, detail: sender.detail }];
  if (caller.senderIds === undefined || caller.senderIds.includes(sender.from)) return [];
  return [{ pointer: '/from', code: 'sender_not_allowed', detail: 'this key may not use this sender id' }];
}

function textFaults(text: Segmentation, { encoding, maxSegments }: { encoding: string; maxSegments: number }): Fault[] {
  if (text.kind === 'unencodable') {
    const detail = `these characters cannot be sent as ${encoding}: ${text.characters.join(' ')}`;
    return [{ pointer: '/text', code: 'text_not_encodable', detail }];
  }
  if (text.segments.length <= maxSegments) return [];
  const detail = `it takes ${text.segments.length} segments, and ${maxSegments} are allowed`;
  return [{ pointer: '/text', code: 'too_many_segments', detail }];
}
