import { composeSubmit } from '../../../binder/outbound/compose.ts';
import { systemClock } from '../../../binder/session/clock.ts';
import { Link } from '../../../binder/session/link.ts';
import type { InboundDeliver, SubmitBody } from '../../../binder/session/session-events.ts';
import { type Simulator, startSimulator } from '../../../binder/simulator/simulator.ts';
import type { Command, Pdu } from '../../../binder/smpp/pdu.ts';
import { intTlv, TAG } from '../../../binder/smpp/tlv.ts';
import { type Account, accountSchema } from '../../../shared/config/account.ts';
import { Esme } from '../../esme.ts';
import { quietLog } from '../../fixtures/log.ts';
import { until } from '../../fixtures/scripted-peer.ts';
import { accountInput, submitBody } from '../../fixtures/smpp-session.ts';
import { messageOf } from '../../integration/misbehaviour/outgoing.ts';
import { openGate } from '../../integration/session/rig.ts';
import { TEXTS } from '../texts.ts';

const SYSTEM = { systemId: 'bindery', password: 'secret12' };
const RECEIPT = 0x04;
const TEMPORARY_ERROR = 0x64;

/** More than one TCP segment of the loopback can carry. */
const PAYLOAD_OCTETS = 65_000;

/** A sequence number that no session reaches: what has it is the last of all. */
const LAST_SEQUENCE = 0x7fffffff;
export const LAST_PDU: Pdu = { command: 'enquire_link_resp', status: 0, sequence: LAST_SEQUENCE };

/** One PDU, with who wrote it on which connection, counted from 1. */
export interface WrittenPdu {
  connection: number;
  by: 'esme' | 'message centre';
  pdu: Pdu;
}

/** A conversation in which the binder's sessions and the simulated message centre say everything that they can say. */
export class EveryPdu {
  readonly written: WrittenPdu[] = [];
  /** What the sessions themselves counted as written: by command, answers with their status. */
  readonly counted: Record<string, number> = {};
  readonly #simulator: Simulator;

  private constructor(simulator: Simulator) {
    this.#simulator = simulator;
    const record =
      (by: WrittenPdu['by']) =>
      ({ id }: { id: number }, pdu: Pdu, next: (pdu: Pdu) => void): void => {
        this.written.push({ connection: id, by, pdu });
        next(pdu);
      };
    simulator.behave({ received: record('esme'), sending: record('message centre') });
  }

  /** Nothing is said yet, but the port is known. */
  static async prepare(): Promise<EveryPdu> {
    const systems = [{ ...SYSTEM, submitsPerSecond: 1_000 }];
    return new EveryPdu(await startSimulator({ systems, receiptDelayMs: 20, receiptRetryMs: 50 }));
  }

  get port(): number {
    return this.#simulator.port;
  }

  async happen(): Promise<void> {
    await this.#asTransceiver();
    await this.#asPair();
    await this.#asStranger();
  }

  async close(): Promise<void> {
    await this.#simulator.close();
  }

  async #asTransceiver(): Promise<void> {
    const account = this.#account('transceiver');
    const link = this.#open(account);
    await until(() => link.status.canSubmit);
    for (const submit of submits(account)) await link.submit(submit, '');
    this.#simulator.sendInbound(SYSTEM.systemId, { from: '639171234567', to: 'MSG95', text: TEXTS.longUcs2 });
    await this.#delivered();
    // The session's own, after its silence.
    await until(() => this.#saw('esme', 'enquire_link'));
    const [session] = this.#simulator.links;
    session?.request({ command: 'enquire_link' });
    // Neither is for an ESME: the first is refused, the second passed over.
    session?.request({ ...submitBody, command: 'submit_sm' });
    session?.request({ command: 'outbind', ...SYSTEM });
    await until(() => this.#saw('message centre', 'enquire_link_resp') && this.#saw('esme', 'generic_nack'));
    session?.request({ command: 'unbind' });
    await until(() => this.#saw('esme', 'unbind_resp') && link.status.canSubmit);
    await this.#close(link);
  }

  async #asPair(): Promise<void> {
    const link = this.#open(this.#account('transmitter+receiver'));
    await until(() => link.status.state === 'bound');
    await link.submit(submitBody, '');
    await this.#delivered();
    await this.#close(link);
  }

  /** What our sessions never say to a message centre, for its answers. */
  async #asStranger(): Promise<void> {
    const esme = await Esme.connect(this.port);
    await esme.bind({ password: 'wrong' });
    esme.send({ ...submitBody, command: 'deliver_sm' });
    await esme.take('generic_nack');
    esme.answer({ command: 'enquire_link' }, LAST_SEQUENCE);
    await esme.take('enquire_link_resp');
    esme.close();
  }

