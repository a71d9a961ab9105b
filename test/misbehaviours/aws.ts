import { setTimeout as delay } from 'node:timers/promises';
import type { CallHooks } from '../../cdk/local/aws/api.ts';
import { type AwsAnswer, type AwsCall, AwsError, type ServiceName } from '../../cdk/local/aws/call.ts';
import { doInPart, isBatched } from './partial.ts';

export const CALL_FAULT_KINDS = ['5xx', 'throttling', 'reset', 'hang', 'slow', 'lost_answer'] as const;
/**
 * `lost_answer`: the call is done, and then its answer is an error, a reset or nothing at all. `partial`: a part of the entries of
 * a call is taken; it hits only calls that can have several.
 */
export type CallFaultKind = (typeof CALL_FAULT_KINDS)[number] | 'partial';

/** What goes wrong with some of the calls of some programs. */
export interface CallFault {
  kind: CallFaultKind;
  callers: 'binder' | 'functions' | 'all';
  /** Part of the calls, 0 to 1. */
  share: number;
}

type Intercept = NonNullable<CallHooks['intercept']>;
type Proceed = Parameters<Intercept>[1];

const SLOWEST_MS = 2_500;
const THROTTLED: Record<ServiceName, string> = {
  dynamodb: 'ProvisionedThroughputExceededException',
  sqs: 'RequestThrottled',
  events: 'ThrottlingException',
  secretsmanager: 'ThrottlingException',
};
/** Programs of the container have a number behind their name, one for each task. */
const TASK = /\/\d+$/;

/** Faults of AWS, as the programs of a stack see them. To be given to the front of the local AWS as its `intercept`. */
export class CallFaults {
  /** Those in force. */
  faults: readonly CallFault[] = [];
  /** How many calls each kind has hit. */
  readonly hits = new Map<CallFaultKind, number>();
  readonly #random: () => number;

  /** @param random from 0 to 1, 1 excluded */
  constructor(random: () => number) {
    this.#random = random;
  }

  readonly intercept = async (call: AwsCall, proceed: Proceed): Promise<AwsAnswer> => {
    const fault = this.faults.find((one) => concerns(one, call) && this.#random() < one.share);
    if (fault === undefined) return await proceed(call);
    this.hits.set(fault.kind, (this.hits.get(fault.kind) ?? 0) + 1);
    return await this.#play(fault.kind, call, proceed);
  };

  async #play(kind: CallFaultKind, call: AwsCall, proceed: Proceed): Promise<AwsAnswer> {
    switch (kind) {
      case '5xx':
        throw this.#serverError();
      case 'throttling':
        throw new AwsError(THROTTLED[call.service], 'Rate exceeded');
      case 'reset':
        return CUT_OFF;
      case 'hang':
        return await hang(call.signal);
      case 'slow':
        await delay(this.#random() * SLOWEST_MS, undefined, { signal: call.signal }).catch(() => undefined);
        return await proceed(call);
      case 'lost_answer':
        await proceed(call);
        return await this.#loseAnswer(call);
      case 'partial':
        return await doInPart(call, proceed, this.#random);
    }
  }

  async #loseAnswer(call: AwsCall): Promise<AwsAnswer> {
    const how = this.#random();
    if (how < 0.4) throw this.#serverError();
    return how < 0.8 ? CUT_OFF : await hang(call.signal);
  }

  #serverError(): AwsError {
    return this.#random() < 0.5
      ? new AwsError('InternalServerError', 'Internal server error', 500)
      : new AwsError('ServiceUnavailable', 'Service is unavailable', 503);
  }
}

/** An answer that promises more than comes before the connection ends, which a client sees as a reset. */
const CUT_OFF: AwsAnswer = {
  status: 200,
  headers: { 'Content-Length': '4096', Connection: 'close' },
  body: '{',
};

/** No answer, until the caller gives up. */
async function hang(signal: AbortSignal): Promise<AwsAnswer> {
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
  return CUT_OFF;
}

function concerns({ callers, kind }: CallFault, call: AwsCall): boolean {
  if (kind === 'partial' && !isBatched(call)) return false;
  const { caller, headers } = call;
  // What AWS does on a program's behalf, such as polling a queue for it, does not pass over the network.
  const fromOutside = 'host' in headers && caller.role !== undefined;
  if (!fromOutside) return false;
  const binder = TASK.test(caller.program);
  return callers === 'all' || (callers === 'binder') === binder;
}
