import { busArn } from '../aws/arn.ts';
import type { StackContext } from '../context.ts';
import type { Identity, Resource, ResourceFamily } from './resource.ts';

const without = (logicalId: string): Promise<Identity> => Promise.resolve({ ref: logicalId, attributes: {} });

export const queuePolicy: ResourceFamily = {
  type: 'AWS::SQS::QueuePolicy',
  honours: ['PolicyDocument', 'Queues'],
  ignores: {},

  deploy({ logicalId, properties }: Resource, { aws, queues }: StackContext): Promise<Identity> {
    const arns = new Map([...queues].map(([queueArn, url]) => [url, queueArn]));
    for (const url of (properties['Queues'] ?? []) as string[]) {
      const queueArn = arns.get(url);
      if (queueArn === undefined) throw new Error(`${logicalId}: ${url} is no queue of the stack`);
      aws.policies.protect(queueArn, properties['PolicyDocument']);
    }
    return without(logicalId);
  },
};

export const eventBusPolicy: ResourceFamily = {
  type: 'AWS::Events::EventBusPolicy',
  honours: ['EventBusName', 'Statement', 'StatementId'],
  ignores: {},

  deploy({ logicalId, properties }: Resource, { aws }: StackContext): Promise<Identity> {
    const { EventBusName: name = 'default', Statement: statement } = properties;
    aws.policies.protect(busArn(String(name)), { Version: '2012-10-17', Statement: statement });
    return without(logicalId);
  },
};

export const secretPolicy: ResourceFamily = {
  type: 'AWS::SecretsManager::ResourcePolicy',
  honours: ['ResourcePolicy', 'SecretId'],
  ignores: { BlockPublicPolicy: 'nobody outside can call this machine' },

  deploy({ logicalId, properties }: Resource, { aws }: StackContext): Promise<Identity> {
    const secretArn = aws.secrets.arnOf(String(properties['SecretId']));
    if (secretArn === undefined) throw new Error(`${logicalId}: SecretId is no secret of the stack`);
    aws.policies.protect(secretArn, properties['ResourcePolicy']);
    return without(logicalId);
  },
};

/** What CloudFormation says in properties is a statement of the function's policy on AWS. */
export const lambdaPermission: ResourceFamily = {
  type: 'AWS::Lambda::Permission',
  honours: ['Action', 'FunctionName', 'Principal', 'SourceAccount', 'SourceArn'],
  ignores: {},

  deploy({ logicalId, properties }: Resource, { aws, functions }: StackContext): Promise<Identity> {
    const { Action, FunctionName, Principal, SourceAccount, SourceArn } = properties;
    const target = functions.get(String(FunctionName));
    if (target === undefined) throw new Error(`${logicalId}: FunctionName is no function of the stack`);
    const kind = String(Principal).endsWith('.amazonaws.com') ? 'Service' : 'AWS';
    const Condition = {
      ...(SourceArn !== undefined && { ArnLike: { 'aws:SourceArn': SourceArn } }),
      ...(SourceAccount !== undefined && { StringEquals: { 'aws:SourceAccount': SourceAccount } }),
    };
    const Statement = { Effect: 'Allow', Principal: { [kind]: Principal }, Action, Resource: target.arn, Condition };
    aws.policies.protect(target.arn, { Version: '2012-10-17', Statement });
    return without(logicalId);
  },
};
