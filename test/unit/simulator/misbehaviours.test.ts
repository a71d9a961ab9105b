import { afterEach, describe, expect, test } from 'vitest';
import type { Behaviour } from '../../../binder/simulator/behaviour.ts';
import type { SimulatorOptions } from '../../../binder/simulator/settings.ts';
import { type Simulator, startSimulator } from '../../../binder/simulator/simulator.ts';
import type { Pdu } from '../../../binder/smpp/pdu.ts';
import { findTlv, TAG, tlvText } from '../../../binder/smpp/tlv.ts';
import { Esme, SUBMIT } from '../../esme.ts';
import * as answers from '../../misbehaviours/answers.ts';
import * as binds from '../../misbehaviours/binds.ts';
import * as receipts from '../../misbehaviours/receipts.ts';
import { when } from '../../misbehaviours/when.ts';
import * as wire from '../../misbehaviours/wire.ts';

let simulator: Simulator;
const esmes: Esme[] = [];

async function start(behaviours: Behaviour[], options: SimulatorOptions = {}): Promise<void> {
  simulator = await startSimulator({ behaviours, receiptDelayMs: 0, ...options });
}
async function connected(): Promise<Esme> {
  const esme = await Esme.connect(simulator.port);
  esmes.push(esme);
  return esme;
}
async function bound(): Promise<Esme> {
  const esme = await Esme.bound(simulator.port);
  esmes.push(esme);
  return esme;
}
afterEach(async () => {
  for (const esme of esmes.splice(0)) esme.close();
  await simulator.close();
});

const NO_RECEIPT = { registeredDelivery: 0 };
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const receiptedId = (pdu: Pdu): string =>
  pdu.command === 'deliver_sm' ? tlvText(findTlv(pdu.tlvs, TAG.receiptedMessageId) ?? Buffer.alloc(0)) : '';

describe('binds that go wrong', () => {
  test('are refused with any code, as often as wanted', async () => {
    await start([binds.refuseBinds(0x0d, 2)]);
    const esme = await connected();
    expect([(await esme.bind()).status, (await esme.bind()).status, (await esme.bind()).status]).toEqual([
      0x0d, 0x0d, 0,
    ]);
  });

  test('are refused as already bound for a time', async () => {
    await start([binds.alreadyBoundFor(60)]);
    const esme = await connected();
    expect(await esme.bind()).toMatchObject({ status: 0x05 });
    await pause(70);
    expect(await esme.bind()).toMatchObject({ status: 0 });
  });

  test('are never answered', async () => {
    await start([binds.ignoreBinds(1)]);
    const esme = await connected();
    esme.sendBind();
    await pause(50);
    expect(esme.inbox).toEqual([]);
    expect(await esme.bind()).toMatchObject({ status: 0, sequence: 2 });
  });

  test('are answered well, and the connection closed', async () => {
    await start([binds.closeAfterBind(1)]);
    await (await bound()).gone();
    expect(await (await bound()).submitted()).toMatchObject({ status: 0 });
  });
});

