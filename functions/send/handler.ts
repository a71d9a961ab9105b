import type { ApiAccount } from '../../shared/config/environment.ts';
import { presentMessage } from '../../shared/contracts/message.ts';
import { presentDryRun, previewRequestSchema } from '../../shared/contracts/message-preview.ts';
import { messageRequestSchema } from '../../shared/contracts/message-request.ts';
import { mayUse } from '../../shared/domain/api-key.ts';
import type { Message } from '../../shared/domain/message.ts';
import type { CallbackRules } from '../../shared/webhooks/callback.ts';
import { accountOf } from '../middleware/account-of.ts';
import type { HttpAnswer, HttpCall } from '../middleware/api-event.ts';
import { parseBody } from '../middleware/check.ts';
import { type HttpDependencies, type HttpHandler, httpHandler } from '../middleware/http.ts';
import type { LimitState } from '../middleware/limits.ts';
import { Refusal } from '../middleware/refusal.ts';
import { requireSendScope } from '../middleware/send-scope.ts';
import { type AcceptDependencies, acceptMessage } from './accept.ts';
import { type BatchDependencies, createBatch, turnBatch } from './batch/operations.ts';
import { type CancelDependencies, cancelMessage } from './cancel.ts';
import type { LimitLeft } from './charge.ts';
import { foreseenWait } from './early-refusal.ts';
import type { Fault } from './faults.ts';
import { previewMessage } from './preview.ts';

export type SendDependencies = AcceptDependencies &
  CancelDependencies &
  BatchDependencies &
  HttpDependencies & {
    /** The first of those in its reach is that of a key which names none. */
    accounts: readonly ApiAccount[];
    callbacks: CallbackRules;
  };

/** `POST /v1/messages` and what else may put messages into lanes or keep them from there. */
export function sendHandler(dependencies: SendDependencies): HttpHandler {
  return httpHandler(dependencies, async (call) => {
    switch (call.route) {
      case 'POST /v1/messages':
        return await sendMessage(call, dependencies);
      case 'POST /v1/messages/preview':
        return await preview(call, dependencies);
      case 'POST /v1/messages/{id}/cancel':
        return await cancelMessage(call, dependencies);
      case 'POST /v1/batches':
        return await createBatch(call, dependencies);
      case 'POST /v1/batches/{id}/pause':
        return await turnBatch(call, 'paused', dependencies);
      case 'POST /v1/batches/{id}/resume':
        return await turnBatch(call, 'resumed', dependencies);
      case 'POST /v1/batches/{id}/cancel':
        return await turnBatch(call, 'canceled', dependencies);
      default:
        throw new TypeError(`no operation for the route '${call.route}'`);
    }
  });
}

async function sendMessage(call: HttpCall, dependencies: SendDependencies): Promise<HttpAnswer> {
  const { caller, body, reservation, signal } = call;
  const request = parseBody(messageRequestSchema, body);
  requireSendScope(caller, request.lane);
  const account = accountOf(undefined, caller, dependencies.accounts);
  const { callbacks } = dependencies;
  const sender = { caller, account, callbacks, signal, ...(reservation && { reservation }) };
  const result = await acceptMessage(request, sender, dependencies);
  if ('limits' in result) call.limits.push(...limitStates(result.limits, dependencies.now()));
  switch (result.kind) {
    case 'accepted':
      return {
        status: 202,
        body: presentMessage(result.message, {
          withText: mayUse(caller, 'messages:read_body'),
          waitSeconds: waitAsTold(result.message),
        }),
      };
    case 'dry_run':
      return {
        status: 200,
        body: presentDryRun(result.message, {
          withText: mayUse(caller, 'messages:read_body'),
          waitSeconds:
            result.message.status === 'queued' ? await foreseenWait(request.lane, account, dependencies) : undefined,
        }),
      };
    case 'refused':
      throw refusal(result.faults);
    case 'refused_now':
      throw new Refusal(result.problem, { 'retry-after': String(Math.ceil(result.retryAfterMs / 1000)) });
  }
}

const WINDOW_SECONDS = { day: 86_400, month: 30 * 86_400 };

/** Months differ; the headers have no better word for one than so many seconds, and say when it ends. */
function limitStates(limits: readonly LimitLeft[] = [], now: number): LimitState[] {
  return limits.map(({ whose, window, limit, left, resetsAt }) => ({
    name: `${whose}-${window}`,
    limit,
    windowSeconds: WINDOW_SECONDS[window],
    left: Math.max(0, left),
    resetsInSeconds: Math.ceil((resetsAt - now) / 1000),
    unit: 'segments',
  }));
}

/** What was foreseen when it was accepted, also where an earlier run of the request had it accepted. */
function waitAsTold({ status, expectedAt, createdAt }: Message): number | undefined {
  return status !== 'queued' || expectedAt === undefined ? undefined : Math.round((expectedAt - createdAt) / 1000);
}

async function preview({ caller, body }: HttpCall, dependencies: SendDependencies): Promise<HttpAnswer> {
  const request = parseBody(previewRequestSchema, body);
  requireSendScope(caller, request.lane);
  const account = accountOf(undefined, caller, dependencies.accounts);
  const context = { caller, account, callbacks: dependencies.callbacks, now: dependencies.now() };
  return { status: 200, body: await previewMessage(request, context, dependencies) };
}

function refusal(faults: Fault[]): Refusal {
  const [first] = faults;
  if (first === undefined) throw new TypeError('refused without a reason');
  const detail =
    faults.length === 1 ? `${first.pointer}: ${first.detail}` : `${faults.length} fields cannot be accepted`;
  return new Refusal({ code: first.code, detail, errors: faults });
}
