import { describe, expect, test } from 'vitest';
import { Tally } from '../../../binder/metrics/tally.ts';

const nonZero = (values: Iterable<readonly [string, number]>) =>
  Object.fromEntries([...values].filter(([, value]) => value !== 0));

describe('what happened to an account', () => {
  test('is told once', () => {
    const tally = new Tally();
    tally.count('ReceiptsStored');
    tally.count('ReceiptsStored', 2);

    expect(nonZero(tally.take(0))).toEqual({ ReceiptsStored: 3 });
    expect(nonZero(tally.take(0))).toEqual({});
    tally.count('ReceiptsStored');
    expect(nonZero(tally.take(0))).toEqual({ ReceiptsStored: 1 });
  });

  test('is what its sessions counted: PDUs written, answers by code, ends by reason', () => {
    const tally = new Tally();
    const { session } = tally;
    for (let n = 0; n < 3; n += 1) session.pdu('written', { command: 'submit_sm', status: 0 });
    session.pdu('written', { command: 'bind_transmitter', status: 0 });
    session.pdu('written', { command: 'bind_receiver', status: 0 });
    session.pdu('written', { command: 'deliver_sm_resp', status: 0x64 });
    session.pdu('read', { command: 'bind_transmitter_resp', status: 0 });
    session.pdu('read', { command: 'bind_receiver_resp', status: 0x0e });
    session.pdu('read', { command: 'submit_sm_resp', status: 0 });
    session.pdu('read', { command: 'submit_sm_resp', status: 0x58 });
    session.pdu('read', { command: 'submit_sm_resp', status: 0x4ab });
    session.pdu('read', { command: 'submit_sm_resp', status: 0x4ac });
    session.outcome({ kind: 'unknown', reason: 'timeout' });
    session.outcome({ kind: 'unknown', reason: 'link_lost' });
    session.outcome({ kind: 'not_sent', reason: 'paced' });
    session.closed('peer_unbound');
    session.malformed('deliver_sm');
    session.malformed('submit_sm_resp');
    session.counts.lateAnswers += 1;

    expect(nonZero(tally.take(0))).toEqual({
      Submits: 3,
      BindAttempts: 2,
      BindAnswers0x00: 1,
      BindAnswers0x0E: 1,
      Answers0x00: 1,
      Answers0x58: 1,
      AnswersOther: 2,
      UnknownOutcomes: 2,
      SessionsEndedPeerUnbound: 1,
      MalformedPdus: 2,
      LateAnswers: 1,
    });
    expect(nonZero(tally.take(0))).toEqual({});
  });

  test('is paused as far as the pause has gone', () => {
    const tally = new Tally();
    tally.paused.begin(1_000, 30_000);

    expect(nonZero(tally.take(11_000))).toEqual({ PausedTime: 10_000 });
    expect(nonZero(tally.take(61_000))).toEqual({ PausedTime: 20_000 });
  });

  test('is how long its messages waited, by lane, since it was told last', () => {
    const tally = new Tally();
    for (let n = 1; n <= 100; n += 1) tally.waited('otp', n);
    tally.waited('bulk', 60_000);

    const waits = Object.fromEntries(tally.takeWaits());
    expect(Object.keys(waits)).toEqual(['LaneWaitOtpP50', 'LaneWaitOtpP99', 'LaneWaitBulkP50', 'LaneWaitBulkP99']);
    expect(waits['LaneWaitOtpP50']).toBeCloseTo(50, -1);
    expect(waits['LaneWaitOtpP99']).toBeCloseTo(99, -1);
    expect(waits['LaneWaitBulkP99']).toBeGreaterThanOrEqual(60_000);
    expect([...tally.takeWaits()]).toEqual([]);
  });

  test('is how full its window was at most since that was asked last', () => {
    const { session } = new Tally();
    session.unanswered(3);
    session.unanswered(7);
    session.unanswered(1);

    expect(session.takeMostUnanswered()).toBe(7);
    expect(session.takeMostUnanswered()).toBe(0);
  });
});
