import { describe, expect, test } from 'vitest';
import type { Pdu } from '../../../binder/smpp/pdu.ts';
import { findTlv, TAG, tlvText } from '../../../binder/smpp/tlv.ts';
import { type Esme, SUBMIT } from '../../esme.ts';
import * as answers from '../../misbehaviours/answers.ts';
import * as receipts from '../../misbehaviours/receipts.ts';
import * as wire from '../../misbehaviours/wire.ts';
import { bound, endWithEachTest, NO_RECEIPT, pause, simulator, start } from './stage.ts';

endWithEachTest();

const receiptedId = (pdu: Pdu): string =>
  pdu.command === 'deliver_sm' ? tlvText(findTlv(pdu.tlvs, TAG.receiptedMessageId) ?? Buffer.alloc(0)) : '';

describe('answers that go wrong', () => {
  const statuses = async (esme: Esme, count: number): Promise<number[]> => {
    const seen: number[] = [];
    for (let index = 0; index < count; index += 1) seen.push((await esme.submitted(NO_RECEIPT)).status);
    return seen;
  };

  test('throttle above a rate, always, or for a while', async () => {
    await start({ behaviours: [answers.throttleAbove(2)], receiptDelayMs: 0 });
    expect(await statuses(await bound(), 3)).toEqual([0, 0, 0x58]);
    await simulator.close();
    await start({ behaviours: [answers.throttleAlways()], receiptDelayMs: 0 });
    expect(await statuses(await bound(), 2)).toEqual([0x58, 0x58]);
    await simulator.close();
    await start({ behaviours: [answers.throttleFor(50)], receiptDelayMs: 0 });
    const esme = await bound();
    expect(await statuses(esme, 1)).toEqual([0x58]);
    await pause(60);
    expect(await statuses(esme, 1)).toEqual([0]);
  });

  test('say that the queue is full, or anything else, for a while or a number of times', async () => {
    await start({ behaviours: [answers.queueFullFor(30), answers.refuseFirst(0x08, 1)], receiptDelayMs: 0 });
    const esme = await bound();
    expect(await statuses(esme, 1)).toEqual([0x14]);
    await pause(40);
    expect(await statuses(esme, 2)).toEqual([0x08, 0]);
  });

  test('are lost, though the message was taken', async () => {
    await start({ behaviours: [answers.losesAnswers(2)], receiptDelayMs: 0 });
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
    await start({ behaviours: [answers.lateAnswers(60), answers.answersTwice()], receiptDelayMs: 0 });
    const late = await bound();
    const started = performance.now();
    await late.submitted(NO_RECEIPT);
    expect(performance.now() - started).toBeGreaterThan(55);
    expect(await late.take('submit_sm_resp')).toMatchObject({ status: 0 });
    await simulator.close();

    await start({ behaviours: [answers.answersReversed(3, 300)], receiptDelayMs: 0 });
    const esme = await bound();
    const sent = [1, 2, 3, 4].map(() => esme.submit(NO_RECEIPT));
    const seen: number[] = [];
    for (const _ of sent) seen.push((await esme.take('submit_sm_resp')).sequence);
    expect(seen).toEqual([sent[2], sent[1], sent[0], sent[3]]);
    await simulator.close();

    await start({ behaviours: [answers.answersUnknownSequence()], receiptDelayMs: 0 });
    expect(await (await bound()).submitted(NO_RECEIPT)).toMatchObject({ sequence: 0x7ffffff0 });
  });

  test('are errors with a body, or good without an id', async () => {
    await start({
      behaviours: [answers.errorsWithBody(), answers.refuseFirst(0x58, 1), answers.okWithoutId({ body: false })],
      receiptDelayMs: 0,
    });
    const esme = await bound();
    expect(await esme.submitted(NO_RECEIPT)).toMatchObject({ status: 0x58, messageId: '' });
    expect(await esme.submitted(NO_RECEIPT)).not.toHaveProperty('messageId');
    simulator.behave(answers.okWithoutId({ body: true }));
    expect(await esme.submitted(NO_RECEIPT)).toMatchObject({ status: 0, messageId: '' });
  });
});

describe('receipts that go wrong', () => {
  test('come before the answer, in the same segment', async () => {
    await start({ behaviours: [receipts.receiptBeforeAnswer(), wire.twoPdusAWrite(5)], receiptDelayMs: 0 });
    const esme = await bound();
    esme.submit();
    await esme.take('submit_sm_resp');
    expect(esme.inbox.map(({ command }) => command)).toEqual(['deliver_sm']);
    expect(esme.chunkOctets).toHaveLength(2);
  });

  test('come twice, in reverse, and for ids that nobody knows', async () => {
    await start({
      behaviours: [receipts.receiptsForUnknownIds(), receipts.receiptsTwice(), receipts.receiptsReversed(4)],
      receiptDelayMs: 0,
    });
    const esme = await bound();
    const { messageId } = await esme.submitted();
    const ids: string[] = [];
    for (let index = 0; index < 4; index += 1) ids.push(receiptedId(await esme.take('deliver_sm')));
    expect(ids).toEqual([messageId, messageId, `9${messageId}`, `9${messageId}`]);
  });

  test('have their id in another form than the answer', async () => {
    await start({ behaviours: [receipts.receiptIdsInHex()], receiptDelayMs: 0 });
    const esme = await bound();
    const { messageId } = await esme.submitted();
    expect(receiptedId(await esme.take('deliver_sm'))).toBe(
      BigInt(messageId ?? '')
        .toString(16)
        .toUpperCase(),
    );
    await simulator.close();

    await start({ behaviours: [receipts.answerIdsInHex(), receipts.receiptIdsPadded()], receiptDelayMs: 0 });
    const other = await bound();
    const answered = (await other.submitted()).messageId;
    const receipted = receiptedId(await other.take('deliver_sm'));
    expect(receipted).toMatch(/^0000\d{16}$/);
    expect(BigInt(`0x${answered}`)).toBe(BigInt(receipted));
  });

  test('have no NUL, claim a UDH, or are cut down to one of their forms', async () => {
    await start({ behaviours: [receipts.receiptIdsWithoutNul(), receipts.receiptsClaimUdh()], receiptDelayMs: 0 });
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
    await start({
      behaviours: [receipts.storm(500, () => pdu), receipts.inboundInParts('ş'.repeat(100), [2, 1], 30)],
      receiptDelayMs: 0,
    });
    const esme = await bound();
    await expect.poll(() => esme.inbox.length).toBe(502);
    const parts = esme.inbox.slice(-2).map((pdu) => (pdu.command === 'deliver_sm' ? pdu.shortMessage[5] : undefined));
    expect(parts).toEqual([2, 1]);
  });
});
