import { describe, expect, test } from 'vitest';
import { STANDARD_STATUSES, StatusTable } from '../../../binder/session/status-table.ts';
import { profiles } from '../../../cdk/config/profiles.ts';
import { type Statuses, type SubmitAnswer, statusesSchema } from '../../../shared/config/statuses.ts';

const tableOf = (statuses: Partial<Statuses>) => new StatusTable(statusesSchema.parse(statuses));

/** The operator of the guide, as he ships. */
const guide = tableOf(profiles['smpp-asia'].statuses);

const sender = { action: 'refuse', code: 'sender_not_allowed' } as const;
const recipient = { action: 'refuse', code: 'recipient_refused' } as const;
const rejected = { action: 'refuse', code: 'operator_rejected' } as const;
const ourFault = { ...rejected, alarm: true } as const;
const temporary = { action: 'retry', tries: 5, firstDelaySeconds: 5 } as const;
const unclear = { action: 'retry', tries: 2, firstDelaySeconds: 30 } as const;

/** As the answer to a submit_sm, each with its name in SMPP 3.4. */
const SUBMIT: [code: number, name: string, answer: SubmitAnswer][] = [
  [0x01, 'invalid message length', ourFault],
  [0x03, 'invalid command id', { action: 'rebind', retry: 'configuration', alarm: true }],
  [0x04, 'incorrect bind status', { action: 'rebind', retry: 'network' }],
  [0x05, 'already bound', { action: 'rebind', retry: 'network' }],
  [0x08, 'system error', temporary],
  [0x0a, 'invalid source address', sender],
  [0x0b, 'invalid destination address', recipient],
  [0x0d, 'bind failed', sender],
  [0x0e, 'invalid password', recipient],
  [0x14, 'message queue full', { action: 'pause', cause: 'queue', firstMs: 5_000, maxMs: 60_000 }],
  [0x43, 'invalid esm_class', ourFault],
  [0x45, 'submit failed', unclear],
  [0x48, 'invalid source TON', ourFault],
  [0x49, 'invalid source NPI', ourFault],
  [0x50, 'invalid destination TON', ourFault],
  [0x51, 'invalid destination NPI', ourFault],
  [0x58, 'throttled', { action: 'pause', cause: 'rate', firstMs: 1_000, maxMs: 30_000 }],
  [0x61, 'invalid schedule', ourFault],
  [0x62, 'invalid expiry', ourFault],
  [0x64, 'temporary application error', temporary],
  [0x65, 'permanent application error', rejected],
  [0x66, 'rejected by application', rejected],
];

describe('a status in a submit_sm_resp', () => {
  test.each(SUBMIT)('0x%s: %s, by the standard and at the operator of the guide', (code, _name, answer) => {
    expect(STANDARD_STATUSES.submitAnswer(code)).toEqual(answer);
    expect(guide.submitAnswer(code)).toEqual(answer);
  });

  test.each([0x02, 0x0f, 0x15, 0x47, 0x52, 0x53, 0xff, 0x400, 0x4ff, 0xdead, 0xffffffff])(
    'that no entry names, 0x%s, gets one delayed try',
    (code) => {
      expect(STANDARD_STATUSES.submitAnswer(code)).toEqual(unclear);
    },
  );
});

describe('a status in the answer to a bind', () => {
  test.each([
    [0x01, 'invalid message length', { retry: 'configuration', alarmFrom: 1 }],
    [0x03, 'invalid command id', { retry: 'configuration', alarmFrom: 1 }],
    [0x04, 'incorrect bind status', { retry: 'back_off' }],
    [0x05, 'already bound', { retry: 'already_bound', alarmFrom: 5 }],
    [0x08, 'system error', { retry: 'back_off' }],
    [0x0d, 'bind failed', { retry: 'bind_failed', alarmFrom: 3 }],
    [0x0e, 'invalid password', { retry: 'credentials', alarmFrom: 1 }],
    [0x0f, 'invalid system id', { retry: 'credentials', alarmFrom: 1 }],
    [0x14, 'message queue full', { retry: 'back_off' }],
    [0x53, 'invalid system type', { retry: 'credentials', alarmFrom: 1 }],
    [0x58, 'throttled', { retry: 'back_off' }],
    [0x64, 'temporary application error', { retry: 'back_off' }],
    [0x400, "a vendor's own", { retry: 'back_off' }],
  ])('0x%s: %s', (code, _name, answer) => {
    expect(STANDARD_STATUSES.bindAnswer(code)).toEqual(answer);
    expect(guide.bindAnswer(code)).toEqual(answer);
  });
});

describe('words', () => {
  test('the guide has its own for its error codes, whichever PDU they answer', () => {
    expect([0x01, 0x03, 0x05, 0x0d, 0x0e, 0x58].map((code) => guide.words(code))).toEqual([
      'Invalid message length',
      'Invalid command ID',
      'Invalid bind status',
      'Invalid source address',
      'Invalid destination address',
      'Throttling error (rate limit)',
    ]);
    expect(guide.words(0x08)).toBeUndefined();
  });

  test('the standard has none', () => {
    expect(STANDARD_STATUSES.words(0x0d)).toBeUndefined();
  });
});

describe("an operator's own entries", () => {
  const quota: SubmitAnswer = { action: 'requeue', delaySeconds: 3600, alarm: true };

  test('go before those of the standard, and leave the other reading alone', () => {
    const table = tableOf({ submit: { '0x0D': rejected } });
    expect(table.submitAnswer(0x0d)).toEqual(rejected);
    expect(table.bindAnswer(0x0d)).toEqual(STANDARD_STATUSES.bindAnswer(0x0d));
    expect(table.submitAnswer(0x0e)).toEqual(recipient);
  });

  test('may be for a range, and one for a single status goes before it', () => {
    const table = tableOf({ submit: { '0x400-0x4FF': rejected, '0x410': quota } });
    expect(table.submitAnswer(0x3ff)).toEqual(unclear);
    expect(table.submitAnswer(0x400)).toEqual(rejected);
    expect(table.submitAnswer(0x410)).toEqual(quota);
    expect(table.submitAnswer(0x4ff)).toEqual(rejected);
    expect(table.submitAnswer(0x500)).toEqual(unclear);
  });

  test('may be for all that no entry names', () => {
    const table = tableOf({ submit: { other: rejected }, bind: { other: { retry: 'credentials' } } });
    expect(table.submitAnswer(0xdead)).toEqual(rejected);
    expect(table.submitAnswer(0x64)).toEqual(temporary);
    expect(table.bindAnswer(0xdead)).toEqual({ retry: 'credentials' });
  });

  test.each(['0x0', '0x00', '0x00-0xFF', '13', '0x', '0xG', 'others', '0x20-0x10'])(
    'cannot be for %s: success is success, and a status is hexadecimal',
    (key) => {
      expect(statusesSchema.safeParse({ submit: { [key]: rejected } }).success).toBe(false);
    },
  );
});
