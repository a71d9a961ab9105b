/** Fields of a receipt's text form (SMPP 3.4 appendix B), as written. */
export interface ReceiptFields {
  id?: string;
  sub?: string;
  dlvrd?: string;
  submitDate?: string;
  doneDate?: string;
  stat?: string;
  err?: string;
}

export interface ReceiptText {
  fields: ReceiptFields;
  /** esm_class promised a user data header, and there is none: nothing was cut off. */
  udhAbsent: boolean;
}

/** A field's name where no word ends in it ("paid:" is no "id:"); its value goes on until the next name. */
const NAME = /(?<![a-z])(id|sub|dlvrd|submit[ _]?date|done[ _]?date|stat(?:us)?|err(?:or)?)\s*:/gi;

/** The end of what may be read: behind it stands what the sender wrote, which may look like anything. */
const TEXT = /text\s*:/i;

/** Divides a receipt's payload into its fields. The first of a name counts. Never throws. */
export function receiptText(payload: Uint8Array, udhIndicated: boolean): ReceiptText {
  const headerOctets = udhIndicated ? userDataHeaderOctets(payload) : 0;
  const readable = decode(payload.subarray(headerOctets)).split(TEXT, 1)[0] ?? '';
  const fields: ReceiptFields = {};
  const names = [...readable.matchAll(NAME)];
  for (const [position, name] of names.entries()) {
    const field = fieldOf(name[1] ?? '');
    const value = readable.slice(name.index + name[0].length, names[position + 1]?.index ?? readable.length);
    fields[field] ??= value.trim();
  }
  return { fields, udhAbsent: udhIndicated && headerOctets === 0 };
}

/** A receipt's payload as it came, up to where the operator repeats what was sent: that is nobody's to keep. Never throws. */
export function withoutRepeatedText(payload: Uint8Array, udhIndicated: boolean): Uint8Array {
  const headerOctets = udhIndicated ? userDataHeaderOctets(payload) : 0;
  const body = payload.subarray(headerOctets);
  const text = TEXT.exec(decode(body));
  if (text === null) return payload;
  const end = text.index + text[0].length;
  return payload.subarray(0, headerOctets + (isWide(body) ? 2 * end : end));
}

function fieldOf(name: string): keyof ReceiptFields {
  const lower = name.toLowerCase();
  if (lower.startsWith('submit')) return 'submitDate';
  if (lower.startsWith('done')) return 'doneDate';
  if (lower.startsWith('stat')) return 'stat';
  if (lower.startsWith('err')) return 'err';
  return lower as 'id' | 'sub' | 'dlvrd';
}

/**
 * Length of the user data header with its own length octet (23.040, 9.2.3.24), 0 where the octets cannot be one: some message
 * centres set the indicator on plain receipts, and cutting there would take the id away.
 */
function userDataHeaderOctets(payload: Uint8Array): number {
  const end = 1 + (payload[0] ?? 0);
  if (end < 4 || end > payload.length || latin1(payload.subarray(0, 3)).toLowerCase() === 'id:') return 0;
  let at = 1;
  while (at + 1 < end) at += 2 + (payload[at + 1] ?? 0);
  return at === end ? end : 0;
}

/**
 * Receipts are ASCII whatever their data_coding says (read as GSM, "_" would become "§" and break ids), except that some
 * come as UTF-16BE, which the zero octets show.
 */
function decode(octets: Uint8Array): string {
  return latin1(isWide(octets) ? octets.filter((_, index) => index % 2 === 1) : octets).replaceAll('\0', ' ');
}

function isWide(octets: Uint8Array): boolean {
  return octets.length >= 2 && octets[0] === 0 && octets[1] !== 0;
}

function latin1(octets: Uint8Array): string {
  return Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength).toString('latin1');
}
