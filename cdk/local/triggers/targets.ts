import type { StackContext } from '../context.ts';
import type { Finding } from '../resources/resource.ts';

/** A target of an EventBridge rule. */
export interface TargetProperties {
  Id: string;
  Arn: string;
  /** A fixed JSON text in the event's place. */
  Input?: string;
  DeadLetterConfig?: { Arn?: string };
}

export type SendToTarget = (event: unknown) => Promise<void>;

async function sendToQueue(context: StackContext, queueUrl: string, body: unknown): Promise<void> {
  await context.aws.invoke({
    service: 'sqs',
    action: 'SendMessage',
    input: { QueueUrl: queueUrl, MessageBody: JSON.stringify(body) },
  });
}

/** The way to one target: a function, or a queue. Undefined (and reported) for any other kind. */
export function openTarget(
  target: TargetProperties,
  rule: Pick<Finding, 'logicalId' | 'type'>,
  context: StackContext,
): SendToTarget | undefined {
  const payload = (event: unknown): unknown => (target.Input === undefined ? event : JSON.parse(target.Input));
  const lambda = context.functions.get(target.Arn);
  if (lambda !== undefined) {
    return (event) => {
      context.asyncInvocations.submit(lambda, payload(event));
      return Promise.resolve();
    };
  }
  const queueUrl = context.queues.get(target.Arn);
  if (queueUrl !== undefined)
    return withDeadLetters(target, context, (event) => sendToQueue(context, queueUrl, payload(event)));
  const message = `the target ${target.Arn} is neither a function nor a queue of the stack; events do not reach it here`;
  context.report({ ...rule, property: 'Targets.Arn', message });
  return undefined;
}

/** An event that can't be delivered goes to the target's dead-letter queue. */
function withDeadLetters(target: TargetProperties, context: StackContext, send: SendToTarget): SendToTarget {
  const deadLetterUrl = context.queues.get(target.DeadLetterConfig?.Arn ?? '');
  if (deadLetterUrl === undefined) return send;
  return async (event) => {
    try {
      await send(event);
    } catch {
      await sendToQueue(context, deadLetterUrl, event);
    }
  };
}
