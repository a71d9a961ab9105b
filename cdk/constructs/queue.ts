import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';

/** The longest that SQS keeps a message. What waits in a queue of ours is never given up earlier. */
const RETENTION = Duration.days(14);

const secured = {
  encryption: QueueEncryption.SQS_MANAGED,
  enforceSSL: true,
  retentionPeriod: RETENTION,
  // Queues carry ids and events; what they are about stays in the tables, which are retained.
  removalPolicy: RemovalPolicy.DESTROY,
} as const;

interface DeadLetteredQueueProps {
  /** Fixed name; without one CloudFormation makes a name. */
  name?: string;
  visibilityTimeout: Duration;
  /** Deliveries after which a message goes to the dead-letter queue. */
  maxReceiveCount: number;
}

/** A queue and its dead-letter queue: TLS only, encrypted. */
export class DeadLetteredQueue extends Construct {
  readonly queue: Queue;
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, props: DeadLetteredQueueProps) {
    super(scope, id);
    this.deadLetters = new Queue(this, 'DeadLetters', {
      ...secured,
      ...(props.name !== undefined && { queueName: `${props.name}-dlq` }),
    });
    this.queue = new Queue(this, 'Queue', {
      ...secured,
      ...(props.name !== undefined && { queueName: props.name }),
      visibilityTimeout: props.visibilityTimeout,
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: props.maxReceiveCount },
    });
  }
}

/** Where a trigger parks what its function could not process; an operator looks at it, no program reads it. */
export function parkingQueue(scope: Construct, id: string): Queue {
  const queue = new Queue(scope, id, secured);
  Validations.of(queue).acknowledge({
    id: 'AwsSolutions-SQS3',
    reason:
      'This is itself the last stop of failed records: nothing consumes it, so nothing can fail into another queue.',
  });
  return queue;
}
