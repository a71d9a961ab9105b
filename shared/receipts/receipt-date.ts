const DATE = /^(\d{10}|\d{12}|\d{14})(?:\d?(?:\s*(?:UTC|GMT|Z|[+-]\d{2}:?\d{2}|\d{2}[+-]))?)?$/i;

/**
 * A date of a receipt as `YYYY-MM-DDThh:mm:ss` in the message centre's own time; undefined where it cannot be read.
 * SMPP 3.4 appendix B has YYMMDDhhmm; in the field it comes with seconds, with a full year, and with a zone, which is left
 * out: it is as often wrong as right.
 */
export function parseReceiptDate(written: string): string | undefined {
  const digits = DATE.exec(written.trim())?.[1];
  if (digits === undefined) return undefined;
  // Twelve digits are YYMMDDhhmmss unless that has no such month: every YYYYMMDDhhmm since 2013 reads as month 13 or later.
  const short = digits.length === 10 || (digits.length === 12 && Number(digits.slice(2, 4)) <= 12);
  const [, year, month, day, hour, minute, second = '00'] =
    /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})?$/.exec(short ? `20${digits}` : digits) ?? [];
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  const time = Date.parse(`${iso}Z`);
  // A date that does not exist (31 February) would be read as another one.
  return Number.isNaN(time) || new Date(time).toISOString().slice(0, 19) !== iso ? undefined : iso;
}
