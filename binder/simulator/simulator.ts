import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { type Behaviour, Behaviours, type Link } from './behaviour.ts';
import { type InboundMessage, inboundParts } from './inbound-message.ts';
import { type EventListener, Journal, type SimulatorEvent } from './journal.ts';
import { lineLatency } from './latency.ts';
import { MessageCentre } from './message-centre.ts';
import type { ReceivedMessage } from './reassembly.ts';
import type { Receipt } from './receipt.ts';
import type { RecordedSubmit } from './recorded-submit.ts';
import { Session } from './session.ts';
import { type Settings, type SimulatorOptions, settingsOf } from './settings.ts';

/** A message centre that listens on a TCP port of this machine. */
export class Simulator {
  readonly host: string;
  readonly #server: Server;
  readonly #settings: Settings;
  readonly #journal: Journal;
  readonly #behaviours: Behaviours;
  readonly #centre: MessageCentre;
  readonly #sessions = new Set<Session>();
  #connections = 0;
  #port = 0;

  constructor(settings: Settings) {
    this.host = settings.host;
    this.#settings = settings;
    this.#journal = new Journal({ limit: settings.journalLimit, now: () => settings.clock.now() });
    const latency = settings.latencyMs > 0 ? [lineLatency(settings.latencyMs)] : [];
    this.#behaviours = new Behaviours([...latency, ...settings.behaviours]);
    this.#centre = new MessageCentre(settings, this.#journal, this.#behaviours);
    this.#server = createServer((socket) => this.#welcome(socket));
  }

  /** The port listened on, also where any free one was asked for. */
  get port(): number {
    return this.#port;
  }

  get url(): string {
    return `smpp://${this.host}:${this.port}`;
  }

  /** Every submit_sm that came, oldest first, with its answer once that has left. */
  get submits(): readonly RecordedSubmit[] {
    return this.#journal.submits;
  }

  get events(): readonly SimulatorEvent[] {
    return this.#journal.events;
  }

  /** Open connections, bound or not. */
  get links(): readonly Link[] {
    return Array.from(this.#sessions, ({ link }) => link);
  }

  /** Deliveries that no peer has acknowledged yet. Receipts whose delay still runs are not among them. */
  get undelivered(): number {
    return this.#centre.undelivered();
  }

  /** Accepted messages, put together from their segments. */
  messages(): ReceivedMessage[] {
    return this.#centre.reassembly.messages();
  }

  /** Most submit_sm of one system id that came in any 1.000 s, refused ones included. */
  worstSecond(systemId?: string): number {
    return this.#journal.worstSecond(systemId);
  }

  /** From now on behaves so, too; the returned function ends it. */
  behave(behaviour: Behaviour): () => void {
    return this.#behaviours.add(behaviour);
  }

  onEvent(listener: EventListener): () => void {
    return this.#journal.listen(listener);
  }

  /** Settles when the condition holds, looking after every event and every 10 ms; rejects after `timeoutMs`. */
  until(condition: () => boolean, timeoutMs = 5000): Promise<void> {
    return new Promise((resolve, reject) => {
      const startedMs = performance.now();
      const check = (): void => {
        const late = performance.now() - startedMs > timeoutMs;
        if (!late && !condition()) return;
        clearInterval(poll);
        stopListening();
        if (late) reject(new Error(`not within ${timeoutMs} ms: ${String(condition)}`));
        else resolve();
      };
      const poll = setInterval(check, 10);
      const stopListening = this.onEvent(check);
      check();
    });
  }

  /** Sends a subscriber's message; `order` says which parts go and when, counted from 1 (default: all, in order). */
  sendInbound(systemId: string, message: InboundMessage, order?: readonly number[]): void {
    const parts = inboundParts(message);
    for (const part of order ?? parts.map((_, index) => index + 1)) {
      const pdu = parts[part - 1];
      if (pdu === undefined) throw new RangeError(`the message has ${parts.length} parts, not ${part}`);
      this.#centre.post(systemId, pdu, { kind: 'inbound', part, parts: parts.length });
    }
  }

  /** Sends a receipt now, be it for a message that was never submitted. */
  sendReceipt(receipt: Pick<Receipt, 'systemId' | 'messageId'> & Partial<Receipt>): void {
    const now = this.#settings.wallClock();
    this.#centre.postReceipt({
      stat: 'DELIVRD',
      source: { ton: 5, npi: 0, address: 'MSG95' },
      destination: { ton: 0, npi: 0, address: '09170000000' },
      submittedAtMs: now,
      doneAtMs: now,
      text: '',
      ...receipt,
    });
  }

  /** Cuts all connections now, with a TCP reset or as if they had ended. */
  dropConnections(how: 'reset' | 'end' = 'reset'): void {
    for (const { link } of this.#sessions) link[how]();
  }

  async listen(): Promise<void> {
    this.#server.listen(this.#settings.port, this.#settings.host);
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  /** Unbinds what is bound, waits up to `graceMs` for the peers to go, and closes everything. Default: at once. */
  async close({ graceMs = 0 }: { graceMs?: number } = {}): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    if (graceMs > 0) {
      for (const session of this.#sessions) session.unbind();
      await this.until(() => this.#sessions.size === 0, graceMs).catch(() => {});
    }
    this.dropConnections();
    this.#centre.close();
    await closed;
  }

  #welcome(socket: Socket): void {
    this.#connections += 1;
    const session = new Session({
      id: this.#connections,
      socket,
      settings: this.#settings,
      behaviours: this.#behaviours,
      journal: this.#journal,
      centre: this.#centre,
    });
    this.#sessions.add(session);
    socket.once('close', () => this.#sessions.delete(session));
  }
}

/** Starts a simulated message centre. Rejects with the system's error (EADDRINUSE, EACCES) where it cannot listen. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const simulator = new Simulator(settingsOf(options));
  await simulator.listen();
  return simulator;
}
