import { describe, expect, test } from 'vitest';
import { ComposeError, composeSubmit, referenceOf, validityPeriod } from '../../../binder/outbound/compose.ts';
import { encodePdu } from '../../../binder/smpp/encode.ts';
import { type Account, accountSchema } from '../../../shared/config/account.ts';
import type { Message } from '../../../shared/domain/message.ts';
import { segmentText } from '../../../shared/encoding/segment.ts';
import { CREATED_AT, queuedMessage } from '../../fixtures/message.ts';
import { accountInput } from '../../fixtures/smpp-session.ts';

const account = accountSchema.parse(accountInput);
const nowMs = CREATED_AT + 1_000;

/** A message with as many segments as its text takes. */
function messageOf(text: string, different: Partial<Message> = {}): Message {
  const segmented = segmentText({ text, encoding: 'auto' });
  if (segmented.kind !== 'ok') throw new Error('the text cannot be encoded');
  return queuedMessage({ text, encoding: segmented.encoding, segmentCount: segmented.segments.length, ...different });
}

const compose = (message: Message, index = 0, different: Partial<Account> = {}) =>
  composeSubmit(message, index, { account: { ...account, ...different }, nowMs });

describe('the octets of a segment', () => {
  test('a short text in the GSM alphabet is one septet an octet, unpacked, with data_coding 0', () => {
    const pdu = compose(messageOf('Your code is 1234 @€'));

    expect(pdu).toMatchObject({ dataCoding: 0, esmClass: 0 });
    expect(pdu.shortMessage.toString('hex')).toBe(
      `${Buffer.from('Your code is 1234 ', 'latin1').toString('hex')}001b65`,
    );
  });

  test('what the GSM alphabet lacks makes it UTF-16BE with data_coding 8', () => {
    const pdu = compose(messageOf('ş😀'));

    expect(pdu).toMatchObject({ dataCoding: 8, esmClass: 0 });
    expect(pdu.shortMessage.toString('hex')).toBe('015fd83dde00');
  });

  test('a text of 160 septets has no header, one of 161 has one in each part', () => {
    expect(compose(messageOf('a'.repeat(160))).shortMessage).toHaveLength(160);

    const message = messageOf('a'.repeat(161));
    const parts = [compose(message, 0), compose(message, 1)];
    const reference = referenceOf(message.messageId) & 0xff;
    expect(parts.map(({ esmClass }) => esmClass)).toEqual([0x40, 0x40]);
    expect(parts.map(({ shortMessage }) => [...shortMessage.subarray(0, 6)])).toEqual([
      [5, 0, 3, reference, 2, 1],
      [5, 0, 3, reference, 2, 2],
    ]);
    expect(parts.map(({ shortMessage }) => shortMessage.length)).toEqual([6 + 153, 6 + 8]);
  });

  test('long UCS-2 parts keep to 140 octets', () => {
    const message = messageOf('ş'.repeat(71));

    expect([0, 1].map((index) => compose(message, index).shortMessage.length)).toEqual([6 + 134, 6 + 8]);
  });

  test('the same message gives the same PDU, however often it is composed', () => {
    const message = messageOf('ş'.repeat(200));

    expect(compose(message, 2)).toEqual(compose({ ...message, version: 9 }, 2));
  });

  test('every segment fits a PDU', () => {
    const message = messageOf('€'.repeat(400));
    for (const index of message.segments.keys()) {
      const octets = encodePdu({ ...compose(message, index), status: 0, sequence: 1 });
      expect(octets.length).toBeLessThan(300);
    }
  });

  test.each<[string, Message]>([
    ['has no text any more', (({ text: _text, ...rest }) => rest)(queuedMessage())],
    ['makes another number of segments than was counted', queuedMessage({ segmentCount: 2 })],
    ['is not in the alphabet that was stored', queuedMessage({ text: 'ş', encoding: 'gsm7' })],
  ])('a message that %s is not composed', (_what, message) => {
    expect(() => compose(message)).toThrow(ComposeError);
  });

  test('there is no segment beyond the last', () => {
    expect(() => compose(queuedMessage(), 1)).toThrow(ComposeError);
  });
});

