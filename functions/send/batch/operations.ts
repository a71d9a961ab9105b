import type { ApiAccount } from '../../../shared/config/environment.ts';
import { type CreatedBatch, type ItemResult, presentBatch } from '../../../shared/contracts/batch.ts';
import { batchEnvelopeSchema } from '../../../shared/contracts/batch-request.ts';
import { type Batch, itemMessageId } from '../../../shared/domain/batch.ts';
import { stepAt } from '../../../shared/domain/batch-change.ts';
import type { MessagesById } from '../../../shared/store/messages-by-id.ts';
import type { CallbackRules } from '../../../shared/webhooks/callback.ts';
import { accountOf } from '../../middleware/account-of.ts';
import type { HttpAnswer, HttpCall } from '../../middleware/api-event.ts';
import { countersOf } from '../../middleware/batch-counters.ts';
import { batchInReach, noSuchBatch } from '../../middleware/batch-in-reach.ts';
import { parseBody } from '../../middleware/check.ts';
import type { LoadWatch } from '../../middleware/load-watch.ts';
import { Refusal } from '../../middleware/refusal.ts';
import { requireSendScope } from '../../middleware/send-scope.ts';
import { type AcceptBatchDependencies, acceptBatch } from './accept-batch.ts';
import { batchSeconds } from './estimate.ts';
import type { ItemReading } from './read-items.ts';

export interface BatchDependencies extends AcceptBatchDependencies {
  messagesById: Pick<MessagesById, 'get' | 'statuses'>;
  loads: Pick<LoadWatch, 'load'>;
  /** The first of those in its reach is that of a key which names none. */
  accounts: readonly ApiAccount[];
  callbacks: CallbackRules;
}

/** `POST /v1/batches` */
export async function createBatch(call: HttpCall, dependencies: BatchDependencies): Promise<HttpAnswer> {
  const { caller, body, reservation, signal } = call;
  const request = parseBody(batchEnvelopeSchema, body);
  requireSendScope(caller, request.lane);
  const account = accountOf(undefined, caller, dependencies.accounts);
  const { callbacks } = dependencies;
  const sender = { caller, account, callbacks, signal, ...(reservation && { reservation }) };
  const { batch, items } = await acceptBatch(request, sender, dependencies);
  const [counters, load] = await Promise.all([
    countersOf(batch, dependencies.messagesById),
    dependencies.loads.load(account.name),
  ]);
  const goes = load !== undefined && batch.status === 'running';
  const created: CreatedBatch = {
    ...presentBatch(batch, counters),
    estimated_seconds: goes ? batchSeconds(batch, { account, load, now: dependencies.now() }) : null,
    items: items.map((item) => presentItem(item, batch)),
  };
  return { status: 202, body: created };
}

const TURNS = {
  paused: 'it is not running any more',
  resumed: 'it is not paused any more',
  canceled: 'it has already come to its end',
} as const;

/** `POST /v1/batches/{id}/pause`, `/resume` and `/cancel`. Asking again is no error: the first answer may have been lost. */
export async function turnBatch(
  { caller, parameters }: HttpCall,
  turn: keyof typeof TURNS,
  dependencies: BatchDependencies,
): Promise<HttpAnswer> {
  const { batches, messagesById, feed, log, now } = dependencies;
  requireSendScope(caller);
  const known = await batchInReach(parameters['id'] ?? '', caller, batches);
  const id = known.batchId;
  requireSendScope(caller, known.lane);
  const at = now();
  const result = await batches.change(id, { kind: turn, at }, known);
  if (result.kind === 'missing') throw noSuchBatch();
  const { batch } = result;
  if (batch.status !== (turn === 'resumed' ? 'running' : turn)) {
    throw new Refusal({ code: 'batch_over', detail: `it is ${batch.status}: ${TURNS[turn]}` });
  }
  const next = stepAt(batch, at);
  if (next !== undefined) {
    try {
      await feed.send({ batchId: id, tick: batch.feeding.tick }, (next - at) / 1000);
    } catch (error) {
      log.warn('batch changed but its step not called for; the sweep will see to it', { batch_id: id, error });
    }
  }
  return { status: 200, body: presentBatch(batch, await countersOf(batch, messagesById)) };
}

function presentItem(item: ItemReading, { batchId }: Batch): ItemResult {
  const { index } = item;
  if (item.kind === 'refused') {
    return { index, status: 'refused', client_ref: item.clientRef ?? null, code: item.code, errors: item.errors };
  }
  const { request, meaning } = item;
  return {
    index,
    status: 'accepted',
    id: itemMessageId(batchId, index),
    client_ref: request.client_ref ?? null,
    segments: meaning.segmentCount,
    encoding: meaning.encoding,
  };
}