  #account(bindType: Account['bindType']): Account {
    const timers = { enquireLinkMs: 200 };
    const url = `smpp://127.0.0.1:${this.port}`;
    return accountSchema.parse({ ...accountInput, url, bindType, timers, systemType: 'VMA', addressRange: '^63' });
  }

  #open(account: Account): Link<string> {
    let refused = false;
    const onDeliver = async ({ esmClass }: InboundDeliver): Promise<number> => {
      if (refused || (esmClass & RECEIPT) === 0) return 0;
      refused = true;
      return TEMPORARY_ERROR;
    };
    const link = new Link<string>({
      account,
      credentials: async () => ({ system_id: SYSTEM.systemId, password: SYSTEM.password }),
      clock: systemClock,
      random: Math.random,
      log: quietLog(),
      gate: openGate(),
      timeScale: 0.01,
      handlers: { onStatus: () => {}, onDeliver, onLateAnswer: () => {} },
    });
    link.start();
    return link;
  }

  #saw(by: WrittenPdu['by'], command: Command): boolean {
    return this.written.some((each) => each.by === by && each.pdu.command === command);
  }

  /** Every segment that was accepted has its receipt, and nothing is left to be acknowledged. */
  async #delivered(): Promise<void> {
    await until(() => {
      const accepted = this.#simulator.submits.filter((submit) => submit.accepted);
      const acknowledged = this.#simulator.events.filter(
        (event) => event.kind === 'delivery_answered' && event.of.kind === 'receipt' && event.status === 0,
      );
      return acknowledged.length === accepted.length && this.#simulator.undelivered === 0;
    });
  }

  async #close(link: Link<string>): Promise<void> {
    await link.close({ drainMs: 1_000 });
    await until(() => this.#simulator.links.length === 0);
    for (const [name, count] of Object.entries(link.counters.written)) {
      this.counted[name] = (this.counted[name] ?? 0) + count;
    }
  }
}

/** Every shape of submit_sm: as composed, with other optional parameters, as long as may be, and one with a wrong number. */
function submits(account: Account): SubmitBody[] {
  const messages = Object.values(TEXTS).map((text) => messageOf({ lane: 'bulk', text }, account.name));
  const composed = messages.flatMap((message) =>
    message.segments.map((_, index) => composeSubmit(message, index, { account, nowMs: Date.now() })),
  );
  const sar = [intTlv(TAG.sarMsgRefNum, 2, 0x1234), intTlv(TAG.sarTotalSegments, 1, 2)];
  const payload = { tag: TAG.messagePayload, value: Buffer.alloc(PAYLOAD_OCTETS, 'a') };
  return [
    ...composed,
    { ...submitBody, tlvs: [...sar, intTlv(TAG.sarSegmentSeqnum, 1, 1)] },
    { ...submitBody, tlvs: [...sar, intTlv(TAG.sarSegmentSeqnum, 1, 2)] },
    { ...submitBody, shortMessage: Buffer.alloc(0), tlvs: [payload] },
    { ...submitBody, shortMessage: Buffer.alloc(254, 'b') },
    { ...submitBody, destination: { ...submitBody.destination, address: '123' } },
  ];
}
