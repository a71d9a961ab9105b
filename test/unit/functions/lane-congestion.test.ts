import { expect, test } from 'vitest';
import { watchLanes } from '../../../functions/sweep/lane-congestion.ts';
import { type AccountHistory, withEntries } from '../../../shared/domain/account-event.ts';
import type { AccountLoad } from '../../../shared/domain/drain.ts';
import type { HistoryStore } from '../../../shared/store/control-histories.ts';
import { accountLoad, downFor } from '../../fixtures/account-load.ts';
import { CREATED_AT } from '../../fixtures/message.ts';

const ACCOUNT = {
  name: 'a',
  segmentsPerSecond: 10,
  bulkShare: 0.1,
  lanes: { otp: { congestedAtSeconds: 10 }, transactional: { fullAtSeconds: 400 }, bulk: {} },
};

function setUp() {
  const histories = new Map<string, AccountHistory>();
  const append: HistoryStore['append'] = async (place, entriesAfter) => {
    const before = histories.get(place.subject);
    const entries = entriesAfter(before as never);
    if (entries.length > 0) histories.set(place.subject, withEntries(place, before, entries as never));
    return await Promise.resolve(true);
  };
  const look = async (load: AccountLoad | undefined) =>
    await watchLanes(ACCOUNT, { loads: { load: async () => load }, histories: { append }, now: () => CREATED_AT });
  const told = (subject: string) => histories.get(subject)?.entries.map(({ type }) => type);
  return { look, told, histories };
}

test('a lane is congested above its threshold, once, and cleared below half of it, once', async () => {
  const { look, told } = setUp();
  for (const otp of [100, 101, 200, 60, 51]) await look(accountLoad({ otp }));
  expect(told('lane_otp')).toEqual(['lane.congested']);
  for (const otp of [49, 40, 100]) await look(accountLoad({ otp }));
  expect(told('lane_otp')).toEqual(['lane.congested', 'lane.cleared']);
});

test('it says what a message would wait, and from where on that is too long', async () => {
  const { look, histories } = setUp();
  await look(accountLoad({ otp: 150 }));
  expect(histories.get('lane_otp')?.entries).toEqual([
    {
      type: 'lane.congested',
      sequence: 1,
      at: CREATED_AT,
      lane: 'otp',
      waitSeconds: 15,
      thresholdSeconds: 10,
      waitingMessages: 150,
    },
  ]);
});

test('without a threshold it is a quarter of what the lane is full at', async () => {
  const { look, told } = setUp();
  await look(accountLoad({ transactional: 1_000 }));
  expect(told('lane_transactional')).toBeUndefined();
  await look(accountLoad({ transactional: 1_010 }));
  expect(told('lane_transactional')).toEqual(['lane.congested']);
});

test('an outage counts for what waits, and for nothing else', async () => {
  const { look, told } = setUp();
  await look(accountLoad({ otp: 1 }, downFor(60)));
  expect(told('lane_otp')).toEqual(['lane.congested']);
  expect(told('lane_transactional')).toBeUndefined();
});

test('what nobody knows changes nothing', async () => {
  const { look, told } = setUp();
  await look(accountLoad({ otp: 200 }));
  await look(undefined);
  expect(told('lane_otp')).toEqual(['lane.congested']);
});
