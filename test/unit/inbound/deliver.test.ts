import { describe, expect, test } from 'vitest';
import { deliver } from '../../../binder/inbound/deliver.ts';
import type { DeliverSm } from '../../../binder/smpp/pdu.ts';
import type { InboundMessage, InboundPart } from '../../../shared/domain/inbound-message.ts';
import type { ReceiptRow, RowName } from '../../../shared/store/receipts.ts';
import { quietLog } from '../../fixtures/log.ts';
import { CREATED_AT } from '../../fixtures/message.ts';
import { deliverBody } from '../../fixtures/smpp-session.ts';

type Stored = { id?: string; row: ReceiptRow | InboundMessage | InboundPart; name?: RowName };

/** The octets of what was stored. */
function rawOf(stored: Stored | undefined): Buffer {
  const row = stored?.row;
  if (row === undefined) throw new Error('nothing was stored');
  return Buffer.from(row.kind === 'inbound' ? (row.parts[0]?.raw ?? []) : row.raw);
}

/** A Receipts table in memory, and what `deliver` is told of its surroundings. */
function table(messageIds: 'exact' | 'match_any' = 'match_any') {
  const stored: Stored[] = [];
  const counts: string[] = [];
  const log = quietLog();
  let open = Promise.resolve();
  let fails = false;
  const put = async (entry: Stored): Promise<void> => {
    await open;
    if (fails) throw new Error('the table failed');
    stored.push(entry);
  };
  const context = {
    account: { name: 'main', messageIds },
    receipts: {
      putReceipt: (id: string, row: ReceiptRow, name: RowName) => put({ id, row, name }),
      putInbound: (row: InboundMessage | InboundPart) => put({ row }),
    },
    log,
    wallClock: () => CREATED_AT,
    count: (what: string) => void counts.push(what),
  };
  return {
    stored,
    counts,
    log,
    deliver: (pdu: DeliverSm) => deliver(pdu, context),
    fail: () => {
      fails = true;
    },
    /** The table takes its time until the returned function is called. */
    hold: () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      open = promise;
      return resolve;
    },
  };
}

function pdu(text: string | Buffer, different: Partial<DeliverSm> = {}): DeliverSm {
  const shortMessage = typeof text === 'string' ? Buffer.from(text, 'latin1') : text;
  return { ...deliverBody, command: 'deliver_sm', shortMessage, ...different };
}

const RECEIPT =
  'id:0045AF sub:001 dlvrd:001 submit date:2611221026 done date:2611221027 stat:DELIVRD err:007 text:Your code';

describe('a delivery receipt', () => {
  test('is stored raw under the id in its canonical form, with what could be read of it', async () => {
    const { deliver, stored, counts } = table();

    expect(await deliver(pdu(RECEIPT))).toBe(0);

    expect(stored).toHaveLength(1);
    expect(stored[0]).toMatchObject({
      id: '45af',
      row: {
        kind: 'receipt',
        account: 'main',
        mcMessageId: '0045AF',
        stat: 'DELIVRD',
        err: '007',
        intermediate: false,
        at: CREATED_AT,
      },
    });
    expect(rawOf(stored[0]).toString('latin1')).toBe(RECEIPT.replace('Your code', ''));
    expect(counts).toEqual(['receipt']);
  });

  test('keeps its id as it is where the profile says so', async () => {
    const { deliver, stored } = table('exact');
    await deliver(pdu(RECEIPT));

    expect(stored[0]?.id).toBe('0045AF');
  });

  test('is answered after it is stored, and not before', async () => {
    const { deliver, stored, hold } = table();
    const release = hold();
    let answered = false;
    const answer = deliver(pdu(RECEIPT)).then((status) => {
      answered = true;
      expect(stored).toHaveLength(1);
      return status;
    });
    await new Promise(setImmediate);
    expect(answered).toBe(false);

    release();
    expect(await answer).toBe(0);
  });

  test('is answered with a temporary error where storing failed, so that it comes again', async () => {
    const { deliver, counts, fail, log } = table();
    fail();

    expect(await deliver(pdu(RECEIPT))).toBe(0x64);

    expect(counts).toEqual(['not_stored']);
    expect(log.lines).toMatchObject([{ level: 'error', kind: 'receipt' }]);
    expect(JSON.stringify(log.lines)).not.toContain('Your code');
  });

  test('that comes twice is stored twice: nobody knows here whether the first was the same', async () => {
    const { deliver, stored } = table();
    await deliver(pdu(RECEIPT));
    await deliver(pdu(RECEIPT));

    expect(new Set(stored.map(({ name }) => name?.unique)).size).toBe(2);
  });

  test.each([
    ['without an id', 'stat:DELIVRD err:000'],
    ['of nothing', ''],
    ['in octets that are no text', Buffer.from([0xff, 0x00, 0xfe])],
  ])('whose id cannot be read (%s) is stored for people to look at, and answered with 0', async (_what, text) => {
    const { deliver, stored, log } = table();

    expect(await deliver(pdu(text))).toBe(0);

    expect(stored).toMatchObject([{ id: 'unreadable', row: { kind: 'receipt', mcMessageId: '' } }]);
    expect(rawOf(stored[0])).toEqual(Buffer.from(text));
    expect(log.lines).toMatchObject([{ level: 'warn' }]);
  });

  test('that says its state in TLVs only is stored with them', async () => {
    const { deliver, stored } = table();
    const tlvs = [
      { tag: 0x001e, value: Buffer.from('7\0') },
      { tag: 0x0427, value: Buffer.from([5]) },
    ];

    expect(await deliver(pdu('', { esmClass: 0, tlvs }))).toBe(0);

    expect(stored).toMatchObject([{ id: '7', row: { kind: 'receipt', messageState: 5 } }]);
    expect(stored[0]?.row).not.toHaveProperty('stat');
  });

  test('whose text is in message_payload is stored with that', async () => {
    const { deliver, stored } = table();
    await deliver(pdu('', { tlvs: [{ tag: 0x0424, value: Buffer.from(RECEIPT, 'latin1') }] }));

    expect(stored[0]?.id).toBe('45af');
    expect(rawOf(stored[0]).toString('latin1')).toBe(RECEIPT.replace('Your code', ''));
  });

  test('on the way is kept as what it is', async () => {
    const { deliver, stored } = table();
    await deliver(pdu(RECEIPT.replace('DELIVRD', 'ENROUTE'), { esmClass: 0x20 }));

    expect(stored[0]?.row).toMatchObject({ intermediate: true, stat: 'ENROUTE' });
  });
});

