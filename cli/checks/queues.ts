import { SQSClient } from '@aws-sdk/client-sqs';
import { countIn } from '../dead-letters/letters.ts';
import { type DeadLetterQueue, deadLetterQueues } from '../dead-letters/queues.ts';
import { clientSettings } from '../stack/find-stack.ts';
import type { Stack } from '../stack/stack.ts';
import type { Check } from './check.ts';
import { failedCheck } from './stack.ts';

/** Whether the queues answer, and nothing lies where it went because nothing else helped. */
export async function checkQueues(stack: Stack): Promise<Check> {
  const name = 'queues';
  const sqs = new SQSClient(clientSettings(stack.aws));
  try {
    const queues = deadLetterQueues(stack);
    const counts = await Promise.all(
      queues.map(
        async (queue): Promise<[DeadLetterQueue, number | undefined]> => [queue, await countIn(sqs, queue.url)],
      ),
    );
    const there = counts.filter(([, waiting]) => waiting !== undefined);
    const filled = there.filter(([, waiting]) => waiting !== 0);
    if (filled.length === 0) return { name, state: 'good', detail: `${there.length} dead-letter queues are empty` };
    const detail = filled.map(([queue, waiting]) => `${queue.name} ${waiting}`).join(', ');
    return { name, state: 'warning', detail: `dead letters: ${detail}`, next: 'See them: `npm run cli -- dlq list`' };
  } catch (error) {
    return failedCheck(name, error);
  } finally {
    sqs.destroy();
  }
}
