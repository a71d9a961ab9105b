import { join } from 'node:path';
import { AttributeType, TableEncryptionV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { EventBus, type EventPattern, Match, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction, SfnStateMachine, SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Code, Function as Lambda, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import {
  DefinitionBody,
  JsonPath,
  LogLevel,
  Pass,
  StateMachine,
  Succeed,
  Wait,
  WaitTime,
} from 'aws-cdk-lib/aws-stepfunctions';
import { type App, Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib/core';
import { buildSync } from 'esbuild';

export interface ConsumerProps {
  /** Output `EventBusName` of Bindery's stack. */
  busName: string;
  /** `eventSource` of its configuration. */
  source?: string;
  /** Where the function's bundle is written. */
  buildFolder: string;
}

const FINAL = ['message.delivered', 'message.undelivered', 'message.failed', 'message.expired'];
const LOST = ['message.undelivered', 'message.failed', 'message.expired'];

/** Rules of event patterns, by the target that each leads to. Fields that rules look at stand flat in `detail.data`. */
export function patternsOf(source: string): Record<'Final' | 'Lost' | 'Otp', EventPattern> {
  const live = { metadata: { test: [false] } };
  return {
    Final: { source: [source], detailType: FINAL, detail: live },
    Lost: { source: [source], detailType: LOST, detail: { ...live, data: { lane: Match.anythingBut('otp') } } },
    Otp: { source: [source], detailType: LOST, detail: { ...live, data: { lane: ['otp'] } } },
  };
}

/**
 * Three ways to take events from Bindery's bus: a function, a queue, a state machine. What does not reach its target is kept for
 * two weeks, and so is what the function or a worker of the queue fails at.
 */
export class ConsumerStack extends Stack {
  constructor(app: App, id: string, { busName, source = 'dev.bindery', buildFolder }: ConsumerProps) {
    super(app, id);
    const bus = EventBus.fromEventBusName(this, 'Bus', busName);
    const patterns = patternsOf(source);
    const rule = (name: keyof typeof patterns) => new Rule(this, name, { eventBus: bus, eventPattern: patterns[name] });
    const missed = (name: string) => ({
      deadLetterQueue: this.#queue(`${name}Missed`),
      retryAttempts: 20,
      maxEventAge: Duration.hours(6),
    });
    rule('Final').addTarget(new LambdaFunction(this.#function(buildFolder), missed('Final')));
    rule('Lost').addTarget(new SqsQueue(this.#workQueue(), missed('Lost')));
    rule('Otp').addTarget(new SfnStateMachine(this.#stateMachine(), missed('Otp')));
  }

  /** Encrypted by SQS, for TLS only, and kept as long as SQS can. */
  #queue(name: string): Queue {
    const queue = new Queue(this, name, {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    Validations.of(queue).acknowledge({ id: 'AwsSolutions-SQS3', reason: 'It is a dead-letter queue itself.' });
    return queue;
  }

  /** For a worker of yours; what it fails at five times goes aside. */
  #workQueue(): Queue {
    return new Queue(this, 'Work', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      deadLetterQueue: { queue: this.#queue('WorkFailed'), maxReceiveCount: 5 },
    });
  }

  #function(buildFolder: string): Lambda {
    const table = new TableV2(this, 'Seen', {
      partitionKey: { name: 'id', type: AttributeType.STRING },
      timeToLiveAttribute: 'ttl',
      encryption: TableEncryptionV2.awsManagedKey(),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = new Role(this, 'OnFinalRole', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    const logGroup = new LogGroup(this, 'OnFinalLog', {
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    logGroup.grantWrite(role);
    role.addToPolicy(
      new PolicyStatement({
        actions: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'],
        resources: [table.tableArn],
      }),
    );
    return new Lambda(this, 'OnFinal', {
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: Code.fromAsset(bundled(buildFolder)),
      timeout: Duration.seconds(30),
      memorySize: 256,
      // EventBridge's part ends where the function has taken an event. What it fails at, Lambda tries twice more and drops then.
      deadLetterQueue: this.#queue('OnFinalFailed'),
      retryAttempts: 2,
      maxEventAge: Duration.hours(6),
      environment: { SEEN_TABLE: table.tableName },
      role,
      logGroup,
    });
  }

  /** A one-time password that did not arrive: time to try another way. The steps are for you to fill. */
  #stateMachine(): StateMachine {
    const pick = new Pass(this, 'What is needed', {
      parameters: {
        eventId: JsonPath.stringAt('$.detail.metadata.event_id'),
        messageId: JsonPath.stringAt('$.detail.data.message_id'),
        reference: JsonPath.stringAt('$.detail.data.client_ref'),
      },
    });
    const wait = new Wait(this, 'A moment, the user may ask again', { time: WaitTime.duration(Duration.seconds(5)) });
    const logGroup = new LogGroup(this, 'OtpLog', {
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const machine = new StateMachine(this, 'OtpLost', {
      definitionBody: DefinitionBody.fromChainable(pick.next(wait).next(new Succeed(this, 'Another way'))),
      timeout: Duration.minutes(5),
      tracingEnabled: true,
      // Without their data: that holds a number.
      logs: { destination: logGroup, level: LogLevel.ALL, includeExecutionData: false },
    });
    Validations.of(machine).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'Delivery of logs and traces has no resources that could be named.',
    });
    return machine;
  }
}

/** The handler and the library as one file; Lambda has the SDK. */
function bundled(folder: string): string {
  buildSync({
    entryPoints: [join(import.meta.dirname, 'handler.ts')],
    outfile: join(folder, 'index.mjs'),
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    external: ['@aws-sdk/*'],
    logLevel: 'silent',
  });
  return folder;
}
