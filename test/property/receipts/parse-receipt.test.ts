import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseReceipt } from '../../../shared/receipts/parse-receipt.ts';

const octets = fc.uint8Array({ maxLength: 300 });
const tlv = fc.record({ tag: fc.oneof(fc.constantFrom(0x1e, 0x427, 0x423, 0x424), fc.nat(0xffff)), value: octets });

test('whatever octets come, the parser answers', () => {
  fc.assert(
    fc.property(fc.nat(255), octets, fc.array(tlv, { maxLength: 5 }), (esmClass, payload, tlvs) => {
      expect(['receipt', 'not_a_receipt']).toContain(parseReceipt({ esmClass, payload, tlvs }).kind);
    }),
    { numRuns: 1_000 },
  );
});

test('nor does it throw at what is nearly a receipt, and what it reads of it has an id or says that there is none', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      'id:',
      'sub:',
      'dlvrd:',
      'submit date:',
      'done date:',
      'stat:',
      'err:',
      'text:',
      ' ',
      ':',
      '\0',
      ',',
    ),
    fc.constantFrom('0012', 'DELIVRD', 'UNDEL', '2611221826', '261122182605032+', '99999999999999'),
    fc.string({ maxLength: 5 }),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), fc.array(tlv, { maxLength: 3 }), (pieces, tlvs) => {
      const parsed = parseReceipt({ esmClass: 4, payload: Buffer.from(pieces.join('')), tlvs });
      if (parsed.kind !== 'receipt') throw new Error('it is a receipt by its esm_class');
      const hasNone = parsed.problems.includes('no_id') || parsed.problems.includes('id_too_long');
      expect(hasNone).toBe(parsed.mcMessageId === '');
      expect(parsed.problems.includes('no_state')).toBe(parsed.stat === undefined && parsed.messageState === undefined);
      expect(parsed.mcMessageId.length).toBeLessThan(256);
    }),
    { numRuns: 1_000 },
  );
});

test('what stands behind text: changes nothing', () => {
  const start = 'id:0001 stat:DELIVRD text:';
  const bare = parseReceipt({ esmClass: 4, payload: Buffer.from(start), tlvs: [] });
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('id:2', 'stat:UNDELIV', 'err:1')), (text) => {
      expect(parseReceipt({ esmClass: 4, payload: Buffer.from(start + text), tlvs: [] })).toEqual(bare);
    }),
  );
});

test('an id of any printable characters comes back as it went in', () => {
  // Not with a sign at its end that divides fields.
  const id = fc.stringMatching(/^[!-9;-~]{1,63}[!-+.-9<-{}~]$/);
  fc.assert(
    fc.property(id, (id) => {
      const payload = Buffer.from(`id:${id} sub:001 stat:DELIVRD`);
      expect(parseReceipt({ esmClass: 4, payload, tlvs: [] })).toMatchObject({ mcMessageId: id, stat: 'DELIVRD' });
    }),
  );
});
