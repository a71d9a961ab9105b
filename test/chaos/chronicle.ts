import type { SimulatorEvent } from '../../binder/simulator/journal.ts';

export interface ChronicleEntry {
  /** From the beginning of the faults; before it, of the run. */
  atMs: number;
  text: string;
}

/** What happened in a run, in order: enough to see what stood around a broken promise. */
export class Chronicle {
  readonly entries: ChronicleEntry[] = [];
  readonly #onEntry: (entry: ChronicleEntry) => void;
  #zeroMs = performance.now();
  #ended = false;

  constructor(onEntry: (entry: ChronicleEntry) => void = () => undefined) {
    this.#onEntry = onEntry;
  }

  /** The faults begin now. */
  begin(): void {
    this.#zeroMs = performance.now();
  }

  /** What comes now is the tidying up. */
  end(): void {
    this.#ended = true;
  }

  get nowMs(): number {
    return performance.now() - this.#zeroMs;
  }

  note(text: string): void {
    if (this.#ended) return;
    const entry = { atMs: this.nowMs, text };
    this.entries.push(entry);
    this.#onEntry(entry);
  }

  /** The last `count`, as lines. */
  tail(count: number): string[] {
    return this.entries.slice(-count).map(chronicleLine);
  }
}

export function chronicleLine({ atMs, text }: ChronicleEntry): string {
  return `${(atMs / 1000).toFixed(3).padStart(9)} s  ${text}`;
}

/** Of what happens at the operator only what changes sessions; submits and receipts are counted elsewhere. */
export function sessionNews(event: SimulatorEvent, ownerOf: (link: number) => number | undefined): string | undefined {
  const session = `connection ${event.link}, task ${ownerOf(event.link) ?? '?'}`;
  switch (event.kind) {
    case 'bind_answered':
      return `operator: bind answered 0x${event.status.toString(16).padStart(2, '0')} (${session})`;
    case 'unbound':
      return `operator: unbound by ${event.by === 'peer' ? 'the binder' : 'the operator'} (${session})`;
    case 'closed':
      return `operator: connection closed${event.cutOff ? ' in the middle of a PDU' : ''} (${session})`;
    case 'protocol_fault':
      return `operator: ${event.reason} (${session})`;
    case 'connected':
    case 'submit_answered':
    case 'delivery_sent':
    case 'delivery_answered':
      return undefined;
  }
}
