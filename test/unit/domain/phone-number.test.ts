import { describe, expect, test } from 'vitest';
import { formatForOperator, maskNumber, normalizeNumber } from '../../../shared/domain/phone-number.ts';

const e164Of = (written: string) => {
  const number = normalizeNumber(written);
  return number.kind === 'ok' ? number.e164 : number.code;
};

describe('a Philippine mobile number', () => {
  test.each([
    '09171234567',
    '9171234567',
    '639171234567',
    '+639171234567',
    '00639171234567',
    '+6309171234567',
    '0917 123 4567',
    '0917-123-4567',
    '0917.123.4567',
    '(0917) 123-4567',
    '+63 917 123 4567',
    '+63 (917) 123-4567',
    '(+63) 917-123-4567',
    '+63 (0)917 123 4567',
    '+63 [917] 1234567',
    '  09171234567\n',
    '0917\u00a0123\u202f4567',
    '0917\u2011123\u20134567',
    '+63\u2212917\u22121234567',
  ])('is understood as written: %j', (written) => {
    expect(e164Of(written)).toBe('+639171234567');
  });

  test.each(['0895', '0896', '0897', '0898', '0813', '0817'])('may have the DITO or Smart prefix %s', (prefix) => {
    const e164 = `+63${prefix.slice(1)}1234567`;
    expect(e164Of(`${prefix}1234567`)).toBe(e164);
    expect(e164Of(`+63${prefix}1234567`)).toBe(e164);
    expect(e164Of(`${prefix.slice(1)} 123 4567`)).toBe(e164);
  });

  test('may have a prefix that nobody has been given yet', () => {
    expect(e164Of('09001234567')).toBe('+639001234567');
    expect(e164Of('0999 999 9999')).toBe('+639999999999');
    expect(e164Of('0964-000-0001')).toBe('+639640000001');
  });

  test('is freed of characters that cannot be seen', () => {
    expect(e164Of('\u202a+63 917 123 4567\u202c')).toBe('+639171234567');
    expect(e164Of('\ufeff0917\u200b123\u20604567')).toBe('+639171234567');
  });

  test('is not written in other digits than ASCII', () => {
    expect(e164Of('٠٩١٧١٢٣٤٥٦٧')).toBe('invalid_number');
    expect(e164Of('０９１７１２３４５６７')).toBe('invalid_number');
    expect(e164Of('0917123456\u{1d7d5}')).toBe('invalid_number');
  });

  test('normalised again stays what it is', () => {
    expect(e164Of(e164Of('0917 123 4567'))).toBe('+639171234567');
  });
});

describe('a number that cannot be sent to', () => {
  test.each([
    '',
    '   ',
    '+',
    '()',
    '2366',
    '0917123456',
    '0895 123 456',
    '091712345678',
    '+63917123456',
    '+6391712345678',
    '917-123-456',
    '+09171234567',
    '0917+1234567',
    '++639171234567',
    '0917123456O',
    '0917 123 4567 ext 2',
    '0917/123/4567',
    '09171234567,09181234567',
    'tel:+639171234567',
    'Juan',
    '0812 123 4567',
    '0899 123 4567',
    '1800 1 888 1234',
    '+630',
    '+63',
    '+1',
  ])('of the wrong shape: %j', (written) => {
    expect(e164Of(written)).toBe('invalid_number');
  });

  test.each([
    '(02) 8123-4567',
    '02 812 3456',
    '+63 2 8123 4567',
    '0063 2 8123 4567',
    '032 412 3456',
    '(082) 221-1234',
    '+63 88 851 2345',
    '08822 712345',
    '2 8123 4567',
  ])('because it is a landline: %j', (written) => {
    expect(e164Of(written)).toBe('landline_number');
  });

  test.each([
    '+1 202 555 0123',
    '+65 9123 4567',
    '0065 9123 4567',
    '+971501234567',
    '+447911123456',
    '+886 912 345 678',
  ])('because it is abroad: %j', (written) => {
    expect(e164Of(written)).toBe('unsupported_country');
  });

  test('is not repeated in the refusal', () => {
    for (const written of ['0917123456', '(02) 8123-4567', '+12025550123', 'Juan']) {
      expect(JSON.stringify(normalizeNumber(written))).not.toMatch(/17123456|8123|2025550|Juan/);
    }
  });

  test('a megabyte of digits is refused at once', () => {
    const start = performance.now();
    expect(e164Of('0'.repeat(1_000_000))).toBe('invalid_number');
    expect(performance.now() - start).toBeLessThan(200);
  });
});

describe('formatForOperator', () => {
  test('writes 09… or 639…', () => {
    expect(formatForOperator('+639171234567', 'national')).toBe('09171234567');
    expect(formatForOperator('+639171234567', 'international')).toBe('639171234567');
  });
});

describe('maskNumber', () => {
  test.each(['+639171234567', '09171234567', '639171234567', '0917 123 4567', '+63 (0)917-123-4567'])(
    'masks %j',
    (written) => {
      expect(maskNumber(written)).toBe('+63917•••••67');
    },
  );

  test('leaves two digits at each end of other numbers', () => {
    expect(maskNumber('+12025550123')).toBe('+12•••••23');
    expect(maskNumber('(02) 8123-4567')).toBe('02•••••67');
    expect(maskNumber('091712345678')).toBe('09•••••78');
  });

  test('shows nothing of what may be anything', () => {
    expect(maskNumber('Juan dela Cruz')).toBe('•••••');
    expect(maskNumber('0917123456O')).toBe('•••••');
    expect(maskNumber('２０２５５５０１２３')).toBe('•••••');
    expect(maskNumber('2366')).toBe('•••••');
    expect(maskNumber('')).toBe('•••••');
  });
});
