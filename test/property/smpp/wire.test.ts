import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodePdu } from '../../../binder/smpp/decode.ts';
import { encodePdu } from '../../../binder/smpp/encode.ts';
import { Framer } from '../../../binder/smpp/framer.ts';
import type { Command, Framed, Pdu, PduBody } from '../../../binder/smpp/pdu.ts';
import { redactFrame } from '../../../binder/smpp/redact.ts';
import { readTlvs, writeTlvs } from '../../../binder/smpp/tlv.ts';

const octet = fc.integer({ min: 0, max: 255 });
const unsigned = fc.integer({ min: 0, max: 0xffffffff });
const bytes = (max: number) => fc.uint8Array({ maxLength: max }).map((array) => Buffer.from(array));
/** Any Latin-1 text without NUL. */
const text = (max: number) =>
  fc.array(fc.integer({ min: 1, max: 255 }), { maxLength: max }).map((codes) => String.fromCharCode(...codes));

const tlvs = fc.array(fc.record({ tag: fc.integer({ min: 0, max: 0xffff }), value: bytes(40) }), { maxLength: 5 });
const address = fc.record({ ton: octet, npi: octet, address: text(20) });
const command = <C extends Command>(...commands: C[]) => fc.constantFrom(...commands);

const shortMessage = {
  serviceType: text(5),
  source: address,
  destination: address,
  esmClass: octet,
  protocolId: octet,
  priorityFlag: octet,
  scheduleDeliveryTime: text(16),
  validityPeriod: text(16),
  registeredDelivery: octet,
  replaceIfPresent: octet,
  dataCoding: octet,
  smDefaultMsgId: octet,
  shortMessage: bytes(254),
  tlvs,
};

const body: fc.Arbitrary<PduBody> = fc.oneof(
  fc.record({
    command: command('bind_transmitter', 'bind_receiver', 'bind_transceiver'),
    systemId: text(15),
    password: text(8),
    systemType: text(12),
    interfaceVersion: octet,
    addressTon: octet,
    addressNpi: octet,
    addressRange: text(40),
  }),
  fc
    .record(
      {
        command: command('bind_transmitter_resp', 'bind_receiver_resp', 'bind_transceiver_resp'),
        systemId: text(15),
        tlvs: tlvs.filter((list) => list.length > 0),
      },
      { requiredKeys: ['command'] },
    )
    // A TLV cannot stand without the mandatory parameter before it.
    .map((resp) => ('tlvs' in resp ? { systemId: '', ...resp } : resp)),
  fc.record({ command: command('submit_sm'), ...shortMessage }),
  fc.record({ command: command('deliver_sm'), ...shortMessage }),
  fc.record({ command: command('submit_sm_resp'), messageId: text(64) }, { requiredKeys: ['command'] }),
  fc.record({ command: command('deliver_sm_resp') }),
  fc.record({ command: command('outbind'), systemId: text(15), password: text(8) }),
  fc.record({ command: command('enquire_link', 'enquire_link_resp', 'unbind', 'unbind_resp', 'generic_nack') }),
);

const pdu: fc.Arbitrary<Pdu> = fc
  .tuple(body, unsigned, unsigned)
  .map(([body, status, sequence]) => ({ ...body, status, sequence }));

/** The same octets in chunks of the given sizes, over and over. */
function chunksOf(stream: Buffer, sizes: readonly number[]): Buffer[] {
  const chunks: Buffer[] = [];
  for (let offset = 0, turn = 0; offset < stream.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    chunks.push(stream.subarray(offset, offset + size));
    offset += size;
  }
  return chunks;
}

function framesOf(chunks: readonly Buffer[]): Framed[] {
  const framer = new Framer({ maxLengthOctets: 4096 });
  return chunks.flatMap((chunk) => framer.push(chunk));
}

describe('the wire', () => {
  test('what is written is read back as it was', () => {
    fc.assert(
      fc.property(pdu, (pdu) => {
        expect(decodePdu(encodePdu(pdu))).toEqual({ kind: 'pdu', pdu });
      }),
      { numRuns: 500 },
    );
  });

  test('no bytes make the decoder or the redactor throw', () => {
    const noise = bytes(120);
    // Most noise dies at the header; a right header with a wrong body gets further.
    const mutated = fc
      .tuple(pdu, fc.array(fc.tuple(fc.nat(), octet), { maxLength: 6 }), fc.nat({ max: 60 }))
      .map(([pdu, changes, cutOff]) => {
        const whole = encodePdu(pdu);
        const frame = Buffer.from(whole.subarray(0, Math.max(0, whole.length - cutOff)));
        for (const [at, value] of changes) if (frame.length > 0) frame[at % frame.length] = value;
        if (frame.length >= 4) frame.writeUInt32BE(frame.length, 0);
        return frame;
      });
    fc.assert(
      fc.property(fc.oneof(noise, mutated), (frame) => {
        decodePdu(frame);
        redactFrame(frame);
      }),
      { numRuns: 2000 },
    );
  });

  test('the chunks that TCP makes do not matter', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(fc.array(pdu, { maxLength: 5 }), bytes(20), sizes, (pdus, tail, sizes) => {
        const frames = pdus.map((pdu) => encodePdu(pdu));
        const stream = Buffer.concat([...frames, tail]);
        const framed = framesOf(chunksOf(stream, sizes));
        expect(framed).toEqual(framesOf([stream]));
        expect(framed.slice(0, frames.length)).toEqual(frames.map((frame) => ({ kind: 'frame', frame })));
      }),
    );
  });

  test('no byte stream stalls the framer: every octet is in a frame, is waited on, or came after a bad length', () => {
    fc.assert(
      fc.property(fc.array(bytes(60), { maxLength: 10 }), (chunks) => {
        const framer = new Framer({ maxLengthOctets: 64 });
        const framed = chunks.flatMap((chunk) => framer.push(chunk));
        const dead = framed.findIndex((each) => each.kind === 'bad_length');
        expect(dead === -1 || dead === framed.length - 1).toBe(true);
        const inFrames = framed.reduce((sum, each) => sum + (each.kind === 'frame' ? each.frame.length : 0), 0);
        const rest = Buffer.concat(chunks).subarray(inFrames);
        if (dead === -1) expect(rest.length < 4 || rest.length < rest.readUInt32BE(0)).toBe(true);
        else expect(framed[dead]).toEqual({ kind: 'bad_length', length: rest.readUInt32BE(0) });
      }),
      { numRuns: 500 },
    );
  });

  test('TLVs of any tag and value come back in order', () => {
    fc.assert(
      fc.property(tlvs, (tlvs) => {
        expect(readTlvs(writeTlvs(tlvs), 0)).toEqual(tlvs);
      }),
    );
  });
});
