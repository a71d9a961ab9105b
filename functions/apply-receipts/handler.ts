import type { DynamoDBStreamEvent } from 'aws-lambda';
import type { BatchResult } from '../middleware/batch.ts';
import { type RecordDependencies, workOnRecords } from '../middleware/parked-records.ts';
import { imagesOf } from '../middleware/stream-record.ts';
import { type ApplyDependencies, applyRow, type StoredRow } from './apply.ts';

/** New rows of the Receipts table. */
export function applyReceiptsHandler(
  dependencies: ApplyDependencies & RecordDependencies,
): (event: DynamoDBStreamEvent) => Promise<BatchResult> {
  return async ({ Records }) =>
    await workOnRecords(Records, dependencies, async (record) => {
      await applyRow(imagesOf(record).after as unknown as StoredRow, dependencies);
    });
}
