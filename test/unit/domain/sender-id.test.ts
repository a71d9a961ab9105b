import { describe, expect, test } from 'vitest';
import { checkSenderId } from '../../../shared/domain/sender-id.ts';

describe('a sender id', () => {
  test.each(['MSG95', 'BDO', 'J-T.Express', 'a_b', '7Eleven', 'ABCDEFGHIJK', '3M-'])('may be %s', (from) => {
    expect(checkSenderId(from)).toEqual({ kind: 'ok', from, form: 'alphanumeric' });
  });

  test.each([
    ['', 'nothing'],
    ['AB', 'too short'],
    ['ABCDEFGHIJKL', 'too long'],
    ['My Shop', 'a space'],
    [' SHOP', 'a space in front'],
    ['SHOP\n', 'a line end'],
    ['NIÑO', 'a letter outside A to Z'],
    ['SHOP!', 'another sign'],
    ['S\u200bHOP', 'something invisible'],
    ['ЅHOP', 'a Cyrillic look-alike'],
    ['12345', 'a number'],
    ['09171234567', 'a phone number'],
    ['+63917123456', 'a phone number with a plus'],
    ['0917-123-45', 'a number in disguise'],
    ['...', 'no letter at all'],
  ])('may not be %j: %s', (from) => {
    expect(checkSenderId(from)).toMatchObject({ kind: 'refused', code: 'invalid_sender_id' });
  });

  test('may be a number only where the account allows it', () => {
    expect(checkSenderId('2366', { allowNumeric: true })).toEqual({ kind: 'ok', from: '2366', form: 'numeric' });
    expect(checkSenderId('+639171234567', { allowNumeric: true })).toEqual({
      kind: 'ok',
      from: '639171234567',
      form: 'numeric',
    });
    expect(checkSenderId('BDO', { allowNumeric: true })).toMatchObject({ form: 'alphanumeric' });
    expect(checkSenderId('12', { allowNumeric: true })).toMatchObject({ kind: 'refused' });
    expect(checkSenderId('1234567890123456', { allowNumeric: true })).toMatchObject({ kind: 'refused' });
  });

  test.each(['GCASH', 'MyGCash', 'g.cash', 'G-C_A.S-H'])('may not hide a forbidden word: %s', (from) => {
    const checked = checkSenderId(from, { forbiddenWords: ['Bank', 'GCash'] });
    expect(checked).toMatchObject({ kind: 'refused', detail: 'the word GCash is not allowed in a sender id' });
  });

  test('is free of words that nobody forbids', () => {
    expect(checkSenderId('GCash', { forbiddenWords: ['Maya', '', '-'] })).toMatchObject({ kind: 'ok' });
  });
});
