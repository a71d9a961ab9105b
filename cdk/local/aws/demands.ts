import type { Demand } from '../iam/evaluate.ts';
import { arn, busArn, queueArn, tableArn } from './arn.ts';
import type { AwsCall, ServiceName } from './call.ts';

/** The fields that say what a call is about. */
interface Input {
  TableName?: string;
  IndexName?: string;
  RequestItems?: Record<string, unknown>;
  TransactItems?: Record<string, Input>[];
  QueueUrl?: string;
  QueueName?: string;
  EventBusName?: string;
  Entries?: Input[];
  SecretId?: string;
}

/** What a demand is made from. */
export interface Called extends Pick<AwsCall, 'service' | 'action'> {
  input: Readonly<Record<string, unknown>>;
  /** Whole ARN of a secret that is named by name, by ARN or by a part of it. */
  secretArn: (id: string) => string | undefined;
}

type Derive = (called: Omit<Called, 'input'> & { input: Input }) => Demand[];

/** Actions that are about no resource. */
const EVERYTHING = '*';

/** The operations of a transaction are authorised as what they do. */
const TRANSACTED: Readonly<Record<string, string>> = {
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  Get: 'GetItem',
  ConditionCheck: 'ConditionCheckItem',
};

const arnOfTable = (table: string): string => (table.startsWith('arn:') ? table : tableArn(table));

const afterSlash = (text: string): string => text.slice(text.lastIndexOf('/') + 1);

const transaction = (items: Record<string, Input>[]): Demand[] =>
  items.flatMap((item) =>
    Object.entries(item).map(([kind, { TableName = '' }]) => ({
      action: `dynamodb:${TRANSACTED[kind] ?? kind}`,
      resource: arnOfTable(TableName),
    })),
  );

const dynamodb: Derive = ({ action: name, input }) => {
  const action = `dynamodb:${name}`;
  const { TransactItems: items, RequestItems: tables, TableName: table, IndexName: index } = input;
  if (items !== undefined) return transaction(items);
  if (tables !== undefined) return Object.keys(tables).map((each) => ({ action, resource: arnOfTable(each) }));
  if (table === undefined) return [{ action, resource: EVERYTHING }];
  const whole = arnOfTable(table);
  return [{ action, resource: index === undefined ? whole : `${whole}/index/${index}` }];
};

/** A batch is authorised as the single action. */
const sqs: Derive = ({ action, input: { QueueUrl: url, QueueName: name } }) => {
  const queue = url === undefined ? name : afterSlash(url);
  const resource = queue === undefined ? EVERYTHING : queueArn(queue);
  return [{ action: `sqs:${action.replace(/Batch$/, '')}`, resource }];
};

const events: Derive = ({ action, input: { Entries: entries = [] } }) => {
  const buses = entries.map(({ EventBusName: bus = 'default' }) => busArn(afterSlash(bus)));
  return [...new Set(buses)].map((resource) => ({ action: `events:${action}`, resource }));
};

const secretsmanager: Derive = ({ action, input: { SecretId: id }, secretArn }) => {
  const unknown = (name: string): string => (name.startsWith('arn:') ? name : arn('secretsmanager', `secret:${name}`));
  const resource = id === undefined ? EVERYTHING : (secretArn(id) ?? unknown(id));
  return [{ action: `secretsmanager:${action}`, resource }];
};

const SERVICES: Record<ServiceName, Derive> = { dynamodb, sqs, events, secretsmanager };

/**
 * The rights that a call needs (service authorization reference of AWS).
 * @throws TypeError for an input that the service would refuse as malformed
 */
export function demandsOf(called: Called): Demand[] {
  const demands = SERVICES[called.service]({ ...called, input: called.input });
  // A call that names nothing, such as a batch of none, needs its right all the same.
  return demands.length > 0 ? demands : [{ action: `${called.service}:${called.action}`, resource: EVERYTHING }];
}
