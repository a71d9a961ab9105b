import { setTimeout as delay } from 'node:timers/promises';
import {
  type Bindery,
  BinderyError,
  type CreateBatchRequest,
  type CreatedBatch,
  type RefusedBatchItem,
} from '../../docs/client/bindery.ts';
import type { Chunk } from './chunks.ts';
import type { Refusal, SentChunk } from './journal.ts';

const FIRST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 60_000;
/** Whoever is told to wait longer may as well run the command again. */
const WORTH_WAITING_MS = 15 * 60_000;
/** Tries in a row that get no answer from our side. */
const MOST_FAULTS = 8;

/** What all chunks of a file share. */
export type Shared = Omit<CreateBatchRequest, 'items'>;

export interface Waiting {
  /** Told before each wait: why, and for how long. */
  onWait: (why: string, waitMs: number) => void;
  signal: AbortSignal;
}

/** How long to wait before the next try; undefined where none is worth while. */
export function waitBefore(error: BinderyError, faults: number): number | undefined {
  if (!error.retryable) return undefined;
  if (error.retryAfterMs !== undefined) return error.retryAfterMs <= WORTH_WAITING_MS ? error.retryAfterMs : undefined;
  return faults < MOST_FAULTS ? Math.min(FIRST_WAIT_MS * 2 ** faults, LONGEST_WAIT_MS) : undefined;
}

/** Sends a chunk, as often as it takes: its key makes the second time the first. @throws BinderyError where it is refused for good */
export async function sendChunk(api: Bindery, chunk: Chunk, shared: Shared, waiting: Waiting): Promise<SentChunk> {
  const { onWait, signal } = waiting;
  for (let faults = 0; ; ) {
    try {
      const request = { ...shared, items: [...chunk.items] };
      return sentChunk(await api.createBatch(request, { idempotencyKey: chunk.idempotencyKey, signal }));
    } catch (error) {
      if (!(error instanceof BinderyError)) throw error;
      const waitMs = waitBefore(error, faults);
      if (waitMs === undefined) throw error;
      if (error.retryAfterMs === undefined) faults += 1;
      onWait(error.code, waitMs);
      await delay(waitMs, undefined, { signal });
    }
  }
}

function sentChunk({ id, accepted, segments, items, created_at }: CreatedBatch): SentChunk {
  const refused = items
    .filter((item): item is RefusedBatchItem => item.status === 'refused')
    .map(({ index, code, errors }): Refusal => [index, code, errors.map(({ detail }) => detail).join('; ')]);
  return { batch_id: id, accepted, segments, refused, sent_at: created_at };
}
