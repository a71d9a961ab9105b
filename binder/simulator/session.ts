import type { Socket } from 'node:net';
import { isResponseId, LAYOUTS } from '../smpp/layout.ts';
import type { Bind, BindType, Command, Decoded, DeliverSm, Pdu, SubmitSm } from '../smpp/pdu.ts';
import { STATUS } from '../smpp/status.ts';
import { intTlv, TAG } from '../smpp/tlv.ts';
import type { Behaviours } from './behaviour.ts';
import type { Journal } from './journal.ts';
import { type LinkEvents, TcpLink } from './link.ts';
import type { Receiver } from './mailbox.ts';
import type { MessageCentre } from './message-centre.ts';
import { type RecordedSubmit, recordedSubmit } from './recorded-submit.ts';
import type { Settings } from './settings.ts';

/** Session states of SMPP 3.4 section 2.2, as the message centre sees them. */
export type SessionState = 'open' | 'bound' | 'unbinding' | 'closed';

export interface SessionOptions {
  id: number;
  socket: Socket;
  settings: Settings;
  behaviours: Behaviours;
  journal: Journal;
  centre: MessageCentre;
}

const INTERFACE_VERSION_3_4 = 0x34;
/** After the last word a peer has so long to close the connection itself, and the word to arrive on a slow line. */
const LINGER_MS = 200;

/** One ESME's connection, held strictly to the states of section 2.3. */
export class Session implements LinkEvents, Receiver {
  readonly link: TcpLink;
  state: SessionState = 'open';
  readonly #settings: Settings;
  readonly #journal: Journal;
  readonly #centre: MessageCentre;
  /** Submits whose answer has not left yet, by sequence number. */
  readonly #unanswered = new Map<number, RecordedSubmit>();
  /** Why a submit was refused, for the journal. */
  readonly #reasons = new WeakMap<RecordedSubmit, string>();
  #cancelIdleTimer: () => void;
  /** The command with which this side's part in the session ends. */
  #lastWord: Command | undefined;

  constructor({ id, socket, settings, behaviours, journal, centre }: SessionOptions) {
    this.#settings = settings;
    this.#journal = journal;
    this.#centre = centre;
    const { clock, maxLengthOctets } = settings;
    this.link = new TcpLink({ id, socket, clock, behaviours, maxLengthOctets, events: this });
    journal.record({ kind: 'connected', link: id, peer: `${socket.remoteAddress}:${socket.remotePort}` });
    this.#cancelIdleTimer = this.link.after(settings.bindTimeoutMs, () => this.link.end());
    this.link.begin();
  }

  get linkId(): number {
    return this.link.id;
  }

  deliver(pdu: DeliverSm): number {
    const sequence = this.link.nextSequence();
    this.link.send({ ...pdu, status: 0, sequence });
    return sequence;
  }

  /** Asks the peer to end the session; the connection closes with its answer. */
  unbind(): void {
    if (this.state !== 'bound') return this.link.end();
    this.#leaveBound('simulator');
    this.state = 'unbinding';
    this.link.request({ command: 'unbind' });
  }

  arrived(pdu: Pdu): void {
    if (this.state === 'bound') this.#restartIdleTimer();
    if (pdu.command !== 'submit_sm') return;
    const submit = recordedSubmit(pdu, this.link);
    const oldest = this.#unanswered.keys().next();
    // A behaviour that never answers must not fill the memory.
    if (this.#unanswered.size >= this.#settings.journalLimit && !oldest.done) this.#unanswered.delete(oldest.value);
    this.#unanswered.set(pdu.sequence, submit);
    this.#journal.arrived(submit);
  }

  received(decoded: Decoded): void {
    switch (decoded.kind) {
      case 'pdu':
        return this.#handle(decoded.pdu);
      case 'unknown_command':
        this.#fault(`unknown command 0x${decoded.commandId.toString(16).padStart(8, '0')}`);
        if (!isResponseId(decoded.commandId)) this.#nack(decoded.sequence, STATUS.invalidCommandId);
        return;
      case 'malformed':
        this.#fault(`malformed ${decoded.command}: ${decoded.reason}`);
        if (!isResponseId(decoded.commandId)) this.#refuse(decoded, STATUS.invalidCommandLength);
    }
  }

  sent(pdu: Pdu): void {
    if (pdu.command === this.#lastWord) this.link.after(LINGER_MS, () => this.link.end());
    if (pdu.command !== 'submit_sm_resp') return;
    const submit = this.#unanswered.get(pdu.sequence);
    if (submit === undefined) return;
    this.#unanswered.delete(pdu.sequence);
    submit.status = pdu.status;
    submit.answeredAtMs = this.link.now();
    const reason = this.#reasons.get(submit);
    this.#journal.record({
      kind: 'submit_answered',
      link: this.link.id,
      submit,
      ...(reason === undefined ? {} : { reason }),
    });
  }

  badLength(length: number): void {
    this.#fault(`command_length ${length}`);
    this.#lastWord = 'generic_nack';
    this.#nack(0, STATUS.invalidCommandLength);
  }