describe('the addresses', () => {
  test('a name as sender has its own type of number, and digits have another', () => {
    expect(compose(queuedMessage({ from: 'Bindery' })).source).toEqual({ ton: 5, npi: 0, address: 'Bindery' });
    expect(compose(queuedMessage({ from: '21581234' })).source).toEqual({ ton: 0, npi: 1, address: '21581234' });
    expect(compose(queuedMessage({ from: 'Bank24' })).source).toMatchObject({ ton: 5 });
  });

  test.each([
    ['national', '09171234567'],
    ['international', '639171234567'],
  ] as const)('the recipient is written in the %s form', (format, address) => {
    const destination = { ton: 1, npi: 1, format };
    expect(compose(queuedMessage(), 0, { destination }).destination).toEqual({ ton: 1, npi: 1, address });
  });
});

describe('what else a submit says', () => {
  test('a receipt is wanted for every segment, and no message replaces another', () => {
    const message = messageOf('a'.repeat(161));
    for (const index of [0, 1])
      expect(compose(message, index)).toMatchObject({ registeredDelivery: 1, replaceIfPresent: 0 });
  });

  test('user_message_reference is the same for all parts and both octets count', () => {
    const message = messageOf('a'.repeat(161));
    const reference = referenceOf(message.messageId);
    const tlv = { tag: 0x0204, value: Buffer.from([reference >> 8, reference & 0xff]) };

    expect(compose(message, 0).tlvs).toEqual([tlv]);
    expect(compose(message, 1).tlvs).toEqual([tlv]);
  });

  test('references spread over all values that a header has, also for ids of the same moment', () => {
    const references = Array.from({ length: 5_000 }, (_, i) =>
      referenceOf(`msg_01JDA8K4ZZ0000000000${String(i).padStart(6, '0')}`),
    );

    expect(new Set(references.map((reference) => reference & 0xff)).size).toBe(256);
    expect(new Set(references).size).toBeGreaterThan(4_700);
    for (const reference of references) expect(reference).toBeLessThan(0x10000);
  });
});

describe('validity_period', () => {
  const inSeconds = (form: Account['validityPeriod'], seconds: number) =>
    validityPeriod(form, CREATED_AT + seconds * 1_000, CREATED_AT);

  test.each([
    [1, '000000000001000R'],
    [59, '000000000059000R'],
    [60, '000000000100000R'],
    [3_599, '000000005959000R'],
    [3_600, '000000010000000R'],
    [86_399, '000000235959000R'],
    [86_400, '000001000000000R'],
    [3_024_000, '000035000000000R'],
  ])('%d seconds are %s from now', (seconds, text) => {
    expect(inSeconds('relative', seconds)).toBe(text);
    expect(text).toHaveLength(16);
  });

  test('a part of a second is a whole one, and a message that is over still gets one', () => {
    expect(validityPeriod('relative', CREATED_AT + 1_001, CREATED_AT)).toBe('000000000002000R');
    expect(inSeconds('relative', 0)).toBe('000000000001000R');
    expect(inSeconds('relative', -500)).toBe('000000000001000R');
  });

  test('absolute times are in UTC, and never in the past', () => {
    const expiresAt = Date.UTC(2026, 11, 31, 23, 59, 58);
    expect(validityPeriod('absolute', expiresAt, CREATED_AT)).toBe('261231235958000+');
    expect(validityPeriod('absolute', CREATED_AT - 5_000, Date.UTC(2027, 0, 1))).toBe('270101000001000+');
  });

  test('a profile may leave it out', () => {
    expect(inSeconds('none', 60)).toBe('');
  });

  test('it says what is left of the life of a message when it is composed', () => {
    const message = queuedMessage({ expiresAt: nowMs + 90_000 });

    expect(compose(message).validityPeriod).toBe('000000000130000R');
  });
});
