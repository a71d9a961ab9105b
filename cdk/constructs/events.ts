import { Archive, EventBus } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { CfnResource, Duration, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { EventSchemas } from './event-schemas.ts';
import type { Keeping } from './keeping.ts';
import type { Program } from './program.ts';
import { DeadLetteredQueue, parkingQueue } from './queue.ts';
import { tlsOnly } from './tls-only.ts';

interface EventsProps {
  stackName: string;
  source: string;
  /** Days for which events can be replayed. */
  archiveDays: number;
  keeping: Keeping;
}

/** Where what happens goes out: a bus for programs in AWS, its archive, and a queue of webhook deliveries. */
export class Events extends Construct {
  readonly bus: EventBus;
  /** Events that the bus could not encrypt, where it does so with a customer's key. */
  readonly unencrypted: Queue | undefined;
  readonly archive: Archive;
  readonly schemas: EventSchemas;
  readonly webhooks: DeadLetteredQueue;
  readonly #source: string;

  constructor(scope: Construct, id: string, props: EventsProps) {
    super(scope, id);
    this.#source = props.source;
    const { key } = props.keeping;
    this.unencrypted = key && queueOfUnencrypted(this, props.stackName, props.keeping);
    this.bus = new EventBus(this, 'Bus', {
      eventBusName: props.stackName,
      description: `Message events of ${props.stackName}`,
      ...(key && { kmsKey: key }),
      ...(this.unencrypted && { deadLetterQueue: this.unencrypted }),
    });
    refuseWithoutTls(this.bus);
    // What is replayed goes to rules on the bus. Nothing of this stack listens there, so nothing is done twice.
    this.archive = new Archive(this, 'Archive', {
      sourceEventBus: this.bus,
      description: `Events of ${props.stackName}, to be replayed`,
      eventPattern: { source: [props.source] },
      retention: Duration.days(props.archiveDays),
      ...(key && { kmsKey: key }),
    });
    this.schemas = new EventSchemas(this, 'Schemas', props);
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

/**
 * Where EventBridge puts what it can't encrypt, with the reason: without it what comes while the key does not serve is lost, though it
 * was taken. Under SQS's own key, for the customer's is what does not serve then.
 */
function queueOfUnencrypted(scope: Construct, busName: string, { removalPolicy }: Keeping): Queue {
  const queue = parkingQueue(scope, 'BusParked', { key: undefined, removalPolicy });
  // By its name: the bus needs the queue first.
  const busArn = Stack.of(scope).formatArn({ service: 'events', resource: 'event-bus', resourceName: busName });
  queue.addToResourcePolicy(
    new PolicyStatement({
      sid: 'BusParks',
      principals: [new ServicePrincipal('events.amazonaws.com')],
      actions: ['sqs:SendMessage'],
      resources: [queue.queueArn],
      conditions: { ArnEquals: { 'aws:SourceArn': busArn } },
    }),
  );
  return queue;
}

/** The CDK's own constructs for the policy of a bus warn of a property that nobody uses. */
function refuseWithoutTls(bus: EventBus): CfnResource {
  const Statement = tlsOnly('events:PutEvents', bus.eventBusArn).toStatementJson();
  return new CfnResource(bus, 'TlsOnly', {
    type: 'AWS::Events::EventBusPolicy',
    properties: { EventBusName: bus.eventBusName, StatementId: 'TlsOnly', Statement },
  });
}
