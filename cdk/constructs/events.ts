import { EventBus } from 'aws-cdk-lib/aws-events';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { Program } from './program.ts';
import { DeadLetteredQueue } from './queue.ts';

/** Where the changes of messages go out: a bus for programs in AWS, and a queue of webhook deliveries. */
export class Events extends Construct {
  readonly bus: EventBus;
  readonly webhooks: DeadLetteredQueue;
  readonly #source: string;

  constructor(scope: Construct, id: string, props: { stackName: string; source: string }) {
    super(scope, id);
    this.#source = props.source;
    this.bus = new EventBus(this, 'Bus', {
      eventBusName: props.stackName,
      description: `Message events of ${props.stackName}`,
    });
    this.webhooks = new DeadLetteredQueue(this, 'Webhooks', {
      // Lambda asks for six times the timeout of the function that consumes the queue.
      visibilityTimeout: Duration.seconds(180),
      // Attempts at an endpoint are new messages; this counts only runs of the function that broke off.
      maxReceiveCount: 10,
    });
  }

  /** Lets `program` publish on the bus, under the configured source. */
  openToPublisher(program: Program): void {
    program.tell('EVENT_SOURCE', this.#source);
    program.open('EVENT_BUS', this.bus.eventBusName, {
      actions: ['events:PutEvents'],
      resources: [this.bus.eventBusArn],
    });
  }

  /** Lets `program` queue webhook deliveries. */
  openToWebhookSender(program: Program): void {
    const { queueUrl, queueArn } = this.webhooks.queue;
    program.open('WEBHOOK_QUEUE_URL', queueUrl, { actions: ['sqs:SendMessage'], resources: [queueArn] });
  }
}
