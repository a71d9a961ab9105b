import { afterAll, beforeAll, expect, test } from 'vitest';
import { startSimulator } from '../../binder/simulator/simulator.ts';
import { encodePdu } from '../../binder/smpp/encode.ts';
import { LAYOUTS } from '../../binder/smpp/layout.ts';
import type { Command, Pdu, ShortMessage } from '../../binder/smpp/pdu.ts';
import { Esme, SUBMIT } from '../esme.ts';
import { describeWith } from './debian.ts';
import { gsmHex, TEXTS, ucs2Hex } from './texts.ts';
import { Capture } from './tshark/capture.ts';
import { type Dissection, dissect, hexOf } from './tshark/dissect.ts';
import { EveryPdu, LAST_PDU } from './tshark/every-pdu.ts';
import { shortMessageIn, shortMessageOf } from './tshark/short-message.ts';

const describeWithTshark = await describeWith('tshark');

describeWithTshark('tshark, reading everything that the binder and the simulated message centre write', () => {
  let conversation: EveryPdu;
  let dissection: Dissection;
  const pdusOf = (command: Command) => dissection.pdus.filter((pdu) => pdu.command === command);

  beforeAll(async () => {
    conversation = await EveryPdu.prepare();
    const capture = await Capture.start(conversation.port);
    try {
      await conversation.happen();
      dissection = await dissect(await capture.endWith(encodePdu(LAST_PDU)), conversation.port);
    } finally {
      capture.abort();
    }
  }, 60_000);
  afterAll(() => conversation?.close());

  test('finds no malformed PDU, nothing to remark on, and no octet that is in no PDU', () => {
    expect(dissection.faults).toEqual([]);
  });

  test('sees every command that Bindery speaks', () => {
    expect(new Set(dissection.pdus.map(({ command }) => command))).toEqual(new Set(Object.keys(LAYOUTS)));
  });

  test('sees every PDU, on its connection and in its order, as long as it is, with its status and sequence number', () => {
    const order = (one: { connection: number; by: string }, other: { connection: number; by: string }) =>
      one.connection - other.connection || one.by.localeCompare(other.by);
    const seen = dissection.pdus.map(({ connection, by, command, status, sequence, lengthOctets }) => ({
      connection,
      by,
      command,
      status,
      sequence,
      lengthOctets,
    }));
    const written = conversation.written.map(({ connection, by, pdu }) => {
      const { command, status, sequence } = pdu;
      return { connection, by, command, status, sequence, lengthOctets: encodePdu(pdu).length };
    });
    expect(seen.toSorted(order)).toEqual(written.toSorted(order));
  });

  test('counts what the sessions say that they have written', () => {
    const counted: Record<string, number> = {};
    // The last connection is not a session's.
    const connections = Math.max(...dissection.pdus.map(({ connection }) => connection)) - 1;
    for (const { connection, by, command, status } of dissection.pdus) {
      if (by !== 'esme' || connection > connections) continue;
      const name = /_resp$|_nack$/.test(command) ? `${command} 0x${status.toString(16)}` : command;
      counted[name] = (counted[name] ?? 0) + 1;
    }
    expect(counted).toEqual(conversation.counted);
  });

  test.each(['bind_transceiver', 'bind_transmitter', 'bind_receiver'] as const)(
    'reads who sends %s, and how',
    (command) => {
      const text = (value: string) => [Buffer.from(`${value}\0`).toString('hex')];
      const [bind] = pdusOf(command);
      expect(hexOf(bind, 'smpp.system_id')).toEqual(text('bindery'));
      expect(hexOf(bind, 'smpp.password')).toEqual(text('secret12'));
      expect(hexOf(bind, 'smpp.system_type')).toEqual(text('VMA'));
      expect(hexOf(bind, 'smpp.interface_version')).toEqual(['34']);
      expect(hexOf(bind, 'smpp.address_range')).toEqual(text('^63'));
      const [answer] = pdusOf(`${command}_resp`);
      expect(hexOf(answer, 'smpp.system_id')).toEqual(text('MC'));
      expect(hexOf(answer, 'smpp.SC_interface_version')).toEqual(['34']);
    },
  );

  test.each(['submit_sm', 'deliver_sm'] as const)('reads from every %s what its writer put in', (command) => {
    const written = conversation.written.filter(({ pdu }) => pdu.command === command);
    const byPlace = ({ connection, by, sequence }: { connection: number; by: string; sequence: number }) =>
      `${connection} ${by} ${sequence}`;
    const seen = new Map(pdusOf(command).map((pdu) => [byPlace(pdu), pdu]));
    expect(written.length).toBeGreaterThan(10);
    for (const { connection, by, pdu } of written) {
      const read = seen.get(byPlace({ connection, by, sequence: pdu.sequence }));
      expect(read && shortMessageIn(read)).toEqual(shortMessageOf(pdu as ShortMessage & Pdu));
    }
  });

  test('reads the texts, and puts the long ones together by their user data headers', () => {
    const texts = pdusOf('submit_sm').flatMap((pdu) => {
      const hasParts = hexOf(pdu, 'gsm_sms.udh.mm.msg_parts').length > 0;
      const isWhole = hexOf(pdu, 'gsm_sms_ud.reassembled.length').length > 0;
      if (!hasParts) return hexOf(pdu, 'smpp.message');
      return isWhole ? hexOf(pdu, 'gsm_sms_ud.short_msg') : [];
    });
    expect(texts).toEqual(
      expect.arrayContaining([gsmHex(TEXTS.gsm), ucs2Hex(TEXTS.ucs2), gsmHex(TEXTS.longGsm), ucs2Hex(TEXTS.longUcs2)]),
    );
  });

  test('reads from a receipt whose it is, and what it says', () => {
    const [accepted] = pdusOf('submit_sm_resp');
    const [messageId] = hexOf(accepted, 'smpp.message_id');
    const receipts = pdusOf('deliver_sm').filter((pdu) => hexOf(pdu, 'smpp.receipted_message_id')[0] === messageId);
    expect(receipts.length).toBeGreaterThan(0);
    for (const receipt of receipts) expect(hexOf(receipt, 'smpp.message_state')).toEqual(['02']);
  });
});

describeWithTshark('tshark, reading what is no SMPP', () => {
  const submit = encodePdu({ ...SUBMIT, status: 0, sequence: 1 });
  const longer = Buffer.from(submit);
  longer.writeUInt8(SUBMIT.shortMessage.length + 1, submit.length - SUBMIT.shortMessage.length - 1);

  test.each([
    ['a short_message that is longer than its PDU', longer],
    [
      'an optional parameter that is longer than its PDU',
      Buffer.from('00000016800000040000000000000001410002100009', 'hex'),
    ],
    ['a command that there is none of', Buffer.from('00000010000077770000000000000001', 'hex')],
  ])('finds fault with %s', async (_, octets) => {
    const simulator = await startSimulator();
    const capture = await Capture.start(simulator.port);
    try {
      const esme = await Esme.connect(simulator.port);
      esme.write(octets);
      const { faults } = await dissect(await capture.endWith(octets), simulator.port);
      esme.close();
      expect(faults).not.toEqual([]);
    } finally {
      capture.abort();
      await simulator.close();
    }
  });
});
