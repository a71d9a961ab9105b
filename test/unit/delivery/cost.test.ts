import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { monthlyFloor, perMillion, total } from '../../../.ci/cost/bill.ts';
import { readCounted } from '../../../.ci/cost/counted.ts';
import { costPage } from '../../../.ci/cost/page.ts';
import { REGIONS } from '../../../.ci/cost/prices.ts';
import { MESSAGE_INDEXES } from '../../e2e/table-costs.ts';
import { Template } from '../cdk/stack-under-test.ts';

const counted = readCounted();
const virginia = REGIONS['us-east-1'];
if (virginia === undefined) throw new Error('the prices lack us-east-1');

describe('the bill', () => {
  test('a message of one segment: each line is its count times its price', () => {
    const one = {
      writeUnits: 20,
      readUnits: 2.5,
      changes: 4,
      queueRequests: 3,
      events: 3,
      messageOctets: 900,
      logOctets: 0,
    };
    const lines = new Map(perMillion(one, 1, virginia).map(({ what, dollars }) => [what, dollars]));
    expect(lines.get('API Gateway')).toBeCloseTo(1);
    expect(lines.get('DynamoDB writes')).toBeCloseTo(20 * 0.625);
    expect(lines.get('DynamoDB reads')).toBeCloseTo(2.5 * 0.125);
    expect(lines.get('SQS')).toBeCloseTo(1.2);
    expect(lines.get('EventBridge')).toBeCloseTo(3);
    // The table and the two indexes that hold whole items, for three months, with recovery.
    expect(lines.get('kept for 90 days, with recovery to any second')).toBeCloseTo(0.9 * 3 * 3 * 0.45);
  });

  test('a month has its task, its address and its metrics', () => {
    const month = monthlyFloor(counted, virginia);
    expect(month.find(({ what }) => what.startsWith('Fargate'))?.dollars).toBeCloseTo(7.21, 1);
    expect(total(month)).toBeGreaterThan(20);
    expect(total(month)).toBeLessThan(100);
  });
});

test('what was counted of the stack stands in the template', () => {
  const template = new Template();
  const types = template.all().map(({ Type }) => Type);
  const number = (type: string) => types.filter((one) => one === type).length;
  const triggers = template.all().filter(({ Type }) => Type === 'AWS::Lambda::EventSourceMapping');
  const ofQueues = triggers.filter(({ Properties }) => !JSON.stringify(Properties).includes('"StartingPosition"'));
  expect({
    secrets: number('AWS::SecretsManager::Secret'),
    alarms: number('AWS::CloudWatch::Alarm'),
    dashboards: number('AWS::CloudWatch::Dashboard'),
    polledQueues: ofQueues.length,
  }).toEqual(counted.stack);
});

test('the indexes whose writes are counted are those of the template', () => {
  const tables = new Template().ofType('AWS::DynamoDB::GlobalTable').map(([, { Properties }]) => Properties);
  const indexes = tables.flatMap(({ GlobalSecondaryIndexes = [] }) => GlobalSecondaryIndexes);
  expect(
    indexes.map(({ IndexName, KeySchema, Projection }) => ({
      name: IndexName,
      keys: KeySchema.map(({ AttributeName }) => AttributeName),
      isWhole: Projection.ProjectionType === 'ALL',
    })),
  ).toEqual(MESSAGE_INDEXES);
});

test('the page is made from the counts, and says of when its prices are', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/cost.md'), 'utf8');
  expect(page).toBe(costPage(counted));
  expect(page).toMatch(/as remembered of 20\d\d-\d\d/);
});