describe('a wire that goes wrong', () => {
  test('falls silent at the second submit', async () => {
    await start([wire.silentFromSubmit(2)]);
    const esme = await bound();
    await esme.submitted(NO_RECEIPT);
    esme.submit(NO_RECEIPT);
    esme.send({ command: 'enquire_link' });
    await simulator.until(() => simulator.submits.length === 2);
    await pause(50);
    expect(esme.inbox).toEqual([]);
  });

  test('is half open: nothing is read after the bind', async () => {
    await start([wire.stopReading()]);
    const esme = await bound();
    await pause(20);
    esme.submit();
    await pause(50);
    expect(simulator.submits).toEqual([]);
    expect(esme.closed).toBe(false);
  });

  test('gives one octet at a time, PDUs in order', async () => {
    await start([wire.octetByOctet()]);
    const esme = await bound();
    esme.send({ command: 'enquire_link' });
    esme.send({ command: 'unbind' });
    await esme.take('unbind_resp');
    expect(esme.inbox.map(({ command }) => command)).toEqual(['enquire_link_resp']);
    expect(Math.max(...esme.chunkOctets)).toBeLessThan(16);
  });

  test('gives two PDUs in one segment', async () => {
    await start([wire.twoPdusAWrite(100)]);
    const esme = await bound();
    esme.submit(NO_RECEIPT);
    esme.submit(NO_RECEIPT);
    await esme.take('submit_sm_resp');
    await esme.take('submit_sm_resp');
    expect(esme.chunkOctets.at(-1)).toBe(2 * (16 + 17));
  });

  test('is reset in the middle of a PDU', async () => {
    await start([wire.resetMidPdu(2)]);
    const esme = await bound();
    await esme.submitted(NO_RECEIPT);
    esme.submit(NO_RECEIPT);
    await esme.gone();
    expect(esme.chunkOctets.at(-1)).toBe(16);
    expect(esme.inbox).toEqual([]);
  });

  test.each([0, 4, 10, 15, 2 ** 31])('says that a PDU has %d octets', async (length) => {
    await start([wire.badLength(length)]);
    const esme = await bound();
    await expect.poll(() => esme.oddities).toEqual([`length ${length}`]);
  });

  test('brings a truncated body, and an unknown command', async () => {
    await start([wire.truncatedDeliver(), wire.unknownCommand()]);
    const esme = await bound();
    await expect.poll(() => esme.oddities.toSorted()).toEqual(['malformed deliver_sm', 'unknown command 777']);
  });

  test('unbinds, or breaks, at every third submit, counted over connections', async () => {
    await start([wire.unbindEvery(3), wire.dropEvery(3)]);
    const first = await bound();
    await first.submitted(NO_RECEIPT);
    await first.submitted(NO_RECEIPT);
    first.submit(NO_RECEIPT);
    await first.take('unbind');
    // Only what the first of the two lets through reaches the second: that is the fourth submit, its third.
    first.submit(NO_RECEIPT);
    await first.gone();
    expect(await (await bound()).submitted(NO_RECEIPT)).toMatchObject({ status: 0 });
  });

  test('asks whether the link is alive, and does not answer that itself', async () => {
    await start([wire.enquiring(15), wire.ignoreEnquireLinks()]);
    const esme = await bound();
    esme.send({ command: 'enquire_link' });
    await esme.take('enquire_link');
    await esme.take('enquire_link');
    expect(esme.inbox).toEqual([]);
  });

  test('is slow, and keeps the order', async () => {
    await start([wire.slowLine(40)]);
    const started = performance.now();
    const esme = await bound();
    esme.submit();
    await esme.take('submit_sm_resp');
    await esme.take('deliver_sm');
    expect(performance.now() - started).toBeGreaterThan(75);
  });
});

describe('answers that go wrong', () => {
  const statuses = async (esme: Esme, count: number): Promise<number[]> => {
    const seen: number[] = [];
    for (let index = 0; index < count; index += 1) seen.push((await esme.submitted(NO_RECEIPT)).status);
    return seen;
  };

  test('throttle above a rate, always, or for a while', async () => {
    await start([answers.throttleAbove(2)]);
    expect(await statuses(await bound(), 3)).toEqual([0, 0, 0x58]);
    await simulator.close();
    await start([answers.throttleAlways()]);
    expect(await statuses(await bound(), 2)).toEqual([0x58, 0x58]);
    await simulator.close();
    await start([answers.throttleFor(50)]);
    const esme = await bound();
    expect(await statuses(esme, 1)).toEqual([0x58]);
    await pause(60);
    expect(await statuses(esme, 1)).toEqual([0]);
  });

  test('say that the queue is full, or anything else, for a while or a number of times', async () => {
    await start([answers.queueFullFor(30), answers.refuseFirst(0x08, 1)]);
    const esme = await bound();
    expect(await statuses(esme, 1)).toEqual([0x14]);
    await pause(40);
    expect(await statuses(esme, 2)).toEqual([0x08, 0]);
  });

  test('are lost, though the message was taken', async () => {
    await start([answers.losesAnswers(2)]);
    const esme = await bound();
    const sequences = [esme.submit(NO_RECEIPT), esme.submit(NO_RECEIPT), esme.submit(NO_RECEIPT)];
    await expect.poll(() => esme.inbox.map(({ sequence }) => sequence)).toEqual([sequences[0], sequences[2]]);
    expect(simulator.submits.map(({ accepted, status }) => [accepted, status])).toEqual([
      [true, 0],
      [true, undefined],
      [true, 0],
    ]);
  });

  test('come late, twice, in reverse, and for sequence numbers that were never used', async () => {
    await start([answers.lateAnswers(60), answers.answersTwice()]);
    const late = await bound();
    const started = performance.now();
    await late.submitted(NO_RECEIPT);
    expect(performance.now() - started).toBeGreaterThan(55);
    expect(await late.take('submit_sm_resp')).toMatchObject({ status: 0 });
    await simulator.close();

    await start([answers.answersReversed(3, 300)]);
    const esme = await bound();
    const sent = [1, 2, 3, 4].map(() => esme.submit(NO_RECEIPT));
    const seen: number[] = [];
    for (const _ of sent) seen.push((await esme.take('submit_sm_resp')).sequence);
    expect(seen).toEqual([sent[2], sent[1], sent[0], sent[3]]);
    await simulator.close();

    await start([answers.answersUnknownSequence()]);
    expect(await (await bound()).submitted(NO_RECEIPT)).toMatchObject({ sequence: 0x7ffffff0 });
  });

  test('are errors with a body, or good without an id', async () => {
    await start([answers.errorsWithBody(), answers.refuseFirst(0x58, 1), answers.okWithoutId({ body: false })]);
    const esme = await bound();
    expect(await esme.submitted(NO_RECEIPT)).toMatchObject({ status: 0x58, messageId: '' });
    expect(await esme.submitted(NO_RECEIPT)).not.toHaveProperty('messageId');
    simulator.behave(answers.okWithoutId({ body: true }));
    expect(await esme.submitted(NO_RECEIPT)).toMatchObject({ status: 0, messageId: '' });
  });
});

