import { expect, vi } from 'vitest';
import type { DeliverSm } from '../../../binder/smpp/pdu.ts';
import { inboundText } from '../../../shared/encoding/inbound-text.ts';
import type { ReceiptRow, ReceiptTableRow } from '../../../shared/store/receipts.ts';
import { deliverBody } from '../../fixtures/smpp-session.ts';
import {
  answerIdsInHex,
  inboundInParts,
  receiptBeforeAnswer,
  receiptIdsInHex,
  receiptIdsPadded,
  receiptIdsWithoutNul,
  receiptsClaimUdh,
  receiptsForUnknownIds,
  receiptsGarbled,
  receiptsReversed,
  receiptsTwice,
  storm,
} from '../../misbehaviours/receipts.ts';
import type { Encounter } from './encounter.ts';
import type { Scenario } from './scenario.ts';

/** Of MIXED and AFTERWARDS. */
const SEGMENTS = 11;
const STORM = 300;
/** command_id of deliver_sm and submit_sm_resp, in the wrong order. */
const ORDERED = [0x00000005, 0x80000004];
const AMID_SUBMITS_MS = 1_100;

const INBOUND_TEXT = 'Hello, this is a subscriber, and I have got something to say which takes three parts. '.repeat(5);

async function rowsOf({ stores, account }: Encounter): Promise<{ receipts: ReceiptRow[]; all: ReceiptTableRow[] }> {
  const all = await stores.receiptRows(account.name);
  return { all, receipts: all.filter((row) => row.kind === 'receipt') };
}

const asText = ({ raw }: { raw: Uint8Array }): string => Buffer.from(raw).toString('latin1');

/** A receipt for a message that is not ours. */
function strangeReceipt(index: number): DeliverSm {
  const text = `id:storm${index} sub:001 dlvrd:001 submit date:2611220000 done date:2611220001 stat:DELIVRD err:000 text:`;
  return { ...deliverBody, command: 'deliver_sm', shortMessage: Buffer.from(text, 'latin1') };
}

/** One for each segment, at least. */
async function receiptsOf(encounter: Encounter): Promise<ReceiptRow[]> {
  const { receipts } = await rowsOf(encounter);
  expect(receipts.length).toBeGreaterThanOrEqual(SEGMENTS);
  return receipts;
}

/** At least: an answer that is late on a busy machine makes the message centre send a receipt again. */
async function allStored(encounter: Encounter, { ids = SEGMENTS, rows = 0 } = {}): Promise<void> {
  const { receipts } = await rowsOf(encounter);
  expect(new Set(receipts.map(({ mcMessageId }) => mcMessageId)).size).toBe(ids);
  expect(receipts.length).toBeGreaterThanOrEqual(rows);
}

