import { compileFilterCriteria } from '../aws/patterns.ts';
import type { StackContext } from '../context.ts';
import { park, readQueue, readStream } from '../iam/standing.ts';
import type { LambdaFunction } from '../lambda/function.ts';
import { SqsTrigger } from '../triggers/sqs-trigger.ts';
import { StreamTrigger } from '../triggers/stream-trigger.ts';
import type { Identity, Resource, ResourceFamily } from './resource.ts';

interface MappingProperties {
  FunctionName: string;
  EventSourceArn: string;
  Enabled?: boolean | string;
  BatchSize?: number;
  MaximumBatchingWindowInSeconds?: number;
  FilterCriteria?: { Filters?: { Pattern: string }[] };
  FunctionResponseTypes?: string[];
  ScalingConfig?: { MaximumConcurrency?: number };
  StartingPosition?: 'TRIM_HORIZON' | 'LATEST';
  ParallelizationFactor?: number;
  BisectBatchOnFunctionError?: boolean;
  MaximumRetryAttempts?: number;
  MaximumRecordAgeInSeconds?: number;
  DestinationConfig?: { OnFailure?: { Destination?: string } };
}

/** Batches of one queue that Lambda runs at a time before it scales up. */
const SQS_CONCURRENCY = 5;

/** -1 stands for no limit, as does nothing. */
function limit(value: number | undefined): number {
  return value === undefined || value < 0 ? Infinity : value;
}

function isEnabled({ Enabled = true }: MappingProperties): boolean {
  return String(Enabled) === 'true';
}

function common({ logicalId, properties }: Resource<MappingProperties>, target: LambdaFunction, context: StackContext) {
  return {
    name: logicalId,
    function: target,
    windowMs: (properties.MaximumBatchingWindowInSeconds ?? 0) * 1000,
    matches: compileFilterCriteria(properties.FilterCriteria),
    aws: context.aws,
    observe: context.observe,
  };
}

function mapQueue(resource: Resource<MappingProperties>, target: LambdaFunction, context: StackContext): void {
  const { properties } = resource;
  const { principal } = target.specification;
  context.standing.push({ principal, demands: readQueue(properties.EventSourceArn) });
  context.triggers.push(
    new SqsTrigger({
      ...common(resource, target, context),
      queueUrl: context.queues.get(properties.EventSourceArn) ?? '',
      queueArn: properties.EventSourceArn,
      batchSize: properties.BatchSize ?? 10,
      maximumConcurrency: properties.ScalingConfig?.MaximumConcurrency ?? SQS_CONCURRENCY,
      reportBatchItemFailures: properties.FunctionResponseTypes?.includes('ReportBatchItemFailures') ?? false,
    }),
  );
}

function mapStream(resource: Resource<MappingProperties>, target: LambdaFunction, context: StackContext): void {
  const { logicalId, type, properties } = resource;
  const destination = properties.DestinationConfig?.OnFailure?.Destination;
  const parkedQueueUrl = context.queues.get(destination ?? '');
  if (destination !== undefined && parkedQueueUrl === undefined) {
    const message = 'is no queue of the stack; only queues are known here';
    context.report({ logicalId, type, property: 'DestinationConfig.OnFailure.Destination', message });
  }
  const tableName = context.streams.get(properties.EventSourceArn) ?? '';
  const startingPosition = properties.StartingPosition ?? 'TRIM_HORIZON';
  // A trigger that is switched off keeps its place in the stream.
  context.streamConsumers.push({ tableName, name: logicalId, startingPosition });
  const { principal } = target.specification;
  const toPark = destination === undefined ? [] : park(destination);
  context.standing.push({ principal, demands: [...readStream(properties.EventSourceArn), ...toPark] });
  if (!isEnabled(properties)) return;
  context.triggers.push(
    new StreamTrigger({
      ...common(resource, target, context),
      tableName,
      batchSize: properties.BatchSize ?? 100,
      parallelizationFactor: properties.ParallelizationFactor ?? 1,
      policy: {
        bisect: properties.BisectBatchOnFunctionError ?? false,
        maximumRetries: limit(properties.MaximumRetryAttempts),
        maximumAgeMs: limit(properties.MaximumRecordAgeInSeconds) * 1000,
        reportBatchItemFailures: properties.FunctionResponseTypes?.includes('ReportBatchItemFailures') ?? false,
      },
      ...(parkedQueueUrl === undefined ? {} : { parkedQueueUrl }),
    }),
  );
}

export const eventSourceMapping: ResourceFamily = {
  type: 'AWS::Lambda::EventSourceMapping',
  honours: [
    'FunctionName',
    'EventSourceArn',
    'Enabled',
    'BatchSize',
    'MaximumBatchingWindowInSeconds',
    'FilterCriteria',
    'FunctionResponseTypes',
    'ScalingConfig.MaximumConcurrency',
    'StartingPosition',
    'ParallelizationFactor',
    'BisectBatchOnFunctionError',
    'MaximumRetryAttempts',
    'MaximumRecordAgeInSeconds',
    'DestinationConfig.OnFailure.Destination',
  ],
  ignores: { Tags: 'tags change nothing', MetricsConfig: 'there are no metrics here' },

  deploy(resource: Resource, context: StackContext): Promise<Identity> {
    const mapping = resource as unknown as Resource<MappingProperties>;
    const { logicalId, type, properties } = mapping;
    const target = context.functions.get(properties.FunctionName);
    if (target === undefined) {
      context.report({ logicalId, type, property: 'FunctionName', message: 'is no function of the stack' });
    } else if (context.queues.has(properties.EventSourceArn)) {
      if (isEnabled(properties)) mapQueue(mapping, target, context);
    } else if (context.streams.has(properties.EventSourceArn)) {
      mapStream(mapping, target, context);
    } else {
      const message = 'is neither a queue nor a table’s stream of the stack';
      context.report({ logicalId, type, property: 'EventSourceArn', message });
    }
    return Promise.resolve({ ref: logicalId, attributes: { Id: logicalId } });
  },
};
