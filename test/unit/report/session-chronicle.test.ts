import { describe, expect, test } from 'vitest';
import { SessionChronicle } from '../../../binder/report/session-chronicle.ts';
import type { LinkStatus } from '../../../binder/session/link-status.ts';
import type { AccountEvent } from '../../../shared/domain/account-event.ts';
import { withEntries } from '../../../shared/domain/account-event.ts';
import type { HistoryStore, StoredHistory } from '../../../shared/store/control-histories.ts';
import { quietLog } from '../../fixtures/log.ts';
import { SimulatedClock } from '../../fixtures/simulated-clock.ts';

/** One table for any number of owners, whose answers may be lost or not come at all. */
class Table {
  history: StoredHistory | undefined;
  fails = 0;
  answersLost = 0;

  append: HistoryStore['append'] = async (place, entriesAfter, options) => {
    const fence = options?.fence;
    await Promise.resolve();
    if (this.fails > 0) {
      this.fails -= 1;
      throw new Error('the table does not answer');
    }
    if ((this.history?.fence ?? 0) > (fence ?? 0)) return false;
    const entries = entriesAfter(this.history as never);
    if (entries.length > 0) {
      const after = withEntries(place, this.history, entries as never);
      this.history = { ...after, ...(fence === undefined ? {} : { fence }) };
    }
    if (this.answersLost > 0) {
      this.answersLost -= 1;
      throw new Error('the answer is lost');
    }
    return true;
  };

  get told(): string[] {
    return (this.history?.entries ?? []).map((entry: AccountEvent) => [entry.type, ...wordsOf(entry)].join(' '));
  }
}

function wordsOf(entry: AccountEvent): string[] {
  if (entry.type === 'session.lost') return [entry.reason];
  return entry.type === 'session.refused' ? [entry.operatorCode, entry.operatorWords ?? ''] : [];
}

const status = (state: LinkStatus['state'], more: Partial<LinkStatus> = {}): LinkStatus => ({
  state,
  since: 0,
  canSubmit: state === 'bound',
  ...more,
});
const refused = (commandStatus: number) => status('waiting', { reason: 'bind_refused', commandStatus });
const dropped = status('waiting', { reason: 'connection_lost' });

function owner(table: Table, fence: number) {
  const clock = new SimulatedClock();
  const gone = new AbortController();
  const chronicle = new SessionChronicle('a', {
    fence,
    histories: table,
    statuses: { words: (commandStatus) => (commandStatus === 0x0e ? 'wrong password' : undefined) },
    clock,
    wallClock: () => 1_000 + clock.now(),
    log: quietLog(),
    gone: gone.signal,
  });
  const saw = async (...statuses: LinkStatus[]) => {
    for (const each of statuses) chronicle.saw(each);
    await clock.passMs(1);
  };
  return { chronicle, saw, gone, clock };
}

describe('how a session stands', () => {
  test('is told at each change, with its reason, and a refusal once however often it comes', async () => {
    const table = new Table();
    const { saw } = owner(table, 1);
    await saw(
      status('connecting'),
      status('binding'),
      refused(0x0e),
      status('connecting'),
      refused(0x0e),
      refused(0x0d),
    );
    await saw(
      status('binding'),
      status('bound'),
      dropped,
      status('connecting'),
      status('waiting', { reason: 'connect_failed' }),
    );
    await saw(status('bound'), status('unbinding'), status('closed', { reason: 'requested' }));
    expect(table.told).toEqual([
      'session.refused 0x0E wrong password',
      'session.refused 0x0D ',
      'session.bound',
      'session.lost connection_lost',
      'session.bound',
      'session.lost requested',
    ]);
    expect(table.history?.entries.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test('is written once and in order though the table fails and its answers are lost', async () => {
    const table = new Table();
    table.fails = 2;
    table.answersLost = 1;
    const { saw, clock } = owner(table, 1);
    await saw(status('bound'), dropped, status('bound'));
    expect(table.told).toEqual([]);
    await clock.passMs(30_000);
    expect(table.told).toEqual(['session.bound', 'session.lost connection_lost', 'session.bound']);
  });

  // Promises of one turn: the writing ends somewhere among them.
  test.each(Array.from({ length: 20 }, (_, steps) => steps))(
    'is written before a hand-over, though it ends %i steps after the last write',
    async (steps) => {
      const table = new Table();
      const { chronicle } = owner(table, 1);
      chronicle.saw(status('bound'));
      for (let step = 0; step < steps; step += 1) await Promise.resolve();
      chronicle.saw(status('closed', { reason: 'requested' }));
      await chronicle.settled();
      expect(table.told).toEqual(['session.bound', 'session.lost requested']);
    },
  );

  test('is told by the next owner where one died without a word, though it cannot connect itself', async () => {
    const table = new Table();
    await owner(table, 1).saw(status('bound'));
    const next = owner(table, 2);
    next.chronicle.start();
    await next.saw(status('waiting', { reason: 'connect_failed' }));
    expect(table.told).toEqual(['session.bound', 'session.lost owner_gone']);
    await next.saw(status('bound'));
    expect(table.told.at(-1)).toBe('session.bound');
  });

  test('is not told by an owner whose time is over, nor again by one that follows to the same refusal', async () => {
    const table = new Table();
    const [first, second] = [owner(table, 1), owner(table, 2)];
    await first.saw(refused(0x0e));
    await second.saw(refused(0x0e));
    expect(table.told).toHaveLength(1);
    await second.saw(status('bound'));
    await first.saw(status('bound'));
    first.gone.abort();
    expect(table.told).toEqual(['session.refused 0x0E wrong password', 'session.bound']);
  });
});
