import type { Log } from '../../shared/log/log.ts';

/** What a trigger wants back: the records that failed and must come again. */
export interface BatchResult {
  batchItemFailures: { itemIdentifier: string }[];
}

/** Thrown for a record that no repetition can help: it is parked with this message, which tells of no person. */
export class PoisonRecord extends Error {
  readonly code = 'poison_record';
}

/** Calls of AWS that one environment makes at a time. */
const CONCURRENT = 10;

/**
 * Works on each record by itself, so that one that fails holds up no other.
 * @param idOf the identifier by which the trigger knows a record
 */
export async function workOnEach<T>(
  records: readonly T[],
  { idOf, log }: { idOf: (record: T) => string; log: Log },
  work: (record: T) => Promise<void>,
): Promise<BatchResult> {
  const failed: string[] = [];
  const left = records.values();
  // Workers share one iterator: each takes the next record that is left.
  const worker = async () => {
    for (const record of left) {
      try {
        await work(record);
      } catch (error) {
        failed.push(idOf(record));
        log.error('record failed', { record: idOf(record), error });
      }
    }
  };
  await Promise.all(Array.from({ length: CONCURRENT }, worker));
  return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
}
