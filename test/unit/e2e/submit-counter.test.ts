import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SubmitCounter } from '../../e2e/submit-counter.ts';

/** A PDU with a body of zeros. */
function pdu(commandId: number, bodyOctets: number): Buffer {
  const buffer = Buffer.alloc(16 + bodyOctets);
  buffer.writeUInt32BE(buffer.length, 0);
  buffer.writeUInt32BE(commandId, 4);
  return buffer;
}

const SUBMIT_SM = 0x00000004;
const OTHERS = [0x00000009, 0x00000015, 0x80000004, 0x80000005];

describe('counting submit_sm on the wire', () => {
  test('finds each, however the stream is cut, and nothing else', () => {
    const pdus = fc.array(fc.tuple(fc.constantFrom(SUBMIT_SM, ...OTHERS), fc.nat(40)), { maxLength: 20 });
    fc.assert(
      fc.property(pdus, fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1 }), (sequence, cuts) => {
        const stream = Buffer.concat(sequence.map(([id, octets]) => pdu(id, octets)));
        const counter = new SubmitCounter();
        let found = 0;
        for (let at = 0, cut = 0; at < stream.length; cut += 1) {
          const length = cuts[cut % cuts.length] ?? 1;
          found += counter.push(stream.subarray(at, at + length));
          at += length;
        }
        expect(found).toBe(sequence.filter(([id]) => id === SUBMIT_SM).length);
      }),
    );
  });

  test('knows it as soon as its header is there', () => {
    const counter = new SubmitCounter();
    expect(counter.push(pdu(SUBMIT_SM, 30).subarray(0, 7))).toBe(0);
    expect(counter.push(pdu(SUBMIT_SM, 30).subarray(7, 8))).toBe(1);
  });
});