  closed({ cutOff }: { cutOff: boolean }): void {
    this.#leaveBound(undefined);
    this.state = 'closed';
    this.#journal.record({ kind: 'closed', link: this.link.id, cutOff });
  }

  #handle(pdu: Pdu): void {
    switch (pdu.command) {
      case 'bind_transmitter':
      case 'bind_receiver':
      case 'bind_transceiver':
        return this.#bind(pdu);
      case 'submit_sm':
        return this.#submit(pdu);
      case 'enquire_link':
        return this.link.send({ command: 'enquire_link_resp', status: STATUS.ok, sequence: pdu.sequence });
      case 'unbind':
        return this.#unbindByPeer(pdu.sequence);
      case 'deliver_sm_resp':
      case 'generic_nack':
        return this.#deliverAnswered(pdu);
      case 'unbind_resp':
        return this.state === 'unbinding' ? this.link.end() : undefined;
      case 'deliver_sm':
      case 'outbind':
        // Only a message centre sends these (table 2-1).
        this.#fault(`${pdu.command} from an ESME`);
        return this.#nack(pdu.sequence, STATUS.invalidCommandId);
      case 'enquire_link_resp':
      case 'submit_sm_resp':
      case 'bind_transmitter_resp':
      case 'bind_receiver_resp':
      case 'bind_transceiver_resp':
    }
  }

  #bind(bind: Bind & Pdu): void {
    const bindType = bind.command.slice('bind_'.length) as BindType;
    const status = this.state === 'open' ? this.#centre.bindStatus(bind) : STATUS.alreadyBound;
    const { systemId } = bind;
    this.#journal.record({ kind: 'bind_answered', link: this.link.id, systemId, bindType, status });
    const head = { command: `bind_${bindType}_resp`, status, sequence: bind.sequence } as const;
    if (status !== STATUS.ok) return this.link.send(head);
    this.state = 'bound';
    this.link.systemId = systemId;
    this.link.bindType = bindType;
    this.#restartIdleTimer();
    // Optional parameters only to those who say that they know them (3.4.2).
    const knowsTlvs = bind.interfaceVersion >= INTERFACE_VERSION_3_4;
    const tlvs = knowsTlvs ? [intTlv(TAG.scInterfaceVersion, 1, INTERFACE_VERSION_3_4)] : [];
    this.link.send({ ...head, systemId: 'MC', tlvs });
    // After the answer: a receipt must not come to a session that does not know yet that it is bound.
    this.#centre.bound(systemId, this.#asReceiver());
  }

  #submit(pdu: SubmitSm & Pdu): void {
    const { sequence } = pdu;
    const submit = this.#unanswered.get(sequence);
    if (this.state !== 'bound' || this.link.bindType === 'receiver' || submit === undefined) {
      if (submit !== undefined) this.#reasons.set(submit, 'the session is not bound as a transmitter');
      return this.link.send({ command: 'submit_sm_resp', status: STATUS.incorrectBindStatus, sequence });
    }
    const answer = this.#centre.submit(submit);
    if ('reason' in answer) this.#reasons.set(submit, answer.reason);
    const id = 'messageId' in answer ? { messageId: answer.messageId } : {};
    this.link.send({ command: 'submit_sm_resp', status: answer.status, sequence, ...id });
  }

  #deliverAnswered({ sequence, status }: Pdu): void {
    const { systemId } = this.link;
    if (this.state === 'bound' && systemId !== undefined) {
      this.#centre.deliverAnswered(systemId, this, { sequence, status });
    }
  }

  #unbindByPeer(sequence: number): void {
    const wasBound = this.state === 'bound';
    this.#leaveBound('peer');
    if (wasBound) {
      this.state = 'unbinding';
      this.#lastWord = 'unbind_resp';
    }
    this.link.send({ command: 'unbind_resp', status: wasBound ? STATUS.ok : STATUS.incorrectBindStatus, sequence });
  }

  /** Answers a request that cannot be read with its own response, or with generic_nack where it has none. */
  #refuse({ command, sequence }: { command: Command; sequence: number }, status: number): void {
    const response = `${command}_resp`;
    if (response in LAYOUTS) this.link.send({ command: response, status, sequence } as Pdu);
    else this.#nack(sequence, status);
  }

  #nack(sequence: number, status: number): void {
    this.link.send({ command: 'generic_nack', status, sequence });
  }

  #fault(reason: string): void {
    this.#journal.record({ kind: 'protocol_fault', link: this.link.id, reason });
  }

  #asReceiver(): Receiver | undefined {
    return this.link.bindType === 'transmitter' ? undefined : this;
  }

  #leaveBound(by: 'peer' | 'simulator' | undefined): void {
    const { systemId } = this.link;
    if (this.state !== 'bound' || systemId === undefined) return;
    this.state = 'open';
    this.#centre.unbound(systemId, this.#asReceiver());
    if (by !== undefined) this.#journal.record({ kind: 'unbound', link: this.link.id, systemId, by });
  }

  #restartIdleTimer(): void {
    this.#cancelIdleTimer();
    this.#cancelIdleTimer = this.link.after(this.#settings.inactivityMs, () => this.unbind());
  }
}
