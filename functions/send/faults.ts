import type { ApiAccount } from '../../shared/config/environment.ts';
import type { HttpErrorCode } from '../../shared/contracts/error-codes.ts';
import type { ApiKey } from '../../shared/domain/api-key.ts';
import { refusedLinks } from '../../shared/domain/links.ts';
import type { NormalizedNumber } from '../../shared/domain/phone-number.ts';
import type { CheckedSenderId } from '../../shared/domain/sender-id.ts';
import { isTestNumber } from '../../shared/domain/test-number.ts';
import type { Segmentation } from '../../shared/encoding/segment.ts';
import { isInvisible } from '../../shared/encoding/visible.ts';
import type { CheckedCallbackUrl } from '../../shared/webhooks/callback.ts';
import type { SendTime } from './send-time.ts';

export interface Fault {
  pointer: '/to' | '/from' | '/text' | '/send_at' | '/status_callback_url';
  code: HttpErrorCode;
  /** Holds no number and no text, but for characters that cannot be encoded. */
  detail: string;
}

export function numberFaults(number: NormalizedNumber, { test }: ApiKey): Fault[] {
  if (number.kind === 'refused') return [{ pointer: '/to', code: number.code, detail: number.detail }];
  if (test || !isTestNumber(number.e164)) return [];
  return [{ pointer: '/to', code: 'test_number', detail: 'only test keys (bk_test_…) may send to a test number' }];
}

export function senderFaults(sender: CheckedSenderId, caller: ApiKey): Fault[] {
  if (sender.kind === 'refused') return [{ pointer: '/from', code: sender.code, detail: sender.detail }];
  if (caller.senderIds === undefined || caller.senderIds.includes(sender.from)) return [];
  return [{ pointer: '/from', code: 'sender_not_allowed', detail: 'this key may not use this sender id' }];
}

export function timeFaults(time: SendTime): Fault[] {
  return time.kind === 'ok' ? [] : [{ pointer: '/send_at', code: 'invalid_send_at', detail: time.detail }];
}

export function callbackFaults(callback: CheckedCallbackUrl | undefined): Fault[] {
  if (callback?.kind !== 'refused') return [];
  return [{ pointer: '/status_callback_url', code: callback.code, detail: callback.detail }];
}

export interface WrittenText {
  text: string;
  encoding: string;
  segmentation: Segmentation;
}

/** A text has one fault at a time: what it says comes after whether it can be said. */
export function textFaults(
  { text, encoding, segmentation }: WrittenText,
  { maxSegments, links }: Pick<ApiAccount, 'maxSegments' | 'links'>,
): Fault[] {
  const fault = (code: HttpErrorCode, detail: string): Fault[] => [{ pointer: '/text', code, detail }];
  if (isInvisible(text)) return fault('empty_text', 'it has nothing that a reader could see');
  if (segmentation.kind === 'unencodable') {
    const characters = segmentation.characters.join(' ');
    return fault('text_not_encodable', `these characters cannot be sent as ${encoding}: ${characters}`);
  }
  const count = segmentation.segments.length;
  if (count > maxSegments)
    return fault('too_many_segments', `it takes ${count} segments, and ${maxSegments} are allowed`);
  const refused = refusedLinks(text, links);
  if (refused === 0) return [];
  const others = links.policy === 'allow_hosts' ? 'only those to the hosts that it allows' : 'none';
  return fault(
    'url_not_allowed',
    `it has ${refused} ${refused === 1 ? 'link' : 'links'} that this account does not send: ${others}`,
  );
}
