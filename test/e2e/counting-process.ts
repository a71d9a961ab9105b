// The host of a stack whose calls of AWS are counted: what a message costs is what it calls.
import type { AwsAnswer, AwsCall } from '../../cdk/local/aws/call.ts';
import { hostStack } from './stack-host.ts';
import { type TableCost, TableCosts } from './table-costs.ts';

export interface CountReport {
  kind: 'counted';
  /** What each call of a table took, in their order. */
  tables: TableCost[];
  /** How many calls of the other services there were, by `program service action`. */
  calls: [string, number][];
}

const tables = new TableCosts();
const calls = new Map<string, number>();

/** A long poll that ends without a message belongs to the month. */
function actionOf({ action }: AwsCall, { body }: AwsAnswer): string {
  return action === 'ReceiveMessage' && !body.includes('"ReceiptHandle"') ? 'ReceiveNothing' : action;
}

hostStack({
  intercept: async (call, proceed) =>
    call.service === 'dynamodb' && call.caller.role !== undefined ? await tables.count(call, proceed) : undefined,
  observe: (call, answer) => {
    if (call.service === 'dynamodb' || answer.status >= 500) return;
    const key = `${call.caller.program} ${call.service} ${actionOf(call, answer)}`;
    calls.set(key, (calls.get(key) ?? 0) + 1);
  },
});

process.on('message', (order: { kind: string }) => {
  if (order.kind !== 'report_counted') return;
  process.send?.({ kind: 'counted', tables: tables.all, calls: [...calls] } satisfies CountReport);
});
