import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseReceipt } from '../../../shared/receipts/parse-receipt.ts';
import { withoutRepeatedText } from '../../../shared/receipts/receipt-text.ts';

const FIELDS = 'id:A1 sub:001 dlvrd:001 submit date:2611221826 done date:2611221827 stat:DELIVRD err:000 ';
const ascii = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'));
const utf16 = (text: string) => new Uint8Array(Buffer.from(text, 'utf16le').swap16());
const header = Uint8Array.of(5, 0, 3, 7, 1, 1);

describe('what a receipt repeats of the message', () => {
  test.each<[string, Uint8Array, boolean, Uint8Array]>([
    ['behind text:', ascii(`${FIELDS}text:Your code is 123456`), false, ascii(`${FIELDS}text:`)],
    ['behind Text :', ascii(`${FIELDS}Text : 123456`), false, ascii(`${FIELDS}Text :`)],
    ['in UTF-16', utf16(`${FIELDS}text:123456`), false, utf16(`${FIELDS}text:`)],
    [
      'behind a header',
      new Uint8Array([...header, ...ascii(`${FIELDS}text:123456`)]),
      true,
      new Uint8Array([...header, ...ascii(`${FIELDS}text:`)]),
    ],
    [
      'behind a header in UTF-16',
      new Uint8Array([...header, ...utf16('id:1 text:123')]),
      true,
      new Uint8Array([...header, ...utf16('id:1 text:')]),
    ],
  ])('%s is cut off', (_where, payload, udhIndicated, kept) => {
    expect(Buffer.from(withoutRepeatedText(payload, udhIndicated))).toEqual(Buffer.from(kept));
  });

  test('is all that is cut off: the receipt reads as before', () => {
    const payload = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.string({ unit: 'binary-ascii', maxLength: 60 }).map((text) => ascii(`${FIELDS}text:${text}`)),
      fc.string({ maxLength: 40 }).map((text) => utf16(`${FIELDS}${text}`)),
    );
    fc.assert(
      fc.property(payload, fc.boolean(), (payload, udhIndicated) => {
        const esmClass = udhIndicated ? 0x44 : 0x04;
        const kept = withoutRepeatedText(payload, udhIndicated);
        expect(Buffer.from(kept)).toEqual(Buffer.from(payload.subarray(0, kept.length)));
        expect(parseReceipt({ esmClass, payload: kept, tlvs: [] })).toEqual(
          parseReceipt({ esmClass, payload, tlvs: [] }),
        );
      }),
      { numRuns: 500 },
    );
  });
});
