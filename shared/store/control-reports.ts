import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { AccountReport } from '../domain/account-report.ts';
import { whereConditionHolds } from './client.ts';

/** What binders report of their accounts, in the Control table: pk `report#<account>`. */
export class ReportStore {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  /**
   * Writes a report, unless a later owner of the account has. What the report leaves out stays as it was: the last receipt may
   * have come to an earlier owner.
   */
  async write(
    account: string,
    report: AccountReport,
    { fence, signal }: { fence: number; signal: AbortSignal },
  ): Promise<void> {
    const fields = Object.entries({ ...report, fence }).filter(([, value]) => value !== undefined);
    // It holds for now only, and would be taken for what this owner measured.
    const gone = report.busyPerSecond === undefined ? ' REMOVE busyPerSecond' : '';
    const update = new UpdateCommand({
      TableName: this.#table,
      Key: keyOf(account),
      UpdateExpression: `SET ${fields.map(([name]) => `#${name} = :${name}`).join(', ')}${gone}`,
      ConditionExpression: 'attribute_not_exists(fence) OR fence <= :fence',
      ExpressionAttributeNames: Object.fromEntries(fields.map(([name]) => [`#${name}`, name])),
      ExpressionAttributeValues: Object.fromEntries(fields.map(([name, value]) => [`:${name}`, value])),
    });
    await whereConditionHolds(this.#client.send(update, { abortSignal: signal }));
  }

  /** May be a moment old, at half the price. */
  async read(account: string, signal?: AbortSignal): Promise<AccountReport | undefined> {
    const { Item } = await this.#client.send(
      new GetCommand({ TableName: this.#table, Key: keyOf(account) }),
      signal === undefined ? {} : { abortSignal: signal },
    );
    if (Item === undefined) return undefined;
    const { pk: _pk, sk: _sk, fence: _fence, ...report } = Item;
    return report as AccountReport;
  }
}

function keyOf(account: string): { pk: string; sk: string } {
  return { pk: `report#${account}`, sk: 'report' };
}
