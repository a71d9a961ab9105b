import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import { FilterCriteria, FilterRule, type Function as LambdaFunction, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Duration } from 'aws-cdk-lib/core';
import { allow, type Right } from './program.ts';
import { type DeadLetteredQueue, parkingQueue, sendRights } from './queue.ts';
import type { StoredTable } from './storage.ts';

/**
 * Calls a function for the changes of a table. Order holds for each partition key. What fails is tried for six hours, as often
 * as Lambda likes: an outage of that length loses nothing. What no repetition helps the function parks itself, with its reason.
 * @param changes kinds of changes, or patterns of the stream's records (Lambda's filter rules), any of which calls it
 * @param name tells the streams of one function from each other
 * @returns where the trigger parks what is too old
 */
export function triggerByStream(
  target: LambdaFunction,
  { table, keeping }: StoredTable,
  changes: readonly ('INSERT' | 'MODIFY' | 'REMOVE')[] | readonly object[],
  name = '',
): Queue {
  const streamArn = table.tableStreamArn;
  if (streamArn === undefined) throw new TypeError(`${table.node.path} has no stream`);
  const parked = parkingQueue(target, `${name}Parked`, keeping);
  const read = ['GetRecords', 'GetShardIterator', 'DescribeStream', 'ListStreams'];
  const rights: Right[] = [
    { actions: read.map((action) => `dynamodb:${action}`), resources: [streamArn] },
    ...keeping.rights('dynamodb', 'read'),
    ...sendRights(parked, keeping),
  ];
  for (const right of rights) target.addToRolePolicy(allow(right));
  target.addEventSourceMapping(`${name}Stream`, {
    eventSourceArn: streamArn,
    filters: filtersOf(changes),
    // From the oldest record on: what was written before the trigger existed is not skipped.
    startingPosition: StartingPosition.TRIM_HORIZON,
    batchSize: 100,
    parallelizationFactor: 4,
    reportBatchItemFailures: true,
    bisectBatchOnError: true,
    maxRecordAge: Duration.hours(6),
    onFailure: { bind: () => ({ destination: parked.queueArn }) },
  });
  return parked;
}

function filtersOf(changes: readonly (string | object)[]) {
  const kinds = changes.filter((change) => typeof change === 'string');
  const patterns = changes.filter((change) => typeof change === 'object');
  return kinds.length > 0
    ? [FilterCriteria.filter({ eventName: FilterRule.or(...kinds) })]
    : patterns.map((pattern) => FilterCriteria.filter(pattern));
}

/**
 * Calls a function for the messages of a queue, whose dead-letter queue takes what keeps failing.
 * @param options.maxConcurrency batches at a time; without it, as many as the AWS account lets run
 */
export function triggerByQueue(
  target: LambdaFunction,
  source: DeadLetteredQueue,
  { maxConcurrency }: { maxConcurrency?: number } = {},
): void {
  for (const right of source.receiveRights()) target.addToRolePolicy(allow(right));
  target.addEventSourceMapping('Queue', {
    eventSourceArn: source.queue.queueArn,
    batchSize: 10,
    reportBatchItemFailures: true,
    ...(maxConcurrency === undefined ? {} : { maxConcurrency }),
  });
}

/** Calls a function each minute. A run that fails is not repeated: the next one finds the same work a minute later. */
export function triggerEachMinute(target: LambdaFunction): void {
  const rule = new Rule(target, 'EachMinute', { schedule: Schedule.rate(Duration.minutes(1)) });
  rule.addTarget(new LambdaTarget(target, { retryAttempts: 0, maxEventAge: Duration.minutes(1) }));
  target.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.minutes(1) });
}
