import { type IQueue, Queue, QueueEncryption, type QueueProps } from 'aws-cdk-lib/aws-sqs';
import { Duration, Validations } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { Keeping } from './keeping.ts';
import type { Right } from './program.ts';

/** The longest that SQS keeps a message. What waits in a queue of ours is never given up earlier. */
const RETENTION = Duration.days(14);

type Kept = Pick<Keeping, 'key' | 'removalPolicy'>;

/** What every queue has. TLS only; under the customer's key where there is one, asked for once in five minutes. */
function secured({ key, removalPolicy }: Kept): QueueProps {
  return {
    ...(key === undefined
      ? { encryption: QueueEncryption.SQS_MANAGED }
      : { encryption: QueueEncryption.KMS, encryptionMasterKey: key, dataKeyReuse: Duration.minutes(5) }),
    enforceSSL: true,
    retentionPeriod: RETENTION,
    removalPolicy,
  };
}

interface DeadLetteredQueueProps {
  keeping: Keeping;
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
  readonly #keeping: Keeping;

  constructor(scope: Construct, id: string, props: DeadLetteredQueueProps) {
    super(scope, id);
    const { keeping, name } = props;
    this.#keeping = keeping;
    const named = (queueName: string) => ({ queueName, removalPolicy: keeping.onceMadePolicy });
    this.deadLetters = new Queue(this, 'DeadLetters', {
      ...secured(keeping),
      ...(name !== undefined && named(`${name}-dlq`)),
    });
    this.queue = new Queue(this, 'Queue', {
      ...secured(keeping),
      ...(name !== undefined && named(name)),
      visibilityTimeout: props.visibilityTimeout,
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: props.maxReceiveCount },
    });
  }

  /** What a program needs to put messages into the queue. */
  sendRights(): Right[] {
    return sendRights(this.queue, this.#keeping);
  }

  /** What a trigger needs to take messages out of the queue. */
  receiveRights(): Right[] {
    const receive = ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'];
    const actions = receive.map((action) => `sqs:${action}`);
    return [{ actions, resources: [this.queue.queueArn] }, ...this.#keeping.rights('sqs', 'read')];
  }
}

/** What a program needs to put messages into `queue`. */
export function sendRights(queue: IQueue, keeping: Keeping): Right[] {
  return [{ actions: ['sqs:SendMessage'], resources: [queue.queueArn] }, ...keeping.rights('sqs', 'write')];
}

/** Where a trigger parks what its function could not process; an operator looks at it, no program reads it. */
export function parkingQueue(scope: Construct, id: string, kept: Kept): Queue {
  const queue = new Queue(scope, id, secured(kept));
  Validations.of(queue).acknowledge({
    id: 'AwsSolutions-SQS3',
    reason:
      'This is itself the last stop of failed records: nothing consumes it, so nothing can fail into another queue.',
  });
  return queue;
}
