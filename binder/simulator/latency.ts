import type { Behaviour } from './behaviour.ts';

/** A long line: whatever leaves takes `latencyMs` longer, in its order. */
export function lineLatency(latencyMs: number): Behaviour {
  return {
    sending: (link, pdu, next) => {
      link.after(latencyMs, () => next(pdu));
    },
  };
}
