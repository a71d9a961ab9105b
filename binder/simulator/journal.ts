import type { BindType } from '../smpp/pdu.ts';
import { LastSecond } from './last-second.ts';
import type { RecordedSubmit } from './recorded-submit.ts';

/** What happens at the message centre. `link` counts connections from 1; `atMs` is monotonic. */
export type SimulatorEvent = { atMs: number } & (
  | { kind: 'connected'; link: number; peer: string }
  | { kind: 'bind_answered'; link: number; systemId: string; bindType: BindType; status: number }
  | { kind: 'submit_answered'; link: number; submit: RecordedSubmit; reason?: string }
  | { kind: 'delivery_sent'; link: number; systemId: string; of: DeliveryTopic; attempt: number }
  | { kind: 'delivery_answered'; link: number; systemId: string; of: DeliveryTopic; status: number }
  | { kind: 'protocol_fault'; link: number; reason: string }
  | { kind: 'unbound'; link: number; systemId: string; by: 'peer' | 'simulator' }
  | { kind: 'closed'; link: number; cutOff: boolean }
);

/** What a deliver_sm is about. */
export type DeliveryTopic =
  | { kind: 'receipt'; messageId: string; stat: string }
  | { kind: 'inbound'; part: number; parts: number };

type Untimed<Event> = Event extends unknown ? Omit<Event, 'atMs'> : never;
export type SimulatorEventBody = Untimed<SimulatorEvent>;
export type EventListener = (event: SimulatorEvent) => void;

interface Rate {
  last: LastSecond;
  worst: number;
}

/** All that tests and people want to know afterwards. Keeps the newest `limit` submits and as many events. */
export class Journal {
  readonly submits: RecordedSubmit[] = [];
  readonly events: SimulatorEvent[] = [];
  readonly #rates = new Map<string, Rate>();
  readonly #listeners = new Set<EventListener>();
  readonly #limit: number;
  readonly #now: () => number;

  constructor(options: { limit: number; now: () => number }) {
    this.#limit = options.limit;
    this.#now = options.now;
  }

  /** Every submit_sm counts toward the worst second, also one that is refused: the wire carried it. */
  arrived(submit: RecordedSubmit): void {
    append(this.submits, submit, this.#limit);
    const rate = this.#rates.get(submit.systemId) ?? { last: new LastSecond(), worst: 0 };
    this.#rates.set(submit.systemId, rate);
    rate.last.add(submit.atMs);
    rate.worst = Math.max(rate.worst, rate.last.count(submit.atMs));
  }

  /** Most submit_sm of one system id in any 1.000 s; without an id, of the system that sent most. */
  worstSecond(systemId?: string): number {
    if (systemId !== undefined) return this.#rates.get(systemId)?.worst ?? 0;
    return Math.max(0, ...Array.from(this.#rates.values(), ({ worst }) => worst));
  }

  record(body: SimulatorEventBody): void {
    const event: SimulatorEvent = { atMs: this.#now(), ...body };
    append(this.events, event, this.#limit);
    for (const listener of this.#listeners) listener(event);
  }

  listen(listener: EventListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

/** Drops the oldest tenth at a time, so that a full journal does not move its whole self for each entry. */
function append<Entry>(entries: Entry[], entry: Entry, limit: number): void {
  if (entries.length >= limit) entries.splice(0, Math.max(1, Math.floor(limit / 10)));
  entries.push(entry);
}
