import type { SQSEvent } from 'aws-lambda';
import type { WebhookTask } from '../../shared/contracts/webhook-task.ts';
import { parseWebhookTask } from '../../shared/queue/webhooks.ts';
import { type BatchResult, PoisonRecord, workOnEach } from '../middleware/batch.ts';
import { type DeliverDependencies, deliver } from './deliver.ts';

/** Tasks of the webhook queue, side by side: an endpoint that does not answer holds up no other. */
export function deliverWebhookHandler(dependencies: DeliverDependencies): (event: SQSEvent) => Promise<BatchResult> {
  return async ({ Records }) =>
    await workOnEach(Records, { idOf: ({ messageId }) => messageId, log: dependencies.log }, async ({ body }) => {
      await deliver(taskOf(body), dependencies);
    });
}

function taskOf(body: string): WebhookTask {
  try {
    return parseWebhookTask(body);
  } catch (cause) {
    throw new PoisonRecord('no task of ours is in the webhook queue', { cause });
  }
}
