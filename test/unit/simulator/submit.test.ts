import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SimulatorOptions } from '../../../binder/simulator/settings.ts';
import { type Simulator, startSimulator } from '../../../binder/simulator/simulator.ts';
import type { SubmitSm } from '../../../binder/smpp/pdu.ts';
import { intTlv, TAG } from '../../../binder/smpp/tlv.ts';
import { segmentText } from '../../../shared/encoding/segment.ts';
import { userData } from '../../../shared/encoding/user-data.ts';
import { Esme } from '../../esme.ts';

const SYSTEM = { systemId: 'bindery', password: 'secret12', submitsPerSecond: 1000 };

let simulator: Simulator;
let esme: Esme;

async function start(options: SimulatorOptions = {}): Promise<void> {
  simulator = await startSimulator({ systems: [SYSTEM], receiptDelayMs: 0, ...options });
  esme = await Esme.bound(simulator.port);
}
beforeEach(() => start());
afterEach(async () => {
  esme.close();
  await simulator.close();
});

async function restart(options: SimulatorOptions): Promise<void> {
  esme.close();
  await simulator.close();
  await start(options);
}

/** The submits of a text as a good ESME makes them. */
function segmentsOf(text: string, reference = 7): Partial<SubmitSm>[] {
  const segmentation = segmentText({ text, encoding: 'auto' });
  if (segmentation.kind !== 'ok') throw new Error('not encodable');
  const { segments, encoding } = segmentation;
  return userData({ segments, encoding, reference: { width: '8bit', value: reference } }).map((shortMessage) => ({
    shortMessage,
    esmClass: segments.length > 1 ? 0x40 : 0,
    dataCoding: encoding === 'ucs2' ? 8 : 0,
  }));
}

describe('what the message centre takes', () => {
  test('a good submit gets an id of its own and is recorded with all that tests ask for', async () => {
    const before = performance.now();
    const first = await esme.submitted({
      validityPeriod: '000001000000000R',
      shortMessage: Buffer.from([0x1b, 0x65, 0x40]),
    });
    const second = await esme.submitted();
    expect(first.messageId).toMatch(/^\d{16}$/);
    expect(second.messageId).not.toBe(first.messageId);
    expect(simulator.submits[0]).toMatchObject({
      systemId: 'bindery',
      source: 'MSG95',
      destination: '09171234567',
      dataCoding: 0,
      validityPeriod: '000001000000000R',
      sequence: first.sequence,
      octets: Buffer.from([0x1b, 0x65, 0x40]),
      text: '€¡',
      accepted: true,
      status: 0,
      messageId: first.messageId,
    });
    expect(simulator.submits[0]!.atMs).toBeGreaterThanOrEqual(before);
    expect(simulator.submits[0]!.answeredAtMs).toBeLessThanOrEqual(performance.now());
  });

  test('two runs give no id twice', async () => {
    const { messageId } = await esme.submitted();
    await restart({});
    expect((await esme.submitted()).messageId).not.toBe(messageId);
  });

  const national = { ton: 2, npi: 1, address: '09171234567' };
  const udh = Buffer.from('050003010201', 'hex');
  const behindPorts = (septets: number): Buffer =>
    Buffer.concat([Buffer.from('0605040b8423f0', 'hex'), Buffer.alloc(septets, 0x61)]);
  const refused: [string, Partial<SubmitSm>, number][] = [
    ['no text at all', { shortMessage: Buffer.alloc(0) }, 0x01],
    ['161 septets', { shortMessage: Buffer.alloc(161, 0x61) }, 0x01],
    ['142 octets of UCS-2', { shortMessage: Buffer.alloc(142), dataCoding: 8 }, 0x01],
    ['an odd octet of UCS-2', { shortMessage: Buffer.alloc(3), dataCoding: 8 }, 0x01],
    [
      '154 septets behind a header',
      { shortMessage: Buffer.concat([udh, Buffer.alloc(154, 0x61)]), esmClass: 0x40 },
      0x01,
    ],
    ['153 septets behind a header of ports', { shortMessage: behindPorts(153), esmClass: 0x40 }, 0x01],
    ['text and payload', { tlvs: [{ tag: TAG.messagePayload, value: Buffer.from('x') }] }, 0x01],
    ['no sender', { source: { ton: 5, npi: 0, address: '' } }, 0x0d],
    ['a sender of 12 characters', { source: { ton: 5, npi: 0, address: 'TwelveLetter' } }, 0x0d],
    ['a landline', { destination: { ...national, address: '0281234567' } }, 0x0e],
    ['a number in international form', { destination: { ...national, address: '639171234567' } }, 0x0e],
    ['a number with blanks', { destination: { ...national, address: '0917 1234567' } }, 0x0e],
    ['a number that is too short', { destination: { ...national, address: '0917123456' } }, 0x0e],
    ['data_coding 4', { dataCoding: 4 }, 0x45],
    ['a header that is not there', { esmClass: 0x40 }, 0x43],
    ['a receipt from an ESME', { esmClass: 0x04 }, 0x43],
    ['a reserved registered_delivery', { registeredDelivery: 3 }, 0x07],
    ['a schedule in another form', { scheduleDeliveryTime: '2026-11-22' }, 0x61],
    ['a validity in another form', { validityPeriod: '3600' }, 0x62],
  ];
  test.each(refused)('%s is refused', async (_what, overrides, status) => {
    expect(await esme.submitted(overrides)).toEqual({ command: 'submit_sm_resp', status, sequence: 2 });
    expect(simulator.submits[0]).toMatchObject({ status, accepted: false });
    expect(simulator.events).toContainEqual(
      expect.objectContaining({ kind: 'submit_answered', reason: expect.any(String) }),
    );
    expect(simulator.messages()).toEqual([]);
  });

  const taken: [string, Partial<SubmitSm>][] = [
    ['160 septets', { shortMessage: Buffer.alloc(160, 0x61) }],
    ['140 octets of UCS-2', { shortMessage: Buffer.alloc(140), dataCoding: 8 }],
    ['153 septets behind a header', { shortMessage: Buffer.concat([udh, Buffer.alloc(153, 0x61)]), esmClass: 0x40 }],
    ['152 septets behind a header of ports', { shortMessage: behindPorts(152), esmClass: 0x40 }],
    ['a numeric sender', { source: { ton: 1, npi: 1, address: '639170000000' } }],
    ['an absolute validity', { validityPeriod: '261122080000032+' }],
    ['a prefix of 08', { destination: { ...national, address: '08951234567' } }],
  ];
  test.each(taken)('%s is taken', async (_what, overrides) => {
    expect(await esme.submitted(overrides)).toMatchObject({ status: 0 });
  });

  test('international numbers and fewer data codings are a matter of options', async () => {
    await restart({ destinations: 'any', dataCodings: [0, 8] });
    for (const address of ['639171234567', '+639171234567', '09171234567']) {
      expect(await esme.submitted({ destination: { ...national, address } })).toMatchObject({ status: 0 });
    }
    expect(await esme.submitted({ dataCoding: 1 })).toMatchObject({ status: 0x45 });
  });

  test('sender ids may be limited to those that are registered', async () => {
    await restart({ systems: [{ ...SYSTEM, senderIds: ['BINDERY'] }] });
    expect(await esme.submitted()).toMatchObject({ status: 0x0d });
    expect(await esme.submitted({ source: { ton: 5, npi: 0, address: 'BINDERY' } })).toMatchObject({ status: 0 });
  });

  test('the decision is asked with what it needs, and its status is the answer', async () => {
    const asked: unknown[] = [];
    await restart({ decide: (segment) => (asked.push(segment), { status: 0x14 }) });
    const [, second] = segmentsOf('a'.repeat(161));
    expect(await esme.submitted(second)).toMatchObject({ status: 0x14 });
    expect(asked).toEqual([
      {
        systemId: 'bindery',
        source: 'MSG95',
        destination: '09171234567',
        text: 'a'.repeat(8),
        segmentIndex: 2,
        segments: 2,
        ordinal: 1,
      },
    ]);
  });
});

