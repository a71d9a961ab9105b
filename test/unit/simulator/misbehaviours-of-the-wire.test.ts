import { describe, expect, test } from 'vitest';
import * as answers from '../../misbehaviours/answers.ts';
import * as binds from '../../misbehaviours/binds.ts';
import { when } from '../../misbehaviours/when.ts';
import * as wire from '../../misbehaviours/wire.ts';
import { bound, connected, endWithEachTest, NO_RECEIPT, pause, simulator, start } from './stage.ts';

endWithEachTest();

describe('binds that go wrong', () => {
  test('are refused with any code, as often as wanted', async () => {
    await start({ behaviours: [binds.refuseBinds(0x0d, 2)], receiptDelayMs: 0 });
    const esme = await connected();
    expect([(await esme.bind()).status, (await esme.bind()).status, (await esme.bind()).status]).toEqual([
      0x0d, 0x0d, 0,
    ]);
  });

  test('are refused as already bound for a time', async () => {
    await start({ behaviours: [binds.alreadyBoundFor(60)], receiptDelayMs: 0 });
    const esme = await connected();
    expect(await esme.bind()).toMatchObject({ status: 0x05 });
    await pause(70);
    expect(await esme.bind()).toMatchObject({ status: 0 });
  });

  test('are never answered', async () => {
    await start({ behaviours: [binds.ignoreBinds(1)], receiptDelayMs: 0 });
    const esme = await connected();
    esme.sendBind();
    await pause(50);
    expect(esme.inbox).toEqual([]);
    expect(await esme.bind()).toMatchObject({ status: 0, sequence: 2 });
  });

  test('are answered well, and the connection closed', async () => {
    await start({ behaviours: [binds.closeAfterBind(1)], receiptDelayMs: 0 });
    await (await bound()).gone();
    expect(await (await bound()).submitted()).toMatchObject({ status: 0 });
  });
});

describe('a wire that goes wrong', () => {
  test('falls silent at the second submit', async () => {
    await start({ behaviours: [wire.silentFromSubmit(2)], receiptDelayMs: 0 });
    const esme = await bound();
    await esme.submitted(NO_RECEIPT);
    esme.submit(NO_RECEIPT);
    esme.send({ command: 'enquire_link' });
    await simulator.until(() => simulator.submits.length === 2);
    await pause(50);
    expect(esme.inbox).toEqual([]);
  });

  test('is half open: nothing is read after the bind', async () => {
    await start({ behaviours: [wire.stopReading()], receiptDelayMs: 0 });
    const esme = await bound();
    await pause(20);
    esme.submit();
    await pause(50);
    expect(simulator.submits).toEqual([]);
    expect(esme.closed).toBe(false);
  });

  test('gives one octet at a time, PDUs in order', async () => {
    await start({ behaviours: [wire.octetByOctet()], receiptDelayMs: 0 });
    const esme = await bound();
    esme.send({ command: 'enquire_link' });
    esme.send({ command: 'unbind' });
    await esme.take('unbind_resp');
    expect(esme.inbox.map(({ command }) => command)).toEqual(['enquire_link_resp']);
    expect(Math.max(...esme.chunkOctets)).toBeLessThan(16);
  });

  test('gives two PDUs in one segment', async () => {
    await start({ behaviours: [wire.twoPdusAWrite(100)], receiptDelayMs: 0 });
    const esme = await bound();
    esme.submit(NO_RECEIPT);
    esme.submit(NO_RECEIPT);
    await esme.take('submit_sm_resp');
    await esme.take('submit_sm_resp');
    expect(esme.chunkOctets.at(-1)).toBe(2 * (16 + 17));
  });

  test('is reset in the middle of a PDU', async () => {
    await start({ behaviours: [wire.resetMidPdu(2)], receiptDelayMs: 0 });
    const esme = await bound();
    await esme.submitted(NO_RECEIPT);
    esme.submit(NO_RECEIPT);
    await esme.gone();
    expect(esme.chunkOctets.at(-1)).toBe(16);
    expect(esme.inbox).toEqual([]);
  });

  test.each([0, 4, 10, 15, 2 ** 31])('says that a PDU has %d octets', async (length) => {
    await start({ behaviours: [wire.badLength(length)], receiptDelayMs: 0 });
    const esme = await bound();
    await expect.poll(() => esme.oddities).toEqual([`length ${length}`]);
  });

  test('brings a truncated body, and an unknown command', async () => {
    await start({ behaviours: [wire.truncatedDeliver(), wire.unknownCommand()], receiptDelayMs: 0 });
    const esme = await bound();
    await expect.poll(() => esme.oddities.toSorted()).toEqual(['malformed deliver_sm', 'unknown command 777']);
  });

  test('unbinds, or breaks, at every third submit, counted over connections', async () => {
    await start({ behaviours: [wire.unbindEvery(3), wire.dropEvery(3)], receiptDelayMs: 0 });
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
    await start({ behaviours: [wire.enquiring(15), wire.ignoreEnquireLinks()], receiptDelayMs: 0 });
    const esme = await bound();
    esme.send({ command: 'enquire_link' });
    await esme.take('enquire_link');
    await esme.take('enquire_link');
    expect(esme.inbox).toEqual([]);
  });

  test('is slow, and keeps the order', async () => {
    await start({ behaviours: [wire.slowLine(40)], receiptDelayMs: 0 });
    const started = performance.now();
    const esme = await bound();
    esme.submit();
    await esme.take('submit_sm_resp');
    await esme.take('deliver_sm');
    expect(performance.now() - started).toBeGreaterThan(75);
  });
});

test('a behaviour may be limited to some connections, and be taken away again', async () => {
  await start({ behaviours: [when(({ id }) => id === 1, answers.throttleAlways())], receiptDelayMs: 0 });
  const [first, second] = [await bound(), await bound()];
  expect(await first.submitted(NO_RECEIPT)).toMatchObject({ status: 0x58 });
  expect(await second.submitted(NO_RECEIPT)).toMatchObject({ status: 0 });
  const stop = simulator.behave(answers.throttleAlways());
  expect(await second.submitted(NO_RECEIPT)).toMatchObject({ status: 0x58 });
  stop();
  expect(await second.submitted(NO_RECEIPT)).toMatchObject({ status: 0 });
});
