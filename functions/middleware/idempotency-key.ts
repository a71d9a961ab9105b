const MOST_CHARACTERS = 255;
/** An item of type string (RFC 9651 section 3.3.3), as the draft of the header asks for. */
const QUOTED = /^"((?:[^"\\]|\\["\\])*)"$/;

/**
 * The key of an `Idempotency-Key` header, bare or quoted: both forms of one key are the same.
 * @returns undefined where it is not 1 to 255 printable ASCII characters
 */
export function parseIdempotencyKey(header: string): string | undefined {
  const written = header.trim();
  const key = written.startsWith('"') ? QUOTED.exec(written)?.[1]?.replace(/\\(["\\])/g, '$1') : written;
  if (key === undefined || key.length > MOST_CHARACTERS) return undefined;
  return /^[ -~]+$/.test(key) ? key : undefined;
}
