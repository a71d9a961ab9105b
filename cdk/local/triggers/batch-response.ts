import type { Outcome } from '../lambda/function.ts';

/** Which records of a batch a function did not do. */
export type BatchResult =
  | { kind: 'done' }
  /** Indexes of the records that the function reported, ascending and not empty. */
  | { kind: 'partial'; failed: number[] }
  | { kind: 'failed'; reason: string }
  /** The function was not run at all. */
  | { kind: 'throttled' };

interface BatchResponse {
  batchItemFailures?: { itemIdentifier?: unknown }[] | null;
}

/**
 * Reads the answer as an event source mapping with `ReportBatchItemFailures` does: nothing or an empty list is success, an
 * identifier that is empty or not of this batch means that the whole batch failed.
 */
function reported(payload: string, identifiers: readonly string[]): BatchResult {
  const response = JSON.parse(payload) as BatchResponse | null;
  const failures = typeof response === 'object' ? (response?.batchItemFailures ?? []) : [];
  if (!Array.isArray(failures)) return { kind: 'failed', reason: 'batchItemFailures is not a list' };
  const failed = new Set<number>();
  for (const failure of failures) {
    const index = identifiers.findIndex((identifier) => identifier === failure?.itemIdentifier);
    if (index < 0) return { kind: 'failed', reason: 'batchItemFailures names no record of the batch' };
    failed.add(index);
  }
  return failed.size === 0 ? { kind: 'done' } : { kind: 'partial', failed: [...failed].sort((a, b) => a - b) };
}

/** @param identifiers of the records in their order: message ids of SQS, sequence numbers of a stream */
export function readBatchResult(
  outcome: Outcome,
  identifiers: readonly string[],
  reportBatchItemFailures: boolean,
): BatchResult {
  switch (outcome.kind) {
    case 'throttled':
      return { kind: 'throttled' };
    case 'failed':
      return { kind: 'failed', reason: `${outcome.error.errorType}: ${outcome.error.errorMessage}` };
    case 'answered':
      return reportBatchItemFailures ? reported(outcome.payload, identifiers) : { kind: 'done' };
    default:
      return outcome satisfies never;
  }
}
