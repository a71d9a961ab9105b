import * as fc from 'fast-check';
import { LANES, type Lane } from '../../../shared/config/account.ts';
import type { QueueCall } from '../../unit/outbound/memory-lanes.ts';
import type { TableFate } from '../../unit/outbound/memory-messages.ts';
import type { Reaction } from '../../unit/outbound/scripted-wire.ts';

/** A message that somebody sends. */
export interface Sending {
  atMs: number;
  lane: Lane;
  segments: number;
  lifeMs: number;
}

/** Something that happens to the binder, or that an operator of it does. */
export interface Event {
  atMs: number;
  what: 'lose' | 'close' | 'redeliver' | 'hand_over' | 'crash';
  /** Until it is bound again. */
  forMs: number;
}

export interface Schedule {
  sendings: Sending[];
  events: Event[];
  /** What becomes of submits and calls, one after the other and then over again. */
  reactions: Reaction[];
  tables: TableFate[];
  /** Calls of the queue that fail, counted per kind. */
  queueFaults: { call: QueueCall; nth: number }[];
}

const SPAN_MS = 8_000;

const mostly = <T>(usual: fc.Arbitrary<T>, rare: fc.Arbitrary<T>, weight = 4): fc.Arbitrary<T> =>
  fc.oneof({ weight, arbitrary: usual }, { weight: 1, arbitrary: rare });

const afterMs = mostly(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 0, max: 1_500 }));
const REFUSALS = [0x58, 0x14, 0x08, 0x64, 0x45, 0x04, 0x0b, 0x0e, 0x62, 0x417];
const reaction: fc.Arbitrary<Reaction> = mostly<Reaction>(
  fc.record({ status: fc.constant<number>(0), afterMs }),
  mostly<Reaction>(fc.record({ status: fc.constantFrom(...REFUSALS), afterMs }), fc.constant('silence')),
);

const table: fc.Arbitrary<TableFate> = fc.record({
  tookMs: mostly(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 400 })),
  outcome: mostly(
    fc.constant('ok' as const),
    fc.constantFrom('lost' as const, 'unanswered' as const, 'repeated' as const),
    5,
  ),
});

export const schedule: fc.Arbitrary<Schedule> = fc.record({
  sendings: fc.array(
    fc.record({
      atMs: fc.integer({ min: 0, max: SPAN_MS }),
      lane: fc.constantFrom(...LANES),
      segments: mostly(fc.constant(1), fc.integer({ min: 2, max: 4 }), 2),
      lifeMs: mostly(fc.constant(3_600_000), fc.integer({ min: 1, max: 10_000 })),
    }),
    { minLength: 1, maxLength: 25 },
  ),
  events: fc.array(
    fc.record({
      atMs: fc.integer({ min: 0, max: SPAN_MS }),
      what: fc.constantFrom(
        'lose' as const,
        'close' as const,
        'redeliver' as const,
        'hand_over' as const,
        'crash' as const,
      ),
      forMs: mostly(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 3_000 }), 1),
    }),
    { maxLength: 6 },
  ),
  reactions: fc.array(reaction, { minLength: 1, maxLength: 20 }),
  tables: fc.array(table, { minLength: 1, maxLength: 40 }),
  queueFaults: fc.array(
    fc.record({ call: fc.constantFrom<QueueCall>('receive', 'delete', 'visibility'), nth: fc.nat(20) }),
    { maxLength: 6 },
  ),
});
