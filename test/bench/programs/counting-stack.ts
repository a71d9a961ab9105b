// The host of a stack that counts what each call of DynamoDB by its programs would cost on AWS.
import type { AwsAnswer, AwsCall } from '../../../cdk/local/aws/call.ts';
import { hostStack } from '../../e2e/stack-host.ts';
import { type Cost, TableCosts } from '../stage/table-costs.ts';

export interface CostReport {
  kind: 'costs';
  costs: Cost[];
}

const costs = new TableCosts();

async function intercept(call: AwsCall, proceed: (call: AwsCall) => Promise<AwsAnswer>): Promise<AwsAnswer> {
  return await costs.count(call, proceed);
}

hostStack({ intercept });

process.on('message', (order: { kind: string }) => {
  if (order.kind === 'report_costs') process.send?.({ kind: 'costs', costs: costs.all } satisfies CostReport);
});
