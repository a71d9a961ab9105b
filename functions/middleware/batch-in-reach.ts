import type { ApiKey } from '../../shared/domain/api-key.ts';
import { type Batch, isBatchId } from '../../shared/domain/batch.ts';
import { reaches } from '../../shared/domain/reach.ts';
import type { BatchStore } from '../../shared/store/batches.ts';
import { Refusal } from './refusal.ts';

/** What is out of reach is not there at all, nor is what is still being accepted. @throws Refusal */
export async function batchInReach(id: string, caller: ApiKey, batches: Pick<BatchStore, 'get'>): Promise<Batch> {
  const batch = isBatchId(id) ? await batches.get(id) : undefined;
  if (batch === undefined || batch.status === 'accepting' || !reaches(caller, batch)) throw noSuchBatch();
  return batch;
}

export function noSuchBatch(): Refusal {
  return new Refusal({ code: 'not_found', detail: 'there is no batch with this id' });
}
