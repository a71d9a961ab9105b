import type { StackContext } from '../context.ts';
import type { LambdaFunction } from '../lambda/function.ts';
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

const SERVICE = 'events.amazonaws.com';

/** A rule whose events go to targets: its ARN is what their policies know it by. */
export interface TargetingRule extends Pick<Finding, 'logicalId' | 'type'> {
  arn: string;
}

function sendToQueue(context: StackContext, { arn }: TargetingRule, queueUrl: string): SendToTarget {
  const caller = { accessKeyId: SERVICE, program: SERVICE, service: { name: SERVICE, sourceArn: arn } };
  return async (event) => {
    const input = { QueueUrl: queueUrl, MessageBody: JSON.stringify(event) };
    await context.aws.invoke({ service: 'sqs', action: 'SendMessage', caller, input });
  };
}

function invokeFunction(context: StackContext, { arn }: TargetingRule, target: LambdaFunction): SendToTarget {
  const principal = { kind: 'service', name: SERVICE, sourceArn: arn } as const;
  return async (event) => {
    context.aws.policies.require(principal, { action: 'lambda:InvokeFunction', resource: target.arn });
    context.asyncInvocations.submit(target, event);
  };
}

/** A function or a queue: what lies behind an ARN. */
function wayTo(arn: string, rule: TargetingRule, context: StackContext): SendToTarget | undefined {
  const lambda = context.functions.get(arn);
  if (lambda !== undefined) return invokeFunction(context, rule, lambda);
  const queueUrl = context.queues.get(arn);
  return queueUrl === undefined ? undefined : sendToQueue(context, rule, queueUrl);
}

/**
 * The way to one target, in the name of EventBridge; an event that can't be delivered goes to the target's dead-letter queue.
 * Undefined (and reported) for what is neither a function nor a queue.
 */
export function openTarget(
  target: TargetProperties,
  rule: TargetingRule,
  context: StackContext,
): SendToTarget | undefined {
  const send = wayTo(target.Arn, rule, context);
  if (send === undefined) {
    const { logicalId, type } = rule;
    const message = `the target ${target.Arn} is neither a function nor a queue of the stack; events do not reach it here`;
    context.report({ logicalId, type, property: 'Targets.Arn', message });
    return undefined;
  }
  const deadLetterUrl = context.queues.get(target.DeadLetterConfig?.Arn ?? '');
  const giveUp = deadLetterUrl === undefined ? undefined : sendToQueue(context, rule, deadLetterUrl);
  return async (event) => {
    try {
      await send(target.Input === undefined ? event : JSON.parse(target.Input));
    } catch (fault) {
      if (giveUp === undefined) throw fault;
      await giveUp(event);
    }
  };
}
