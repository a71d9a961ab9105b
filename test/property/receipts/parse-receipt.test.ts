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
  const id = fc.stringMatching(/^[!-9;-~]{1,64}$/);
  fc.assert(
    fc.property(id, (id) => {
      const payload = Buffer.from(`id:${id} sub:001 stat:DELIVRD`);
      expect(parseReceipt({ esmClass: 4, payload, tlvs: [] })).toMatchObject({ mcMessageId: id, stat: 'DELIVRD' });
    }),
  );
});
