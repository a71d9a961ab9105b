import type { DynamoDBStreamEvent } from 'aws-lambda';
import { type BatchResult, workOnEach } from '../middleware/batch.ts';
import { imagesOf, sequenceNumberOf } from '../middleware/stream-record.ts';
import { type ApplyDependencies, applyRow, type StoredRow } from './apply.ts';

/** New rows of the Receipts table. */
export function applyReceiptsHandler(
  dependencies: ApplyDependencies,
): (event: DynamoDBStreamEvent) => Promise<BatchResult> {
  return async ({ Records }) =>
    await workOnEach(Records, { idOf: sequenceNumberOf, log: dependencies.log }, async (record) => {
      await applyRow(imagesOf(record).after as unknown as StoredRow, dependencies);
    });
}
