import type { SQSEvent } from 'aws-lambda';
import { parseFeedTask } from '../../shared/queue/feed.ts';
import { type BatchResult, workOnEach } from '../middleware/batch.ts';
import { type StepDependencies, takeStep } from './step.ts';

/** Steps of batches. One that fails comes again when its queue shows it again. */
export function feedBatchesHandler(dependencies: StepDependencies): (event: SQSEvent) => Promise<BatchResult> {
  const { log } = dependencies;
  return async ({ Records }) =>
    await workOnEach(Records, { idOf: ({ messageId }) => messageId, log }, async ({ body }) => {
      await takeStep(parseFeedTask(body), dependencies);
    });
}
