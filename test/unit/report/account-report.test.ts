import { expect, test } from 'vitest';
import { accountReport } from '../../../binder/report/account-report.ts';
import { Flow } from '../../../binder/report/flow.ts';
import type { LinkStatus } from '../../../binder/session/link-status.ts';
import { SimulatedClock } from '../../fixtures/simulated-clock.ts';

const sessionOf = (status: Partial<LinkStatus>) =>
  accountReport({
    account: { segmentsPerSecond: 10 },
    status: { state: 'waiting', since: 0, canSubmit: false, ...status },
    held: { otp: 0, transactional: 0, bulk: 0 },
    flow: new Flow(),
    clock: new SimulatedClock(),
    wallClock: () => 5_000,
  }).session;

test('a session that is down is told of with what the operator answered, or with the fault of the network', () => {
  expect(sessionOf({ reason: 'bind_refused', commandStatus: 0x0e })).toMatchObject({ operatorCode: '0x0E' });
  expect(sessionOf({ reason: 'connect_failed', detail: 'ECONNREFUSED' })).toEqual({
    state: 'waiting',
    since: 4_000,
    canSubmit: false,
    reason: 'connect_failed',
    detail: 'ECONNREFUSED',
  });
});
