import type { Account, Lane } from '../../shared/config/account.ts';
import type { FunctionName } from '../bundle.ts';
import type { Scope, Subject } from './alarm-rule.ts';

/** What there is to be watched in a stack. Names may be references that CloudFormation resolves. */
export interface Site {
  stage: string;
  region: string;
  /** At operators; what test keys do wakes nobody. */
  accounts: readonly Account[];
  lanes: readonly { account: Account; lane: Lane; queueName: string }[];
  /** Queues that nothing reads: dead letters, and what triggers park. */
  putAside: readonly { name: string; queueName: string }[];
  webhookQueue: string;
  functions: readonly { name: FunctionName; functionName: string; memoryMiB: number }[];
  apiId: string;
  tables: readonly { name: string; tableName: string }[];
  clusterName: string;
  serviceName: string;
}

/** What a rule of a scope makes alarms of. */
export function subjectsOf(scope: Scope, site: Site): Subject[] {
  switch (scope) {
    case 'account':
      return site.accounts.map((account) => accountSubject(account, site));
    case 'account with a limit':
      return site.accounts.filter(isLimited).map((account) => accountSubject(account, site));
    case 'lane':
      return site.lanes.map(({ account, lane, queueName }) => ({
        name: `${account.name}-${lane}`,
        dimensions: { QueueName: queueName },
        account,
        lane,
      }));
    case 'queue':
      return site.putAside.map(({ name, queueName }) => ({ name, dimensions: { QueueName: queueName } }));
    case 'function':
      return site.functions.map(({ name, functionName }) => ({ name, dimensions: { FunctionName: functionName } }));
    case 'api':
      return [{ name: '', dimensions: { ApiId: site.apiId } }];
    case 'stage':
      return [{ name: '', dimensions: { Stage: site.stage } }];
  }
}

function accountSubject(account: Account, { stage }: Site): Subject {
  return { name: account.name, dimensions: { Stage: stage, Account: account.name }, account };
}

export function isLimited({ segmentsPerDay, segmentsPerMonth }: Account): boolean {
  return segmentsPerDay !== undefined || segmentsPerMonth !== undefined;
}
