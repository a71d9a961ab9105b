import { beforeAll, expect, test } from 'vitest';
import type { AccountReport } from '../../../shared/domain/account-report.ts';
import { ReportStore } from '../../../shared/store/control-reports.ts';
import { startDatabase } from '../functions/database.ts';

let store: ReportStore;
beforeAll(async () => {
  store = new ReportStore((await startDatabase()).document, 'Control');
});

const { signal } = new AbortController();
const lanes = {
  otp: { submitted: 0 },
  transactional: { submitted: 0 },
  bulk: { submitted: 3, segmentsPerMessage: 1.5 },
};
const bound: AccountReport = {
  at: 1_000,
  session: { state: 'bound', since: 900, canSubmit: true },
  lastReadyAt: 1_000,
  lastReceiptAt: 950,
  busyPerSecond: 9.9,
  lanes,
};

test('a report is read as it was written', async () => {
  expect(await store.read('nobody')).toBeUndefined();
  await store.write('main', bound, { fence: 1, signal });
  expect(await store.read('main')).toEqual(bound);
});

test('a later owner keeps what it does not know, but not what was true for the moment', async () => {
  await store.write('moved', bound, { fence: 1, signal });
  const waiting: AccountReport = {
    at: 2_000,
    session: { state: 'waiting', since: 1_500, canSubmit: false, reason: 'network' },
    lanes,
  };
  await store.write('moved', waiting, { fence: 2, signal });
  expect(await store.read('moved')).toEqual({ ...waiting, lastReadyAt: 1_000, lastReceiptAt: 950 });
});

test('an earlier owner that is late changes nothing', async () => {
  await store.write('late', bound, { fence: 2, signal });
  await store.write('late', { ...bound, at: 3_000 }, { fence: 1, signal });
  expect((await store.read('late'))?.at).toBe(1_000);
});