export const receipts: readonly Scenario[] = [
  {
    of: 'receipt before the answer',
    title: 'it waits for its segment',
    behaviours: () => [receiptBeforeAnswer()],
    operator: { receiptDelayMs: 0 },
    shown: async (encounter) => {
      const commands = encounter.writes.map((octets) => octets.readUInt32BE(4)).filter((id) => ORDERED.includes(id));
      expect(commands).toEqual(Array.from({ length: SEGMENTS }, () => ORDERED).flat());
      await allStored(encounter);
    },
  },
  {
    of: 'receipt twice',
    title: 'both are kept, and the message changes once',
    behaviours: () => [receiptsTwice()],
    shown: async (encounter) => await allStored(encounter, { rows: 2 * SEGMENTS }),
  },
  {
    of: 'receipts reversed',
    title: 'each finds its own segment',
    behaviours: () => [receiptsReversed(3, 700)],
    shown: async (encounter) => await allStored(encounter),
  },
  {
    of: 'receipt ids hex against decimal',
    title: 'the receipt in hexadecimal, the answer in decimal: they are the same',
    behaviours: () => [receiptIdsInHex()],
    shown: async (encounter) => {
      const ids = (await rowsOf(encounter)).receipts.map(({ mcMessageId }) => String(BigInt(`0x${mcMessageId}`)));
      expect(new Set(ids)).toEqual(new Set(encounter.operator.submits.map(({ messageId }) => messageId)));
    },
  },
  {
    of: 'receipt ids hex against decimal',
    title: 'the answer in hexadecimal, the receipt in decimal: they are the same',
    behaviours: () => [answerIdsInHex()],
    shown: ({ messages, operator }) => {
      const stored = messages.flatMap(({ segments }) =>
        segments.map(({ mcMessageId = '' }) => String(BigInt(`0x${mcMessageId}`))),
      );
      expect(new Set(stored)).toEqual(new Set(operator.submits.map(({ messageId }) => messageId)));
    },
  },
  {
    of: 'receipt ids padded',
    title: 'with zeros: they are the same',
    behaviours: () => [receiptIdsPadded(24)],
    shown: async (encounter) => {
      for (const { mcMessageId } of await receiptsOf(encounter)) expect(mcMessageId).toMatch(/^0{6,}\d+$/);
    },
  },
  {
    of: 'receipt ids without NUL',
    title: 'nothing of the parameter behind them is swallowed',
    behaviours: () => [receiptIdsWithoutNul()],
    shown: async (encounter) => {
      for (const row of await receiptsOf(encounter)) expect(row).toMatchObject({ stat: 'DELIVRD', messageState: 2 });
      expect(encounter.counters.malformed).toEqual({});
    },
  },
  {
    of: 'receipts with 0x44',
    title: 'and no header in the text: read in full, from the first octet',
    behaviours: () => [receiptsClaimUdh()],
    shown: async (encounter) => {
      for (const row of await receiptsOf(encounter)) {
        expect(row).toMatchObject({ stat: 'DELIVRD', err: '000' });
        expect(asText(row)).toMatch(/^id:\d+ sub:001/);
      }
    },
  },
  {
    of: 'receipts malformed',
    title: 'kept for people to look at; what was sent stays sent',
    behaviours: () => [receiptsGarbled()],
    ends: () => 'sent',
    shown: async (encounter) => {
      expect(new Set((await receiptsOf(encounter)).map(asText))).toEqual(new Set(['id: stat:']));
      expect(encounter.log.lines).toContainEqual(expect.objectContaining({ message: 'receipt read in part' }));
    },
  },
  {
    of: 'receipts for an unknown id',
    title: "kept and answered, and nobody's message changes by them",
    behaviours: () => [receiptsForUnknownIds()],
    shown: async (encounter) => {
      await allStored(encounter, { ids: 2 * SEGMENTS });
      const segments = (await rowsOf(encounter)).all.filter(({ kind }) => kind === 'segment');
      expect(segments).toHaveLength(SEGMENTS);
    },
  },
  {
    of: 'storm of receipts',
    title: `${STORM} at once amid submits: each is stored and answered, and the submits go on between them`,
    behaviours: () => [storm(STORM, strangeReceipt, AMID_SUBMITS_MS)],
    shown: async (encounter) => {
      await allStored(encounter, { ids: STORM + SEGMENTS });
      const answered = encounter.receivedOf('deliver_sm_resp');
      const firstAt = encounter.received.findIndex(({ command }) => command === 'deliver_sm_resp');
      const lastAt = encounter.received.findLastIndex(({ command }) => command === 'deliver_sm_resp');
      const meanwhile = encounter.received.slice(firstAt, lastAt);
      expect(meanwhile.filter(({ command }) => command === 'submit_sm').length).toBeGreaterThanOrEqual(1);
      expect(answered.length).toBeGreaterThanOrEqual(STORM + SEGMENTS);
      expect(answered.filter(({ status }) => status !== 0)).toEqual([]);
      expect(encounter.counters.closed).toEqual({});
    },
  },
  {
    of: 'inbound parts out of order',
    title: 'each is answered, and one message is made of them',
    behaviours: () => [inboundInParts(INBOUND_TEXT, [3, 1, 2], AMID_SUBMITS_MS)],
    shown: async (encounter) => {
      const made = async () => (await rowsOf(encounter)).all.filter((row) => row.kind === 'inbound');
      await vi.waitFor(async () => expect(await made()).toHaveLength(1), { timeout: 10_000 });
      expect((await made()).map((message) => inboundText(message).text)).toEqual([INBOUND_TEXT]);
    },
  },
];
