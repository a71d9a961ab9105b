import { HEALTHY, type WebhookEndpoint } from '../../shared/domain/webhook-endpoint.ts';
import type { WebhookStore } from '../../shared/store/control-webhooks.ts';
import type { Verdict } from './verdict.ts';

const DAY_MS = 86_400_000;
/** An endpoint to which nothing gets through for so long is disabled. */
const DISABLED_AFTER_MS = 5 * DAY_MS;
/** After so long without an attempt nobody knows how it was meanwhile, and a failure is the first again. */
const QUIET_MS = 2 * DAY_MS;
/** To this it is written down when the last failure was. */
const NOTED_EVERY_MS = DAY_MS / 24;
/** A probe has its answer by then, or its function is dead. */
const PROBE_MS = 20_000;
/** Deliveries that wait do not come back all at once. */
const SPREAD_MS = 2_000;
/** How long they wait for a probe that is under way before they look again. */
const PROBE_WAIT_MS = 1_000;

export interface HealthDependencies {
  endpoints: Pick<WebhookStore, 'change'>;
  /** Epoch milliseconds. */
  now: () => number;
  /** From 0 to 1. */
  random: () => number;
  timeFactor: number;
}

export type Turn =
  /** A probe goes alone, and so has all the time that an endpoint has to answer. */
  { kind: 'go'; endpoint: WebhookEndpoint; isProbe: boolean } | { kind: 'wait'; until: number };

/**
 * Whether a delivery may go out now. While its endpoint is paused none does; after that one at a time, until one shows that the
 * endpoint is quick again. So a dead or slow endpoint keeps no more than one place busy, whatever waits for it.
 */
export async function turnAt(endpoint: WebhookEndpoint, { endpoints, now, random }: HealthDependencies): Promise<Turn> {
  const { endpointId, pausedUntil, probing } = endpoint;
  if (pausedUntil === undefined) return { kind: 'go', endpoint, isProbe: false };
  const at = now();
  const spread = Math.round(random() * SPREAD_MS);
  const lookAgain = { kind: 'wait', until: at + PROBE_WAIT_MS + spread } as const;
  if (pausedUntil > at) return probing === true ? lookAgain : { kind: 'wait', until: pausedUntil + spread };
  const claim = { pausedUntil: at + PROBE_MS, probing: true } as const;
  const claimed = await endpoints.change(endpointId, claim, { pausedUntil });
  return claimed === undefined ? lookAgain : { kind: 'go', endpoint: claimed, isProbe: true };
}

/** From now on deliveries to this endpoint go one at a time: others wait behind it for the places that it keeps busy. */
export async function noteLate({ endpointId }: WebhookEndpoint, { endpoints, now }: HealthDependencies): Promise<void> {
  await endpoints.change(endpointId, { pausedUntil: now() }, { pausedUntil: undefined });
}

/**
 * Writes down what an attempt showed. Changes are conditional on what was seen: of many attempts that fail side by side one
 * pauses the endpoint.
 * @param options.isLate whether the answer took longer than others can wait for
 * @returns the endpoint where this disabled it
 */
export async function noteVerdict(
  endpoint: WebhookEndpoint,
  verdict: Verdict,
  { endpoints, now, timeFactor, isLate }: HealthDependencies & { isLate: boolean },
): Promise<WebhookEndpoint | undefined> {
  const { endpointId, pausedUntil, pauses = 0, lastFailedAt } = endpoint;
  const at = now();
  const isQuiet = lastFailedAt !== undefined && at - lastFailedAt >= QUIET_MS / timeFactor;
  const failingSince = isQuiet ? undefined : endpoint.failingSince;
  if (verdict.kind === 'delivered') {
    if (endpoint.failingSince === undefined && pausedUntil === undefined && !isLate) return undefined;
    await endpoints.change(endpointId, { ...HEALTHY, ...(isLate ? { pausedUntil: at } : {}) });
    return undefined;
  }
  if (verdict.kind === 'gone' || (failingSince !== undefined && at - failingSince >= DISABLED_AFTER_MS / timeFactor)) {
    const reason = verdict.kind === 'gone' ? 'gone' : 'failing';
    const change = { disabled: { at, reason } as const, unannounced: true } as const;
    return await endpoints.change(endpointId, change, { disabled: undefined });
  }
  const failing = { failingSince: failingSince ?? at, lastFailedAt: at };
  if (verdict.kind === 'slow') {
    const pause = { pausedUntil: at + verdict.pauseMs, probing: undefined, pauses: pauses + 1 };
    await endpoints.change(endpointId, { ...failing, ...pause }, { pausedUntil });
  } else if (pausedUntil !== undefined || isLate) {
    // It answers, if not well.
    await endpoints.change(
      endpointId,
      { ...HEALTHY, ...failing, ...(isLate ? { pausedUntil: at } : {}) },
      { pausedUntil },
    );
  } else if (lastFailedAt === undefined || at - lastFailedAt >= NOTED_EVERY_MS / timeFactor) {
    await endpoints.change(endpointId, failing, { failingSince: endpoint.failingSince, lastFailedAt });
  }
  return undefined;
}
