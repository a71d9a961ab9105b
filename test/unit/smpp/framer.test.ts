import { describe, expect, test } from 'vitest';
import { Framer } from '../../../binder/smpp/framer.ts';
import { frameOf } from './pdus.ts';

const enquire = frameOf('00000015 00000000 00000001');
const nack = frameOf('80000000 00000003 00000002');

describe('cutting the stream into PDUs', () => {
  test('two PDUs in one chunk come out as two', () => {
    const framer = new Framer({ maxLengthOctets: 100 });
    expect(framer.push(Buffer.concat([enquire, nack]))).toEqual([
      { kind: 'frame', frame: enquire },
      { kind: 'frame', frame: nack },
    ]);
  });

  test('a frame does not change when the socket reuses its buffer', () => {
    const chunk = Buffer.from(enquire);
    const [framed] = new Framer({ maxLengthOctets: 100 }).push(chunk);
    chunk.fill(0xff);
    expect(framed).toEqual({ kind: 'frame', frame: enquire });
  });

  test('it knows whether a connection that ends now has cut a PDU off', () => {
    const framer = new Framer({ maxLengthOctets: 100 });
    expect(framer.atBoundary).toBe(true);
    framer.push(enquire.subarray(0, 3));
    expect(framer.atBoundary).toBe(false);
    framer.push(enquire.subarray(3));
    expect(framer.atBoundary).toBe(true);
  });

  test.each([0, 4, 10, 15, 101, 2 ** 31, 2 ** 32 - 1])(
    'a length of %d is reported once, then nothing is read',
    (length) => {
      const framer = new Framer({ maxLengthOctets: 100 });
      const bad = Buffer.alloc(16);
      bad.writeUInt32BE(length, 0);
      expect(framer.push(Buffer.concat([enquire, bad]))).toEqual([
        { kind: 'frame', frame: enquire },
        { kind: 'bad_length', length },
      ]);
      expect(framer.push(enquire)).toEqual([]);
    },
  );

  test('lengths of exactly a header and exactly the limit are fine', () => {
    const largest = frameOf(`00000015 00000000 00000001 ${'00'.repeat(84)}`);
    const framed = new Framer({ maxLengthOctets: 100 }).push(Buffer.concat([enquire, largest]));
    expect(framed).toEqual([
      { kind: 'frame', frame: enquire },
      { kind: 'frame', frame: largest },
    ]);
  });

  test('a large PDU in single octets takes time in proportion to its length', () => {
    const spent = (octets: number): number => {
      const framer = new Framer({ maxLengthOctets: 2 ** 20 });
      const frame = Buffer.alloc(octets);
      frame.writeUInt32BE(octets, 0);
      const started = performance.now();
      let frames = 0;
      for (let index = 0; index < octets; index += 1) frames += framer.push(frame.subarray(index, index + 1)).length;
      expect(frames).toBe(1);
      return performance.now() - started;
    };
    spent(20_000);
    const short = Math.max(1, Math.min(spent(20_000), spent(20_000)));
    // Ten times the octets: linear is 10, a concatenation per chunk is 100.
    expect(Math.min(spent(200_000), spent(200_000)) / short).toBeLessThan(40);
  });
});
