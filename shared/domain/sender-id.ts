/** Sender ids: what the recipient sees instead of a number. Who may use which is the account's and the key's matter. */

export interface SenderIdRules {
  /** Words of the account's profile that must not appear, in whatever case and however divided by `- . _`. */
  forbiddenWords?: readonly string[];
  /** Whether a number or a short code may be the sender. Default: it may not. */
  allowNumeric?: boolean;
}

export type CheckedSenderId =
  /** `form` decides the source address's TON and NPI; a numeric `from` is digits without a plus. */
  | { kind: 'ok'; from: string; form: 'alphanumeric' | 'numeric' }
  | { kind: 'refused'; code: 'invalid_sender_id'; detail: string };

const NUMERIC = /^\+?([0-9]{3,15})$/;

/** Case counts and nothing is trimmed: operators register a sender id exactly as it is written. */
export function checkSenderId(
  from: string,
  { forbiddenWords = [], allowNumeric = false }: SenderIdRules = {},
): CheckedSenderId {
  const digits = NUMERIC.exec(from)?.[1];
  if (digits !== undefined && allowNumeric) return { kind: 'ok', from: digits, form: 'numeric' };
  if (!/^[A-Za-z0-9._-]*$/.test(from)) return refused('only the letters A to Z, digits, and - . _');
  if (from.length < 3 || from.length > 11) return refused('3 to 11 characters');
  // 0917-123-45 is a number in disguise.
  if (!/[A-Za-z]/.test(from)) return refused('at least one letter; numbers cannot be senders here');
  const word = forbiddenWords.find((forbidden) => bare(forbidden) !== '' && bare(from).includes(bare(forbidden)));
  if (word !== undefined) return refused(`the word ${word} is not allowed in a sender id`);
  return { kind: 'ok', from, form: 'alphanumeric' };
}

function bare(word: string): string {
  return word.toLowerCase().replace(/[-._]/g, '');
}

function refused(detail: string): CheckedSenderId {
  return { kind: 'refused', code: 'invalid_sender_id', detail };
}
