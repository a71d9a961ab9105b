// The host of a stack whose calls of AWS are counted: what a message costs is what it calls.
import type { AwsAnswer, AwsCall } from '../../cdk/local/aws/call.ts';
import { hostStack } from './stack-host.ts';

export interface CallsReport {
  kind: 'calls';
  /** Calls by `program service action table`. */
  calls: [string, number][];
}

const calls = new Map<string, number>();

/** A long poll that ends without a message belongs to the month, and reads that must see the last write cost twice as much. */
function actionOf({ action, input }: AwsCall, { body }: AwsAnswer): string {
  if (action === 'ReceiveMessage' && !body.includes('"ReceiptHandle"')) return 'ReceiveNothing';
  return input['ConsistentRead'] === true ? `${action}Consistent` : action;
}

/** What binders report of their accounts is told apart: it comes with what goes on, and not by the second. */
function tableOf({ input }: AwsCall): string {
  const { TableName: name, Key: key } = input as { TableName?: string; Key?: { pk?: { S?: string } } };
  if (key?.pk?.S?.startsWith('report#') === true) return 'Reports';
  return name ?? '-';
}

hostStack({
  observe: (call, answer) => {
    if (answer.status >= 500) return;
    const key = [call.caller.program, call.service, actionOf(call, answer), tableOf(call)].join(' ');
    calls.set(key, (calls.get(key) ?? 0) + 1);
  },
});

process.on('message', (order: { kind: string }) => {
  if (order.kind === 'report_calls') process.send?.({ kind: 'calls', calls: [...calls] } satisfies CallsReport);
});
