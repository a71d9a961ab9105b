import { setTimeout as delay } from 'node:timers/promises';
import type { Lane } from '../../../shared/config/account.ts';
import type { Bench, BenchContext } from '../bench.ts';
import type { Figure } from '../figure.ts';
import { BenchOperator } from '../stage/operator.ts';
import { PER_SECOND } from '../stage/paced-runs.ts';
import { recipient, SAMPLE } from '../stage/sample.ts';
import { quantile } from '../stage/spread.ts';
import { BenchStack } from '../stage/stack.ts';

const SAMPLES = 100;
const BULK_WAITING = 2_000;
/** What the window holds goes out while the others are being queued. */
const WINDOW = 10;
/** Half to one and a half of it between two messages, so that they come at any moment of the slot. */
const GAP_MS = 400;
/** Numbers that no bulk message goes to. */
const FIRST_RECIPIENT = 9_000_000;
const LAST_SUBMIT_TIMEOUT_MS = 30_000;
/** Architecture, section 5: a waiting one-time password is next on the wire. */
const MOST_MS = 200;
const SLOT_MS = 1_000 / PER_SECOND;

export const latency: Bench = {
  title: 'from accepted to submitted',
  run: async (context) => {
    const operator = await BenchOperator.start();
    let stack: BenchStack | undefined;
    try {
      stack = await BenchStack.begin(operator);
      return await measure(context, operator, stack);
    } finally {
      await stack?.close();
      operator.close();
    }
  },
};

async function measure({ watch, scale }: BenchContext, operator: BenchOperator, stack: BenchStack): Promise<Figure[]> {
  const samples = Math.ceil(SAMPLES * scale);
  const send = (lane: Lane) => (report: (done: number) => void) =>
    sendOneByOne({ stack, operator, lane, samples, report });
  // The first ones start the function that takes them, which no later one waits for.
  await sendOneByOne({ stack, operator, lane: 'otp', samples: 5, report: () => undefined });
  const idle = await watch.during('c: nothing else waits', samples, send('transactional'));
  const bulk = Math.ceil(BULK_WAITING * scale);
  await operator.hold();
  await watch.during('c: queueing bulk messages', bulk + WINDOW, (report) =>
    stack.enqueue(bulk + WINDOW, 'bulk', report),
  );
  await operator.release();
  const behindBulk = await watch.during('c: one-time passwords', samples, send('otp'));
  return [...figures('idle', idle, slot), ...figures(`otp behind ${bulk} bulk`, behindBulk, firstInFirstOut(bulk))];
}

/** Sends through the API, at random moments. @returns from `created_at` to the operator, milliseconds each */
async function sendOneByOne(options: {
  stack: BenchStack;
  operator: BenchOperator;
  lane: Lane;
  samples: number;
  report: (done: number) => void;
}): Promise<number[]> {
  const { stack, operator, lane, samples, report } = options;
  const acceptedAtMs = new Map<string, number>();
  await operator.take();
  for (let n = 0; n < samples; n += 1) {
    const to = recipient(FIRST_RECIPIENT + n);
    const answer = await stack.client.send({ to, from: SAMPLE.from, text: SAMPLE.text, lane });
    if (answer.kind === 'refused') throw new Error(`refused: ${answer.problem.title}`);
    acceptedAtMs.set(to, Date.parse(answer.message.created_at));
    report(n + 1);
    await delay(GAP_MS * (0.5 + Math.random()));
  }
  return await submittedAfter(operator, acceptedAtMs);
}

async function submittedAfter(operator: BenchOperator, acceptedAtMs: ReadonlyMap<string, number>): Promise<number[]> {
  const takenMs = new Map<string, number>();
  for (
    const deadlineMs = performance.now() + LAST_SUBMIT_TIMEOUT_MS;
    takenMs.size < acceptedAtMs.size;
    await delay(200)
  ) {
    if (performance.now() > deadlineMs) throw new Error('some messages did not reach the operator');
    for (const { to, atEpochMs } of await operator.take()) {
      const accepted = acceptedAtMs.get(to);
      if (accepted !== undefined) takenMs.set(to, atEpochMs - accepted);
    }
  }
  return [...takenMs.values()];
}

interface Estimate {
  of: string;
  at: (share: number) => number;
}

/** A client that sends from a timer: a message waits for the next tick. */
const slot: Estimate = { of: `timer of ${SLOT_MS} ms, estimated`, at: (share) => share * SLOT_MS };

function firstInFirstOut(waiting: number): Estimate {
  return { of: 'first in, first out, estimated', at: () => (waiting * 1_000) / PER_SECOND };
}

function figures(name: string, values: readonly number[], { of, at }: Estimate): Figure[] {
  return [0.5, 0.99].map((share) => ({
    what: `${name}: p${share * 100}`,
    unit: 'ms',
    measured: quantile(values, share),
    baseline: { of, value: at(share) },
    goal: { below: MOST_MS },
  }));
}
