import type { Clock } from '../session/clock.ts';
import type { DeliverSm } from '../smpp/pdu.ts';
import { STATUS } from '../smpp/status.ts';
import type { DeliveryTopic, Journal } from './journal.ts';
import { Timers } from './timers.ts';

/** A bound session that takes deliver_sm. */
export interface Receiver {
  readonly linkId: number;
  /** Sends it and returns its sequence number. */
  deliver(pdu: DeliverSm): number;
}

export interface MailboxOptions {
  systemId: string;
  clock: Clock;
  journal: Journal;
  /** Most deliver_sm that may be unanswered on one session. */
  window: number;
  /** How long an answer may take before the delivery is repeated. */
  answerTimeoutMs: number;
  /** Wait after an answer other than 0. */
  retryMs: number;
}

interface Delivery {
  pdu: DeliverSm;
  of: DeliveryTopic;
  attempts: number;
}

interface Unanswered {
  delivery: Delivery;
  cancelTimeout: () => void;
}

/** What one system id is still to be told. A delivery stays until its deliver_sm_resp says 0, across any number of sessions. */
export class Mailbox {
  readonly #options: MailboxOptions;
  readonly #timers: Timers;
  /** In the order of sending. */
  #waiting = new Set<Delivery>();
  readonly #receivers = new Map<Receiver, Map<number, Unanswered>>();
  /** Deliveries that wait for their retry. */
  #resting = 0;

  constructor(options: MailboxOptions) {
    this.#options = options;
    this.#timers = new Timers(options.clock);
  }

  /** Deliveries that were not acknowledged yet. */
  get size(): number {
    let unanswered = 0;
    for (const table of this.#receivers.values()) unanswered += table.size;
    return this.#waiting.size + this.#resting + unanswered;
  }

  post(pdu: DeliverSm, of: DeliveryTopic): void {
    this.#waiting.add({ pdu, of, attempts: 0 });
    this.#pump();
  }

  attach(receiver: Receiver): void {
    this.#receivers.set(receiver, new Map());
    this.#pump();
  }

  /** What the session left unanswered goes first on the next one. */
  detach(receiver: Receiver): void {
    const left = [...(this.#receivers.get(receiver)?.values() ?? [])];
    this.#receivers.delete(receiver);
    for (const { cancelTimeout } of left) cancelTimeout();
    this.#waiting = new Set([...left.map(({ delivery }) => delivery), ...this.#waiting]);
    this.#pump();
  }

  /** A deliver_sm_resp or generic_nack; one for a sequence number that is not waited for is let go by. */
  answered(receiver: Receiver, sequence: number, status: number): void {
    const unanswered = this.#take(receiver, sequence);
    if (unanswered === undefined) return;
    const { delivery } = unanswered;
    const { journal, systemId } = this.#options;
    journal.record({ kind: 'delivery_answered', link: receiver.linkId, systemId, of: delivery.of, status });
    if (status !== STATUS.ok) this.#rest(delivery);
    this.#pump();
  }

  close(): void {
    this.#timers.cancelAll();
  }

  #take(receiver: Receiver, sequence: number): Unanswered | undefined {
    const table = this.#receivers.get(receiver);
    const unanswered = table?.get(sequence);
    table?.delete(sequence);
    unanswered?.cancelTimeout();
    return unanswered;
  }

  #rest(delivery: Delivery): void {
    this.#resting += 1;
    this.#timers.after(this.#options.retryMs, () => {
      this.#resting -= 1;
      this.#waiting.add(delivery);
      this.#pump();
    });
  }

  #pump(): void {
    for (const delivery of this.#waiting) {
      const receiver = this.#leastBusy();
      if (receiver === undefined) return;
      this.#waiting.delete(delivery);
      this.#send(receiver, delivery);
    }
  }

  #leastBusy(): Receiver | undefined {
    let best: { receiver: Receiver; unanswered: number } | undefined;
    for (const [receiver, { size }] of this.#receivers) {
      if (size < (best?.unanswered ?? this.#options.window)) best = { receiver, unanswered: size };
    }
    return best?.receiver;
  }

  #send(receiver: Receiver, delivery: Delivery): void {
    delivery.attempts += 1;
    const sequence = receiver.deliver(delivery.pdu);
    const cancelTimeout = this.#timers.after(this.#options.answerTimeoutMs, () => {
      if (this.#take(receiver, sequence) === undefined) return;
      this.#waiting.add(delivery);
      this.#pump();
    });
    this.#receivers.get(receiver)?.set(sequence, { delivery, cancelTimeout });
    const { journal, systemId } = this.#options;
    const { of, attempts: attempt } = delivery;
    journal.record({ kind: 'delivery_sent', link: receiver.linkId, systemId, of, attempt });
  }
}
