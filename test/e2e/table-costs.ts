import { isDeepStrictEqual } from 'node:util';
import type { AwsAnswer, AwsCall } from '../../cdk/local/aws/call.ts';

type Item = Readonly<Record<string, unknown>>;
type Proceed = (call: AwsCall) => Promise<AwsAnswer>;

/** One call of DynamoDB and the units that it takes of an on-demand table: half ones are reads that need not be consistent. */
export interface TableCost {
  /** Logical id of the program; tasks have a number behind it. */
  program: string;
  table: string;
  /** Partition key of the item, if it is text under `pk`, as in the Control table. */
  pk?: string | undefined;
  reads: number;
  writes: number;
}

interface Index {
  name: string;
  keys: readonly string[];
  /** Else it has its keys and those of the table alone. */
  isWhole: boolean;
}

/** Indexes of the Messages table (cdk/constructs/storage.ts); the other tables have none. */
export const MESSAGE_INDEXES: readonly Index[] = [
  { name: 'by-account', keys: ['account', 'messageId'], isWhole: true },
  { name: 'by-recipient', keys: ['to', 'messageId'], isWhole: true },
  { name: 'by-client-ref', keys: ['clientRef', 'messageId'], isWhole: false },
  { name: 'by-batch', keys: ['batchId', 'messageId'], isWhole: false },
  { name: 'due', keys: ['dueAccount', 'dueAt'], isWhole: false },
];
const WRITES = new Set(['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem']);
const WRITE_UNIT_OCTETS = 1_024;

/** What calls cost: the table's own part as the service says it, that of indexes from the item before and after a single write. */
export class TableCosts {
  readonly all: TableCost[] = [];

  async count(call: AwsCall, proceed: Proceed): Promise<AwsAnswer> {
    const isWrite = WRITES.has(call.action);
    const { TableName: table = '', Key: key } = call.input as { TableName?: string; Key?: { pk?: { S?: string } } };
    const before = isWrite ? await itemOf(call, proceed) : undefined;
    const answer = await proceed(changed(call, { ...call.input, ReturnConsumedCapacity: 'TOTAL' }));
    const after = isWrite ? await itemOf(call, proceed) : undefined;
    const units = unitsOf(answer);
    this.all.push({
      program: call.caller.program,
      table,
      pk: key?.pk?.S,
      reads: isWrite ? 0 : units,
      writes: isWrite ? units + indexWrites(before, after) : 0,
    });
    return answer;
  }
}

/** A task of the binder; a function has no number behind its name. */
export function isTask(program: string): boolean {
  return /\/\d+$/.test(program);
}

/** What goes on for messages: leases, reports and sweeps cost the same whether anybody sends. */
export function isOfMessages(stack: { variable: (name: string) => string }): (cost: TableCost) => boolean {
  const ofMessages = new Set([stack.variable('MESSAGES_TABLE'), stack.variable('RECEIPTS_TABLE')]);
  return ({ program, table }) => !/sweep/i.test(program) && (ofMessages.has(table) || !isTask(program));
}

function changed(call: AwsCall, input: Record<string, unknown>): AwsCall {
  return { ...call, input, body: Buffer.from(JSON.stringify(input)) };
}

/** The item of a message that a call writes; undefined where there is none, and for other items. */
async function itemOf(call: AwsCall, proceed: Proceed): Promise<Item | undefined> {
  const { Key, Item: whole, TableName } = call.input as { Key?: Item; Item?: Item; TableName?: string };
  const messageId = (Key ?? whole)?.['messageId'];
  if (messageId === undefined) return undefined;
  const read = { TableName, Key: { messageId }, ConsistentRead: true };
  const answer = await proceed({ ...changed(call, read), action: 'GetItem' });
  return (JSON.parse(String(answer.body)) as { Item?: Item }).Item;
}

function unitsOf({ status, body }: AwsAnswer): number {
  // A condition that does not hold costs a write of one unit at least.
  if (status !== 200) return 1;
  const { ConsumedCapacity } = JSON.parse(String(body)) as {
    ConsumedCapacity?: { CapacityUnits: number } | { CapacityUnits: number }[];
  };
  return [ConsumedCapacity ?? []].flat().reduce((sum, { CapacityUnits }) => sum + CapacityUnits, 0);
}

/** An entry that comes, goes or changes is one write of its size; one that moves is two. */
function indexWrites(before: Item | undefined, after: Item | undefined): number {
  return MESSAGE_INDEXES.reduce((sum, index) => sum + writesOf(index, before, after), 0);
}

function writesOf(index: Index, before: Item | undefined, after: Item | undefined): number {
  const [old, next] = [entryOf(index, before), entryOf(index, after)];
  if (isDeepStrictEqual(old, next)) return 0;
  const isMoved = old !== undefined && next !== undefined && !haveSameKeys(index, old, next);
  if (isMoved) return unitsFor(old) + unitsFor(next);
  return Math.max(unitsFor(old), unitsFor(next));
}

function entryOf({ keys, isWhole }: Index, item: Item | undefined): Item | undefined {
  if (item === undefined || keys.some((key) => item[key] === undefined)) return undefined;
  return isWhole ? item : Object.fromEntries(['messageId', ...keys].map((key) => [key, item[key]]));
}

function haveSameKeys({ keys }: Index, one: Item, other: Item): boolean {
  return keys.every((key) => isDeepStrictEqual(one[key], other[key]));
}

function unitsFor(entry: Item | undefined): number {
  return entry === undefined ? 0 : Math.ceil(itemOctets(entry) / WRITE_UNIT_OCTETS);
}

/** Size of an item as DynamoDB reckons it. */
export function itemOctets(item: Item): number {
  return Object.entries(item).reduce((sum, [name, each]) => sum + Buffer.byteLength(name) + octetsOf(each), 0);
}

/** Size of an attribute value as DynamoDB reckons it: names and values, three octets for a list or map, one for each of its members. */
function octetsOf(value: unknown): number {
  const [[type, held] = ['', undefined]] = Object.entries(value as Item);
  switch (type) {
    case 'S':
      return Buffer.byteLength(String(held));
    case 'N':
      return Math.ceil(String(held).length / 2) + 1;
    case 'B':
      return Buffer.byteLength(String(held), 'base64');
    case 'L':
      return 3 + (held as unknown[]).reduce<number>((sum, each) => sum + 1 + octetsOf(each), 0);
    case 'M':
      return Object.entries(held as Item).reduce((sum, [name, each]) => sum + 1 + name.length + octetsOf(each), 3);
    case 'SS':
    case 'NS':
      return (held as string[]).reduce((sum, each) => sum + Buffer.byteLength(each), 0);
    default:
      return 1;
  }
}
