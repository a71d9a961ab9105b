import { describe, expect, test } from 'vitest';
import { refusalError, retryDelaySeconds } from '../../../binder/outbound/answers.ts';
import { STANDARD_STATUSES, StatusTable } from '../../../binder/session/status-table.ts';
import { profiles } from '../../../cdk/config/profiles.ts';
import { statusesSchema } from '../../../shared/config/statuses.ts';

const guide = new StatusTable(statusesSchema.parse(profiles['smpp-asia'].statuses));

function errorOf(commandStatus: number, statuses = STANDARD_STATUSES) {
  const answer = statuses.submitAnswer(commandStatus);
  if (answer.action !== 'refuse' && answer.action !== 'retry') throw new Error('it ends no message');
  return refusalError(commandStatus, answer, statuses);
}

describe('why the operator refused a message', () => {
  test('is told with the raw code, its name in SMPP 3.4 and what the operator calls it', () => {
    expect(errorOf(0x0d, guide)).toEqual({
      code: 'sender_not_allowed',
      detail: 'the operator refused the sender id',
      operatorCode: '0x0D',
      operatorName: 'ESME_RBINDFAIL',
      operatorWords: 'Invalid source address',
      retryable: false,
    });
    expect(errorOf(0x0e, guide)).toEqual({
      code: 'recipient_refused',
      detail: 'the operator refused the number',
      operatorCode: '0x0E',
      operatorName: 'ESME_RINVPASWD',
      operatorWords: 'Invalid destination address',
      retryable: false,
    });
  });

  test('is told without words where the operator has none, and with the standard meaning where nothing else explains it', () => {
    expect(errorOf(0x62)).toEqual({
      code: 'operator_rejected',
      detail: 'the operator refused the message: invalid validity period',
      operatorCode: '0x62',
      operatorName: 'ESME_RINVEXPIRY',
      retryable: false,
    });
    expect(errorOf(0x01, guide).detail).toBe('the operator refused the message: Invalid message length');
  });

  test('what was temporary each time may be sent again', () => {
    expect(errorOf(0x08)).toMatchObject({
      code: 'operator_temporary_failure',
      detail: 'the operator could not take the message: system error',
      retryable: true,
    });
    expect(errorOf(0x417)).toMatchObject({ operatorCode: '0x417', operatorName: 'VENDOR_00000417', retryable: true });
  });
});

describe('the wait before another try', () => {
  const waits = (...refusals: number[]) => refusals.map((count) => retryDelaySeconds({ firstDelaySeconds: 5 }, count));

  test('doubles from the first', () => {
    expect(waits(1, 2, 3, 4)).toEqual([5, 10, 20, 40]);
  });

  test('is never longer than five minutes', () => {
    expect(waits(7, 8, 50, 2_000)).toEqual([300, 300, 300, 300]);
  });
});