describe('messages as the subscriber reads them', () => {
  const long = `Mabuhay ${'ñ'.repeat(150)}€ — ${'ş😀'.repeat(60)} wakas`;

  test('segments in any order become the text that was sent', async () => {
    const segments = segmentsOf(long);
    expect(segments.length).toBeGreaterThan(3);
    for (const segment of segments.toReversed()) await esme.submitted(segment);
    expect(simulator.messages()).toMatchObject([
      { text: long, complete: true, segments: segments.length, repeatedSegments: 0, source: 'MSG95' },
    ]);
    const ids = simulator.submits.map(({ messageId }) => messageId).toReversed();
    expect(simulator.messages()[0]!.messageIds).toEqual(ids);
  });

  test('a missing segment shows, and so does one that came twice', async () => {
    const [first, second] = segmentsOf('a'.repeat(300));
    await esme.submitted(second);
    await esme.submitted(second);
    expect(simulator.messages()).toMatchObject([
      { complete: false, segments: 2, repeatedSegments: 1, messageIds: [undefined, expect.any(String)] },
    ]);
    await esme.submitted(first);
    expect(simulator.messages()).toMatchObject([{ complete: true, text: 'a'.repeat(300) }]);
  });

  test('a reference that comes round again begins another message', async () => {
    for (const text of ['a'.repeat(200), 'b'.repeat(200)]) {
      for (const segment of segmentsOf(text)) await esme.submitted(segment);
    }
    expect(simulator.messages().map(({ text }) => text)).toEqual(['a'.repeat(200), 'b'.repeat(200)]);
  });

  test('SAR TLVs and message_payload are read too', async () => {
    const sar = (index: number) => [
      intTlv(TAG.sarMsgRefNum, 2, 500),
      intTlv(TAG.sarTotalSegments, 1, 2),
      intTlv(TAG.sarSegmentSeqnum, 1, index),
    ];
    await esme.submitted({ shortMessage: Buffer.from('one '), tlvs: sar(1) });
    await esme.submitted({ shortMessage: Buffer.from('two'), tlvs: sar(2) });
    const value = Buffer.alloc(400, 0x7a);
    await esme.submitted({ shortMessage: Buffer.alloc(0), tlvs: [{ tag: TAG.messagePayload, value }] });
    expect(simulator.messages().map(({ text }) => text)).toEqual(['one two', 'z'.repeat(400)]);
  });
});

describe('the rate', () => {
  test('the eleventh submit within a second is throttled, and an error answer has no body', async () => {
    await restart({ systems: [{ ...SYSTEM, submitsPerSecond: 10 }] });
    for (let index = 0; index < 12; index += 1) esme.submit();
    const statuses: number[] = [];
    for (let index = 0; index < 12; index += 1) {
      const { status, messageId } = await esme.take('submit_sm_resp');
      statuses.push(status);
      expect(messageId === undefined).toBe(status !== 0);
    }
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 0), 0x58, 0x58]);
    expect(simulator.worstSecond()).toBe(12);
    expect(simulator.worstSecond('another')).toBe(0);
    expect(simulator.messages()).toHaveLength(10);
  });
});
