import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { Configuration } from '../config/schema.ts';
import { explainWildcard } from '../wildcard.ts';
import { keyPolicy, LOG_ACTIONS } from './key-policy.ts';
import type { Right } from './program.ts';

type KeptService = 'dynamodb' | 'sqs' | 'secretsmanager';

/**
 * What a program needs of the key to use what is encrypted with it. SQS makes a data key for what is sent, and checks it by
 * opening it again. DynamoDB opens the table's key in the caller's name for reads and writes alike.
 */
const KEY_ACTIONS: Record<KeptService, Record<'read' | 'write', readonly string[]>> = {
  dynamodb: { read: ['kms:Decrypt'], write: ['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey'] },
  sqs: { read: ['kms:Decrypt'], write: ['kms:Decrypt', 'kms:GenerateDataKey'] },
  secretsmanager: { read: ['kms:Decrypt'], write: ['kms:Decrypt', 'kms:GenerateDataKey'] },
};

/** How what must outlive a deploy is kept: under which key, how long, and what becomes of it when the stack goes. */
export class Keeping extends Construct {
  /** Of the customer; without one AWS's own keys are used. */
  readonly key: IKey | undefined;
  /** Whether data refuses to be deleted, and the stack with it. */
  readonly isProtected: boolean;
  /** Of data: tables, keys, logs. CloudFormation makes up their names, so what is left behind is in no one's way. */
  readonly removalPolicy: RemovalPolicy;
  /**
   * Of what a stack that could not be made must leave none of: lanes, whose fixed names the next try would stumble over; addresses,
   * of which an AWS account has five, and secrets, which are all paid for and hold nothing yet.
   */
  readonly onceMadePolicy: RemovalPolicy;
  readonly #logRetention: Configuration['retention']['logsDays'];

  constructor(
    scope: Construct,
    id: string,
    { encryption, disposable, retention }: Pick<Configuration, 'encryption' | 'disposable' | 'retention'>,
  ) {
    super(scope, id);
    this.isProtected = !disposable;
    this.removalPolicy = disposable ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN;
    this.onceMadePolicy = disposable ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE;
    this.#logRetention = retention.logsDays;
    if (encryption.kind === 'existing') this.key = Key.fromKeyArn(this, 'Key', encryption.keyArn);
    if (encryption.kind === 'own') this.key = this.#makeKey();
  }

  /** What a program needs of the key beside its rights to what is encrypted. Only through `service`, never by itself. */
  rights(service: KeptService, use: 'read' | 'write'): Right[] {
    if (this.key === undefined) return [];
    const { region, urlSuffix } = Stack.of(this);
    const through = { 'kms:ViaService': `${service}.${region}.${urlSuffix}` };
    return [
      {
        actions: KEY_ACTIONS[service][use],
        resources: [this.key.keyArn],
        conditions: { StringEquals: through },
      },
    ];
  }

  /** A log group of a program of `scope`. */
  logGroup(scope: Construct, id = 'Log'): LogGroup {
    return new LogGroup(scope, id, {
      retention: this.#logRetention,
      removalPolicy: this.removalPolicy,
      ...(this.key && { encryptionKey: this.key }),
    });
  }

  #makeKey(): IKey {
    const { stackName } = Stack.of(this);
    const key = new Key(this, 'Key', {
      alias: `alias/${stackName}`,
      description: `What ${stackName} keeps`,
      enableKeyRotation: true,
      // Whoever deletes it deletes everything: the longest time to think better of it.
      pendingWindow: Duration.days(30),
      removalPolicy: this.removalPolicy,
    });
    for (const statement of keyPolicy(this)) key.addToResourcePolicy(statement);
    explainWildcard(key, {
      actions: ['kms:*'],
      reason: 'It is given to the account, whose own policies decide; a key without it could be lost for good.',
    });
    explainWildcard(key, {
      actions: LOG_ACTIONS,
      reason: 'The groups of this stack: CloudFormation makes up the end of their names, and they need the key first.',
    });
    // By its ARN only, so that no construct adds to the policy what it thinks might be needed: here is all that is.
    return Key.fromKeyArn(this, 'MadeKey', key.keyArn);
  }
}
