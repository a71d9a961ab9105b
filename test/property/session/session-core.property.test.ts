import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nextWakeAtMs } from '../../../binder/session/session-deadlines.ts';
import type { Inbound } from '../../../binder/session/session-events.ts';
import { LAYOUTS } from '../../../binder/smpp/layout.ts';
import type { Command, PduBody } from '../../../binder/smpp/pdu.ts';
import { bindPdu, deliverBody, submitBody } from '../../fixtures/smpp-session.ts';
import { Core, settled, written } from '../../unit/session/core.ts';

const sequence = fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 0xffffffff }));
const status = fc.constantFrom(0, 0, 0, 0x58, 0x05, 0x64, 0xffffffff);
const command = fc.constantFrom(...(Object.keys(LAYOUTS) as Command[]));

function bodyOf(command: Command): PduBody {
  if (command === 'submit_sm' || command === 'deliver_sm') return { ...deliverBody, command };
  if (command === 'bind_transmitter' || command === 'bind_receiver' || command === 'bind_transceiver') {
    return { ...bindPdu, command };
  }
  if (command === 'outbind') return { command, systemId: 'MC', password: 'x' };
  return { command };
}

const inbound: fc.Arbitrary<Inbound> = fc.oneof(
  fc
    .tuple(command, status, sequence)
    .map(([command, status, sequence]) => ({ kind: 'pdu' as const, pdu: { ...bodyOf(command), status, sequence } })),
  fc.tuple(command, status, sequence).map(([command, status, sequence]) => ({
    kind: 'malformed' as const,
    command,
    commandId: LAYOUTS[command].commandId,
    sequence,
    status,
    reason: 'short',
  })),
  fc
    .tuple(fc.integer({ min: 0, max: 0xffffffff }), sequence)
    .map(([commandId, sequence]) => ({ kind: 'unknown_command' as const, commandId, sequence })),
  fc.constant({ kind: 'bad_length' as const, length: 4 }),
);

type Action =
  | { do: 'pass'; ms: number }
  | { do: 'inbound'; inbound: Inbound }
  | { do: 'answer'; nth: number }
  | { do: Plain };
const PLAIN = [
  'submit',
  'connected',
  'bound',
  'delivered',
  'blocked',
  'drained',
  'close',
  'destroy',
  'disconnected',
] as const;
type Plain = (typeof PLAIN)[number];

const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Action>({ do: 'submit' }) },
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 9 }).map((nth) => ({ do: 'answer' as const, nth })) },
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 70_000 }).map((ms) => ({ do: 'pass' as const, ms })) },
  { weight: 3, arbitrary: inbound.map((inbound) => ({ do: 'inbound' as const, inbound })) },
  {
    weight: 3,
    arbitrary: fc
      .constantFrom('delivered' as const, 'blocked' as const, 'drained' as const)
      .map((what) => ({ do: what })),
  },
  { weight: 1, arbitrary: fc.constantFrom(...PLAIN).map((what) => ({ do: what })) },
);

/** Does one thing to a session; returns the mark if it was a submit. */
function act(core: Core, action: Action, mark: string): string | undefined {
  switch (action.do) {
    case 'submit':
      core.send({ kind: 'submit', pdu: submitBody, request: mark });
      return mark;
    case 'pass':
      core.passMs(action.ms);
      return undefined;
    case 'inbound':
      core.send({ kind: 'inbound', inbound: action.inbound });
      return undefined;
    case 'answer': {
      const { unanswered, late } = core.state.requests;
      const entries = [...unanswered, ...late];
      const entry = entries[action.nth % Math.max(1, entries.length)];
      if (entry !== undefined) core.receive({ command: 'submit_sm_resp', messageId: 'M' }, entry.sequence);
      return undefined;
    }
    case 'connected':
      core.send({ kind: 'connected' });
      return undefined;
    case 'bound':
      core.receive({ command: 'bind_transceiver_resp', systemId: 'MC' }, core.sequence);
      return undefined;
    case 'delivered': {
      const ticket = core.state.delivers[0]?.ticket ?? 0;
      core.send({ kind: 'delivered', ticket, status: 0 });
      return undefined;
    }
    case 'blocked':
      core.send({ kind: 'write_blocked' });
      return undefined;
    case 'drained':
      core.send({ kind: 'write_drained' });
      return undefined;
    case 'close':
      core.send({ kind: 'close', drainMs: 5_000 });
      return undefined;
    case 'destroy':
      core.send({ kind: 'destroy' });
      return undefined;
    case 'disconnected':
      core.send({ kind: 'disconnected', reason: { reason: 'peer_closed' } });
      return undefined;
  }
}

/** Runs a life of a session to its end: what is left is given time, and then the connection is gone. */
function live(actions: readonly Action[], check: (core: Core) => void = () => {}): { core: Core; submitted: string[] } {
  const core = new Core({ submitWindow: 5, deliverWindow: 3 });
  core.send({ kind: 'start', bind: bindPdu });
  core.send({ kind: 'connected' });
  core.receive({ command: 'bind_transceiver_resp', systemId: 'MC' }, core.sequence);
  const submitted = actions.flatMap((action, i) => {
    const mark = act(core, action, `${i}`);
    check(core);
    return mark === undefined ? [] : [mark];
  });
  core.passMs(1_000_000);
  return { core, submitted };
}

const life = fc.array(action, { maxLength: 60 });

describe('a session, whatever happens to it', () => {
  test('ends every submit exactly once', () => {
    fc.assert(
      fc.property(life, (actions) => {
        const { core, submitted } = live(actions);
        const ended = settled(core.history).map(([mark]) => mark);
        expect(ended.toSorted()).toEqual(submitted.toSorted());
        const late = core.history.flatMap((effect) => (effect.kind === 'late_answer' ? [effect.request] : []));
        expect(new Set(late).size).toBe(late.length);
      }),
      { numRuns: 500 },
    );
  });

  test('comes to an end by itself when the peer falls silent, with no reader left paused and nothing left to wait for', () => {
    fc.assert(
      fc.property(life, (actions) => {
        const { core } = live(actions);
        expect(core.phase).toBe('closed');
        expect(nextWakeAtMs(core.state)).toBeUndefined();
        expect(core.history.filter(({ kind }) => kind === 'destroy')).toHaveLength(1);
      }),
      { numRuns: 500 },
    );
  });

  test('never has more unanswered than the window, reads again whenever it may, and writes nothing after its end', () => {
    fc.assert(
      fc.property(life, (actions) => {
        const { core } = live(actions, ({ state }) => {
          expect(state.requests.unanswered.length).toBeLessThanOrEqual(5);
          if (state.phase.name === 'closed' || state.phase.name === 'connecting') return;
          const full = state.writeStallDueAtMs !== undefined || state.delivers.length >= 3;
          expect(state.readingPausedAtMs !== undefined).toBe(full);
        });
        const end = core.history.findIndex(({ kind }) => kind === 'end' || kind === 'destroy');
        expect(core.history.slice(end).filter(({ kind }) => kind === 'write')).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  test('answers each deliver_sm that it took at most once', () => {
    fc.assert(
      fc.property(life, (actions) => {
        const { core } = live(actions);
        const taken = core.history.filter(({ kind }) => kind === 'deliver').length;
        const answered = written(core.history).filter(
          ({ command, status }) => command === 'deliver_sm_resp' && status !== 0x65,
        ).length;
        expect(answered).toBeLessThanOrEqual(taken);
      }),
      { numRuns: 200 },
    );
  });
});
