import { type AwsAnswer, AwsError } from '../call.ts';
import type { Result } from './dynalite.ts';

const READS = new Set(['GetItem', 'BatchGetItem', 'Query', 'Scan', 'DescribeTable']);
const WRITES = new Set(['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem']);

export type ActionKind = 'read' | 'write' | 'list-tables' | 'describe-ttl';

/** Throws an AwsError for what the local stack does not have. */
export function kindOf(action: string): ActionKind {
  if (READS.has(action)) return 'read';
  if (WRITES.has(action)) return 'write';
  if (action === 'ListTables') return 'list-tables';
  if (action === 'DescribeTimeToLive') return 'describe-ttl';
  if (action.startsWith('Transact')) {
    throw new AwsError(
      'ValidationException',
      `The local stack has no ${action}; use conditional writes of single items`,
    );
  }
  if (action.endsWith('Table') || action === 'UpdateTimeToLive') {
    throw new AwsError('ValidationException', `The local stack has no ${action}: tables come from the template`);
  }
  throw new AwsError('UnknownOperationException', `The local stack has no dynamodb:${action}`);
}

export const answerOf = ({ status, output }: Result): AwsAnswer => ({ status, body: JSON.stringify(output) });

export function timeToLiveOutput(expiryAttribute: string | undefined): Record<string, unknown> {
  const status = expiryAttribute === undefined ? 'DISABLED' : 'ENABLED';
  return { TimeToLiveDescription: { TimeToLiveStatus: status, AttributeName: expiryAttribute } };
}

export const tableNotFound = (name: string): AwsError =>
  new AwsError('ResourceNotFoundException', `Requested resource not found: Table: ${name} not found`);
