import { describe, expect, test } from 'vitest';
import { Flow } from '../../../binder/report/flow.ts';

const START = 1_795_343_200_000;

/** Looks every 2.5 s, with so many submits of a lane before each look. */
function run(looks: { submits?: number; isBusy?: boolean }[], flow = new Flow()) {
  let at = START;
  let told = flow.look(at, looks[0]?.isBusy ?? false);
  for (const { submits = 0, isBusy = false } of looks) {
    for (let count = 0; count < submits; count += 1) flow.submitted('bulk', at);
    at += 2_500;
    told = flow.look(at, isBusy);
  }
  return told;
}

const times = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value);

describe('what goes to the wire', () => {
  test('is told for the last minute, by lane', () => {
    const flow = new Flow();
    flow.look(START, false);
    flow.submitted('otp', START);
    flow.submitted('bulk', START + 1);
    flow.submitted('bulk', START + 2);
    const told = flow.look(START + 2_500, false);
    expect(told.lanes).toEqual({ otp: { submitted: 1 }, transactional: { submitted: 0 }, bulk: { submitted: 2 } });
    expect(told.lastSubmitAt).toBe(START + 2);
    const later = run(times(26, {}), flow);
    expect(later.lanes.bulk.submitted).toBe(0);
    expect(later.lastSubmitAt).toBe(START + 2);
  });

  test('has a mean of segments that follows what is sent now', () => {
    const flow = new Flow();
    flow.began('bulk', { segments: 3, queuedAt: START });
    expect(flow.look(START, false).lanes.bulk).toMatchObject({ segmentsPerMessage: 3, frontQueuedAt: START });
    for (let count = 0; count < 200; count += 1) flow.began('bulk', { segments: 1, queuedAt: START + count });
    const { segmentsPerMessage = 0, frontQueuedAt } = flow.look(START, false).lanes.bulk;
    expect(segmentsPerMessage).toBeGreaterThanOrEqual(1);
    expect(segmentsPerMessage).toBeLessThan(1.01);
    expect(frontQueuedAt).toBe(START + 199);
  });

  test('leaves out what never was', () => {
    expect(new Flow().look(START, true)).toEqual({
      lanes: { otp: { submitted: 0 }, transactional: { submitted: 0 }, bulk: { submitted: 0 } },
    });
  });
});

describe('the rate under work', () => {
  test('is what went out while there was work all the time', () => {
    expect(run(times(10, { submits: 20, isBusy: true })).busyPerSecond).toBe(8);
  });

  test('leaves out the times with nothing to do', () => {
    const looks = [...times(4, { submits: 1 }), ...times(6, { submits: 25, isBusy: true })];
    // Of the stretch in which work came nobody knows when it did.
    expect(run(looks).busyPerSecond).toBe(10);
  });

  test('is not told after too little work, nor of what is over', () => {
    expect(run([{ isBusy: true }, { submits: 25, isBusy: true }, { submits: 3 }]).busyPerSecond).toBe(5);
    expect(run([{}, { submits: 25, isBusy: true }, { submits: 25, isBusy: true }]).busyPerSecond).toBeUndefined();
    expect(run([...times(10, { submits: 25, isBusy: true }), ...times(24, {})]).busyPerSecond).toBeUndefined();
  });
});
