import { type Content, contentOf } from '../smpp/content.ts';
import type { Bind, DeliverSm, SubmitSm } from '../smpp/pdu.ts';
import { STATUS } from '../smpp/status.ts';
import type { Behaviours } from './behaviour.ts';
import type { DeliveryTopic, Journal } from './journal.ts';
import { LastSecond } from './last-second.ts';
import { Mailbox, type Receiver } from './mailbox.ts';
import type { Outcome } from './outcome.ts';
import { seededRandom } from './random.ts';
import { Reassembly } from './reassembly.ts';
import { type Receipt, receiptPdu, wantsReceipt } from './receipt.ts';
import type { RecordedSubmit } from './recorded-submit.ts';
import { DEFAULT_MAX_SESSIONS, GUIDE_TPS, type Settings, type SystemOptions } from './settings.ts';
import { refusalOf } from './submit-rules.ts';
import { Timers } from './timers.ts';

interface System {
  options: SystemOptions;
  bound: number;
  submits: LastSecond;
  /** Submits that kept rate and rules. */
  decided: number;
  mailbox: Mailbox;
}

export type SubmitAnswer = { status: 0; messageId: string } | { status: number; reason: string };

/** What all sessions share: who may bind, what becomes of a submit_sm, and what is still to be delivered to whom. */
export class MessageCentre {
  readonly #settings: Settings;
  readonly #journal: Journal;
  readonly #behaviours: Behaviours;
  readonly #timers: Timers;
  readonly #random: () => number;
  readonly #systems: ReadonlyMap<string, System>;
  readonly reassembly: Reassembly;
  #lastMessageId: number;

  constructor(settings: Settings, journal: Journal, behaviours: Behaviours) {
    this.#settings = settings;
    this.#journal = journal;
    this.#behaviours = behaviours;
    this.#timers = new Timers(settings.clock);
    this.#random = seededRandom(settings.seed);
    this.#systems = new Map(settings.systems.map((options) => [options.systemId, this.#systemOf(options)]));
    this.reassembly = new Reassembly(settings.journalLimit);
    // A second run must not give the ids of the first: clients remember them longer than this process lives.
    this.#lastMessageId = settings.wallClock() * 1000;
  }

  /** command_status for a bind that the session itself has no objection to. */
  bindStatus({ systemId, password }: Bind): number {
    const system = this.#systems.get(systemId);
    if (system === undefined) return STATUS.invalidSystemId;
    if (system.options.password !== password) return STATUS.invalidPassword;
    if (system.bound >= (system.options.maxSessions ?? DEFAULT_MAX_SESSIONS)) return STATUS.alreadyBound;
    return STATUS.ok;
  }

  /** @param receiver absent for transmitters */
  bound(systemId: string, receiver: Receiver | undefined): void {
    const system = this.#system(systemId);
    system.bound += 1;
    if (receiver !== undefined) system.mailbox.attach(receiver);
  }

  unbound(systemId: string, receiver: Receiver | undefined): void {
    const system = this.#system(systemId);
    system.bound -= 1;
    if (receiver !== undefined) system.mailbox.detach(receiver);
  }

  deliverAnswered(systemId: string, receiver: Receiver, answer: { sequence: number; status: number }): void {
    this.#system(systemId).mailbox.answered(receiver, answer.sequence, answer.status);
  }

  post(systemId: string, pdu: DeliverSm, of: DeliveryTopic): void {
    this.#system(systemId).mailbox.post(pdu, of);
  }

  postReceipt(receipt: Receipt): void {
    for (const each of this.#behaviours.receipts(receipt)) {
      this.post(each.systemId, receiptPdu(each), { kind: 'receipt', messageId: each.messageId, stat: each.stat });
    }
  }

  undelivered(): number {
    return Array.from(this.#systems.values(), ({ mailbox }) => mailbox.size).reduce((sum, size) => sum + size, 0);
  }

  /** Decides on a submit_sm of a session bound for it. The record is completed as the message is taken. */
  submit(submit: RecordedSubmit): SubmitAnswer {
    const system = this.#system(submit.systemId);
    const { pdu } = submit;
    if (system.submits.count(submit.atMs) >= (system.options.submitsPerSecond ?? GUIDE_TPS)) {
      return { status: STATUS.throttled, reason: 'over the rate' };
    }
    // What is throttled does not count: else a client that keeps knocking would never get in again.
    system.submits.add(submit.atMs);
    const content = contentOf(pdu);
    const refusal = refusalOf(pdu, content, { ...this.#settings, ...system.options });
    if (refusal !== undefined) return refusal;
    const outcome = this.#decide(system, submit);
    if (outcome.status !== undefined && outcome.status !== STATUS.ok) {
      return { status: outcome.status, reason: 'decided for this destination' };
    }
    return { status: STATUS.ok, messageId: this.#accept(submit, content, outcome) };
  }

  close(): void {
    this.#timers.cancelAll();
    for (const { mailbox } of this.#systems.values()) mailbox.close();
  }

  #decide(system: System, { pdu, systemId, text, concatenation }: RecordedSubmit): Outcome {
    system.decided += 1;
    return this.#settings.decide({
      systemId,
      source: pdu.source.address,
      destination: pdu.destination.address,
      text,
      segmentIndex: concatenation?.index ?? 1,
      segments: concatenation?.total ?? 1,
      ordinal: system.decided,
    });
  }

  #accept(submit: RecordedSubmit, content: Content, outcome: Outcome): string {
    this.#lastMessageId += 1;
    submit.messageId = String(this.#lastMessageId);
    submit.accepted = true;
    this.reassembly.accept(submit, content);
    this.#scheduleReceipt(submit.pdu, submit, outcome);
    return submit.messageId;
  }

  #scheduleReceipt(pdu: SubmitSm, { systemId, text, messageId }: RecordedSubmit, outcome: Outcome): void {
    const stat = outcome.receipt ?? 'DELIVRD';
    if (messageId === undefined || stat === 'none' || !wantsReceipt(pdu.registeredDelivery, stat)) return;
    const submittedAtMs = this.#settings.wallClock();
    this.#timers.after(outcome.delayMs ?? this.#receiptDelayMs(), () => {
      const doneAtMs = this.#settings.wallClock();
      const { source, destination } = pdu;
      this.postReceipt({ systemId, messageId, stat, source, destination, submittedAtMs, doneAtMs, text });
    });
  }

  #receiptDelayMs(): number {
    const { receiptDelayMs, receiptJitter } = this.#settings;
    return receiptDelayMs * (1 + receiptJitter * (2 * this.#random() - 1));
  }

  #systemOf(options: SystemOptions): System {
    const { clock, receiptWindow, receiptAnswerTimeoutMs, receiptRetryMs } = this.#settings;
    const mailbox = new Mailbox({
      systemId: options.systemId,
      clock,
      journal: this.#journal,
      window: receiptWindow,
      answerTimeoutMs: receiptAnswerTimeoutMs,
      retryMs: receiptRetryMs,
    });
    return { options, bound: 0, submits: new LastSecond(), decided: 0, mailbox };
  }

  #system(systemId: string): System {
    const system = this.#systems.get(systemId);
    if (system === undefined) throw new Error(`no system ${systemId} here`);
    return system;
  }
}
