/** Of ten entries in one call. EventBridge and SQS take 256 KiB together; some is left for what surrounds them. */
const MOST_CALL_OCTETS = 240_000;
const MOST_ENTRIES = 10;

/**
 * Divides entries into what one call of EventBridge or SQS takes: a call of too many octets is refused as a whole, however often
 * it is repeated. Their order stays.
 */
export function portionsOf<T>(items: readonly T[], entryOf: (item: T) => object): T[][] {
  const portions: T[][] = [];
  let octetsLeft = 0;
  for (const item of items) {
    const octets = Buffer.byteLength(JSON.stringify(entryOf(item)));
    const last = portions.at(-1);
    if (last === undefined || last.length === MOST_ENTRIES || octets > octetsLeft) {
      portions.push([item]);
      octetsLeft = MOST_CALL_OCTETS - octets;
    } else {
      last.push(item);
      octetsLeft -= octets;
    }
  }
  return portions;
}