describe('a message from a subscriber', () => {
  const reply = (different: Partial<DeliverSm> = {}) =>
    pdu('STOP', {
      esmClass: 0,
      source: { ton: 1, npi: 1, address: '639171234567' },
      destination: { ton: 0, npi: 1, address: '21581234' },
      ...different,
    });

  test('is stored as it came', async () => {
    const { deliver, stored, counts } = table();

    expect(await deliver(reply({ dataCoding: 8, esmClass: 0x40 }))).toBe(0);

    expect(stored).toHaveLength(1);
    const id = expect.stringMatching(/^in_01[0-9A-Z]{24}$/) as string;
    expect(stored[0]?.row).toEqual({
      kind: 'inbound',
      messageId: id,
      account: 'main',
      from: '639171234567',
      to: '21581234',
      test: false,
      parts: [{ partId: id, index: 1, esmClass: 0x40, dataCoding: 8, raw: Buffer.from('STOP') }],
      total: 1,
      at: CREATED_AT,
    });
    expect(counts).toEqual(['inbound']);
  });

  test('that is a part of a long one says which, be it in a header or in TLVs', async () => {
    const { deliver, stored } = table();
    const header = Buffer.from([5, 0, 3, 0x2a, 3, 2]);
    await deliver(reply({ esmClass: 0x40, shortMessage: Buffer.concat([header, Buffer.from('and so')]) }));
    const tlvs = [
      { tag: 0x020c, value: Buffer.from([0, 0x2a]) },
      { tag: 0x020e, value: Buffer.from([3]) },
      { tag: 0x020f, value: Buffer.from([1]) },
    ];
    await deliver(reply({ tlvs }));

    expect(stored.map(({ row }) => row)).toMatchObject([
      { kind: 'inbound_part', from: '639171234567', reference: 0x2a, total: 3, index: 2 },
      { kind: 'inbound_part', from: '639171234567', reference: 0x2a, total: 3, index: 1 },
    ]);
  });

  test('that is a part is one whatever else it carries: another header, none where one is promised, an empty payload', async () => {
    const { deliver, stored } = table();
    const sar = [
      { tag: 0x020c, value: Buffer.from([0, 0x2a]) },
      { tag: 0x020e, value: Buffer.from([3]) },
      { tag: 0x020f, value: Buffer.from([1]) },
    ];
    const ports = Buffer.from([6, 5, 4, 0x0b, 0x84, 0, 0]);
    const concatenation = Buffer.from([5, 0, 3, 0x2a, 3, 2]);
    const body = Buffer.from('and so');
    await deliver(reply({ esmClass: 0x40, shortMessage: Buffer.concat([ports, body]), tlvs: sar }));
    await deliver(reply({ esmClass: 0x40, shortMessage: body, tlvs: sar }));
    const tlvs = [{ tag: 0x0424, value: Buffer.alloc(0) }];
    await deliver(reply({ esmClass: 0x40, shortMessage: Buffer.concat([concatenation, body]), tlvs }));

    expect(stored.map(({ row }) => row)).toMatchObject(
      [1, 1, 2].map((index) => ({ kind: 'inbound_part', reference: 0x2a, total: 3, index })),
    );
  });

  test('in message_payload is stored with that', async () => {
    const { deliver, stored } = table();
    const tlvs = [{ tag: 0x0424, value: Buffer.from('a long story') }];
    await deliver(reply({ shortMessage: Buffer.alloc(0), tlvs }));

    expect(rawOf(stored[0])).toEqual(Buffer.from('a long story'));
  });

  test('that looks like a receipt by its text alone is still a message', async () => {
    const { deliver, stored } = table();
    await deliver(pdu(RECEIPT, { esmClass: 0 }));

    expect(stored[0]?.row.kind).toBe('inbound');
  });

  test('is answered with a temporary error where storing failed, and its text is not logged', async () => {
    const { deliver, counts, fail, log } = table();
    fail();

    expect(await deliver(reply())).toBe(0x64);

    expect(counts).toEqual(['not_stored']);
    expect(JSON.stringify(log.lines)).not.toMatch(/STOP|639171234567/);
  });
});
