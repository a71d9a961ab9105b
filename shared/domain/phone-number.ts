/** Philippine mobile numbers: every form in which people write them becomes E.164 (+639171234567). */

export type NumberRefusal = 'invalid_number' | 'landline_number' | 'unsupported_country';

export type NormalizedNumber =
  | { kind: 'ok'; e164: string }
  /** `detail` never repeats the number: it goes into errors and logs. */
  | { kind: 'refused'; code: NumberRefusal; detail: string };

/** How an operator wants a destination: 09171234567 or 639171234567. */
export type OperatorNumberFormat = 'national' | 'international';

/**
 * What people write between digits: white space, dashes of any kind, dots, brackets; and format characters (zero-width
 * spaces, direction marks), which address books leave in what is copied out of them and nobody can see or delete.
 */
const BETWEEN_DIGITS = /[\s\p{Cf}\p{Pd}\u2212.()[\]]/gu;

/** The country code with or without +, 00 and a superfluous trunk zero (+63 (0)917…), or the trunk zero, or nothing. */
const PHILIPPINE = /^(?:(?:\+|00)?630?|0)?(\d+)$/;

/** Any 9xx prefix, assigned or not: operators get new ones. Of 8xx only what is known to be mobile: the rest is area codes. */
const MOBILE = /^(?:9\d{2}|81[37]|89[5-8])\d{7}$/;

/** Area code 2 with 7 or 8 digits, a two-digit area code (32 to 88) with 7, or Cagayan de Oro's old 8822 with 6. */
const LANDLINE = /^(?:2\d{7,8}|(?:[3-7][2-9]|8[2-8])\d{7}|8822\d{6})$/;

const ABROAD = /^(?:\+|00)(?!63)[1-9]\d{6,14}$/;

export function normalizeNumber(written: string): NormalizedNumber {
  const dialled = written.replace(BETWEEN_DIGITS, '');
  if (dialled === '') return refused('invalid_number', 'there is no number');
  // ASCII digits only: other digits come from a slip of the keyboard or from someone who hides a number from a filter.
  if (!/^\+?[0-9]+$/.test(dialled))
    return refused('invalid_number', 'only digits, spaces, dashes, dots and brackets, and a leading +');
  if (ABROAD.test(dialled)) return refused('unsupported_country', 'only Philippine numbers (+63) can be reached');
  const significant = PHILIPPINE.exec(dialled)?.[1] ?? '';
  if (MOBILE.test(significant)) return { kind: 'ok', e164: `+63${significant}` };
  if (LANDLINE.test(significant)) return refused('landline_number', 'a landline cannot receive text messages');
  return refused('invalid_number', 'not the shape of a Philippine mobile number, 09xxxxxxxxx or +639xxxxxxxxx');
}

function refused(code: NumberRefusal, detail: string): NormalizedNumber {
  return { kind: 'refused', code, detail };
}

/** The destination address of a submit_sm, without a plus (SMPP 3.4 section 5.2.9 knows digits only). */
export function formatForOperator(e164: string, format: OperatorNumberFormat): string {
  return format === 'national' ? `0${e164.slice('+63'.length)}` : e164.slice('+'.length);
}

const HIDDEN = '•••••';

/**
 * A number for logs, from any written form: +63917•••••67. The prefix shows the network, the last digits let a line be
 * matched with a complaint, and 100,000 numbers look the same. Of other numbers two digits stay at each end; what is no
 * number at all stays hidden, since nobody knows what it is.
 */
export function maskNumber(written: string): string {
  const number = normalizeNumber(written);
  if (number.kind === 'ok') return `${number.e164.slice(0, 6)}${HIDDEN}${number.e164.slice(-2)}`;
  const ends = /^(\+?[0-9]{2})[0-9]{3,}([0-9]{2})$/.exec(written.replace(BETWEEN_DIGITS, ''));
  return ends === null ? HIDDEN : `${ends[1]}${HIDDEN}${ends[2]}`;
}
