// Bindery's session alone, as fast as its window lets it: no queue, no table, no rate.

import { composeSubmit } from '../../../binder/outbound/compose.ts';
import { systemClock } from '../../../binder/session/clock.ts';
import { Link } from '../../../binder/session/link.ts';
import { SubmitGate } from '../../../binder/session/pacing.ts';
import type { SubmitBody } from '../../../binder/session/session-events.ts';
import { quietLog } from '../../fixtures/log.ts';
import { queuedMessage } from '../../fixtures/message.ts';
import { benchAccount } from '../stage/account.ts';
import { PASSWORD, SYSTEM_ID } from '../stage/operator.ts';
import { serve } from '../stage/remote.ts';
import { SAMPLE } from '../stage/sample.ts';
import { type SessionDrive, type SessionSpeed, SpeedMeter } from '../stage/session-run.ts';

/** So high that it never holds anything back: what is measured is the session. */
const LIFTED_PER_SECOND = 1_000_000;

async function drive(options: SessionDrive): Promise<SessionSpeed> {
  const account = benchAccount({ url: options.url });
  const { text, from } = SAMPLE;
  const pdu: SubmitBody = composeSubmit(queuedMessage({ text, from }), 0, { account, nowMs: Date.now() });
  const meter = new SpeedMeter();
  const bound = Promise.withResolvers<void>();
  const link = new Link<undefined>({
    account,
    credentials: () => Promise.resolve({ system_id: SYSTEM_ID, password: PASSWORD }),
    clock: systemClock,
    random: Math.random,
    log: quietLog(),
    gate: new SubmitGate({ segmentsPerSecond: LIFTED_PER_SECOND, previousSubmitAtMs: Number.NEGATIVE_INFINITY }),
    settings: { submitWindow: options.window },
    handlers: {
      onStatus: ({ canSubmit }) => (canSubmit ? bound.resolve() : undefined),
      onDeliver: () => Promise.resolve(0),
      onLateAnswer: () => undefined,
    },
  });
  const fill = (): void => {
    while (link.submitReady() > 0) void submit();
  };
  const submit = async (): Promise<void> => {
    const outcome = await link.submit(pdu, undefined);
    if (outcome.kind !== 'answered') return;
    meter.answered();
    fill();
  };
  link.start();
  await bound.promise;
  fill();
  const speed = await meter.measure(options);
  await link.close({ drainMs: 1_000 });
  return speed;
}

const requests = { drive };
export type SessionRequests = typeof requests;
serve(requests);
