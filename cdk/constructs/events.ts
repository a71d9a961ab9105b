import { EventBus } from 'aws-cdk-lib/aws-events';
import { CfnResource, Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { Keeping } from './keeping.ts';
import type { Program } from './program.ts';
import { DeadLetteredQueue } from './queue.ts';
import { tlsOnly } from './tls-only.ts';

/** Where the changes of messages go out: a bus for programs in AWS, and a queue of webhook deliveries. */
export class Events extends Construct {
  readonly bus: EventBus;
  readonly webhooks: DeadLetteredQueue;
  readonly #source: string;

  constructor(scope: Construct, id: string, props: { stackName: string; source: string; keeping: Keeping }) {
    super(scope, id);
    this.#source = props.source;
    this.bus = new EventBus(this, 'Bus', {
      eventBusName: props.stackName,
      description: `Message events of ${props.stackName}`,
      ...(props.keeping.key && { kmsKey: props.keeping.key }),
    });
    // The CDK's own constructs for it warn of a property that nobody uses.
    new CfnResource(this, 'TlsOnly', {
      type: 'AWS::Events::EventBusPolicy',
      properties: {
        EventBusName: this.bus.eventBusName,
        StatementId: 'TlsOnly',
        Statement: tlsOnly('events:PutEvents', this.bus.eventBusArn).toStatementJson(),
      },
    });
    this.webhooks = new DeadLetteredQueue(this, 'Webhooks', {
      keeping: props.keeping,
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
    program.open('WEBHOOK_QUEUE_URL', this.webhooks.queue.queueUrl, ...this.webhooks.sendRights());
  }
}
