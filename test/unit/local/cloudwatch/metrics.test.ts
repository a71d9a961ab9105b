import { describe, expect, test } from 'vitest';
import { embeddedMetrics } from '../../../../binder/metrics/emf.ts';
import { metricsOf, metricsOfQueue } from '../../../../cdk/local/cloudwatch/aws-metrics.ts';
import { metricsIn } from '../../../../cdk/local/cloudwatch/embedded-line.ts';
import { MetricStore } from '../../../../cdk/local/cloudwatch/metric-store.ts';
import { embeddedLine } from '../../../../shared/metrics/embedded-format.ts';

const key = { namespace: 'Bindery', name: 'Submits', dimensions: { Stage: 'test', Account: 'main' } };

describe('the store', () => {
  const store = new MetricStore();
  for (const [at, value] of [
    [0, 5],
    [10_000, 1],
    [59_999, 3],
    [60_000, 100],
  ] as const)
    store.add(key, at, value);
  const minute = { from: 0, until: 60_000 };

  test.each([
    ['Sum', 9],
    ['SampleCount', 3],
    ['Average', 3],
    ['Maximum', 5],
    ['Minimum', 1],
  ] as const)('has the %s of a period, without what comes after it', (statistic, expected) => {
    expect(store.read(key, statistic, minute)).toBe(expected);
  });

  test('knows nothing of a metric with other dimensions', () => {
    expect(store.read({ ...key, dimensions: { Stage: 'test' } }, 'Sum', minute)).toBeUndefined();
  });

  test('does not mind the order of dimensions', () => {
    expect(store.read({ ...key, dimensions: { Account: 'main', Stage: 'test' } }, 'Sum', minute)).toBe(9);
  });

  test('forgets what no alarm looks back to', () => {
    const later = 4 * 3_600_000;
    store.add(key, later, 1);
    expect(store.read(key, 'Sum', { from: 0, until: later })).toBeUndefined();
  });
});

describe('metrics of a line', () => {
  test('are those of the embedded metric format, with their dimensions', () => {
    const line = embeddedMetrics({ stage: 'test', account: 'main', at: 7, values: new Map([['Submits', 3]]) }) ?? '';
    expect(metricsIn(line)).toEqual([{ key, at: 7, values: [3] }]);
  });

  test('may have several values', () => {
    const metrics = [{ name: 'ReceiptDelay', unit: 'Milliseconds', value: [5, 9] }] as const;
    const line = embeddedLine({ program: 'publish-events', at: 7, dimensions: key.dimensions, metrics });
    expect(metricsIn(line)).toEqual([{ key: { ...key, name: 'ReceiptDelay' }, at: 7, values: [5, 9] }]);
  });

  test.each(['', 'hello', '{"level":"info"}', '{"_aws": 5', '{"_aws":{"Timestamp'])('%s is none', (line) => {
    expect(metricsIn(line)).toEqual([]);
  });
});

describe('metrics of AWS', () => {
  const context = { now: 7, functionName: (program: string) => (program === 'send' ? 'stack-send' : undefined) };
  const told = (some: ReturnType<typeof metricsOf>) =>
    Object.fromEntries(
      some.map(({ key: { namespace, name, dimensions }, value }) => [
        `${namespace} ${name} ${Object.values(dimensions).join()}`,
        value,
      ]),
    );

  test('count invocations of a function, and those that failed', () => {
    const invocation = { kind: 'invocation', program: 'send', outcome: 'failed', durationMs: 12 } as const;
    expect(told(metricsOf(invocation, context))).toEqual({
      'AWS/Lambda Invocations stack-send': 1,
      'AWS/Lambda Errors stack-send': 1,
      'AWS/Lambda Throttles stack-send': 0,
      'AWS/Lambda Duration stack-send': 12,
    });
    expect(told(metricsOf({ ...invocation, outcome: 'throttled' }, context))).toEqual({
      'AWS/Lambda Throttles stack-send': 1,
    });
    expect(metricsOf({ ...invocation, program: 'nothing of the stack' }, context)).toEqual([]);
  });

  test.each([
    [200, 0, 0],
    [429, 1, 0],
    [503, 0, 1],
  ])('count an answer %i of the API', (status, refused, failed) => {
    const request = { kind: 'request', apiId: 'api', method: 'GET', path: '/', status, durationMs: 5 } as const;
    expect(told(metricsOf(request, context))).toEqual({
      'AWS/ApiGateway Count api': 1,
      'AWS/ApiGateway 4xx api': refused,
      'AWS/ApiGateway 5xx api': failed,
      'AWS/ApiGateway Latency api': 5,
    });
  });

  test('measure a queue', () => {
    const queue = { name: 'lane', visible: 3, hidden: 2, delayed: 1, oldestAgeSeconds: 90 };
    expect(told(metricsOfQueue(queue, 7))).toEqual({
      'AWS/SQS ApproximateNumberOfMessagesVisible lane': 3,
      'AWS/SQS ApproximateNumberOfMessagesNotVisible lane': 2,
      'AWS/SQS ApproximateNumberOfMessagesDelayed lane': 1,
      'AWS/SQS ApproximateAgeOfOldestMessage lane': 90,
    });
  });
});