describe('receipts that go wrong', () => {
  test('come before the answer, in the same segment', async () => {
    await start([receipts.receiptBeforeAnswer(), wire.twoPdusAWrite(5)]);
    const esme = await bound();
    esme.submit();
    await esme.take('submit_sm_resp');
    expect(esme.inbox.map(({ command }) => command)).toEqual(['deliver_sm']);
    expect(esme.chunkOctets).toHaveLength(2);
  });

  test('come twice, in reverse, and for ids that nobody knows', async () => {
    await start([receipts.receiptsForUnknownIds(), receipts.receiptsTwice(), receipts.receiptsReversed(4)]);
    const esme = await bound();
    const { messageId } = await esme.submitted();
    const ids: string[] = [];
    for (let index = 0; index < 4; index += 1) ids.push(receiptedId(await esme.take('deliver_sm')));
    expect(ids).toEqual([messageId, messageId, `9${messageId}`, `9${messageId}`]);
  });

  test('have their id in another form than the answer', async () => {
    await start([receipts.receiptIdsInHex()]);
    const esme = await bound();
    const { messageId } = await esme.submitted();
    expect(receiptedId(await esme.take('deliver_sm'))).toBe(
      BigInt(messageId ?? '')
        .toString(16)
        .toUpperCase(),
    );
    await simulator.close();

    await start([receipts.answerIdsInHex(), receipts.receiptIdsPadded()]);
    const other = await bound();
    const answered = (await other.submitted()).messageId;
    const receipted = receiptedId(await other.take('deliver_sm'));
    expect(receipted).toMatch(/^0000\d{16}$/);
    expect(BigInt(`0x${answered}`)).toBe(BigInt(receipted));
  });

  test('have no NUL, claim a UDH, or are cut down to one of their forms', async () => {
    await start([receipts.receiptIdsWithoutNul(), receipts.receiptsClaimUdh()]);
    const esme = await bound();
    const { messageId } = await esme.submitted();
    const receipt = await esme.take('deliver_sm');
    expect(receipt.esmClass).toBe(0x44);
    expect(findTlv(receipt.tlvs, TAG.receiptedMessageId)).toEqual(Buffer.from(messageId ?? ''));
    const stop = simulator.behave(receipts.receiptsOnlyAs('text'));
    await esme.submitted();
    expect((await esme.take('deliver_sm')).tlvs).toEqual([]);
    stop();
    simulator.behave(receipts.receiptsOnlyAs('tlvs'));
    await esme.submitted();
    expect(await esme.take('deliver_sm')).toMatchObject({ shortMessage: Buffer.alloc(0) });
    simulator.behave(receipts.receiptsGarbled());
    await esme.submitted();
    expect((await esme.take('deliver_sm')).shortMessage.toString()).toBe('id: stat:');
  });

  test('come in a storm, and messages from subscribers in parts out of order', async () => {
    const pdu = { ...SUBMIT, command: 'deliver_sm' } as const;
    await start([receipts.storm(500, () => pdu), receipts.inboundInParts('ş'.repeat(100), [2, 1], 30)]);
    const esme = await bound();
    await expect.poll(() => esme.inbox.length).toBe(502);
    const parts = esme.inbox.slice(-2).map((pdu) => (pdu.command === 'deliver_sm' ? pdu.shortMessage[5] : undefined));
    expect(parts).toEqual([2, 1]);
  });
});

test('a behaviour may be limited to some connections, and be taken away again', async () => {
  await start([when(({ id }) => id === 1, answers.throttleAlways())]);
  const [first, second] = [await bound(), await bound()];
  expect(await first.submitted(NO_RECEIPT)).toMatchObject({ status: 0x58 });
  expect(await second.submitted(NO_RECEIPT)).toMatchObject({ status: 0 });
  const stop = simulator.behave(answers.throttleAlways());
  expect(await second.submitted(NO_RECEIPT)).toMatchObject({ status: 0x58 });
  stop();
  expect(await second.submitted(NO_RECEIPT)).toMatchObject({ status: 0 });
});
