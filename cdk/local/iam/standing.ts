import { arn } from '../aws/arn.ts';
import { AccessDenied } from './denial.ts';
import type { Demand } from './evaluate.ts';
import type { Policies } from './policies.ts';
import { type Principal, roleNameOf } from './principals.ts';

/** What AWS itself does under a role of the stack, without a call of any program: fetch an image, write a log, read a stream. */
export interface Standing {
  principal: Principal;
  demands: Demand[];
}

/** AWS itself lacks a right. A deploy would fail, or a log stay empty. */
export class StandingDenied extends Error {
  readonly code = 'access_denied';
}

const STREAM_ACTIONS = ['GetRecords', 'GetShardIterator', 'DescribeStream', 'ListStreams'];
const QUEUE_ACTIONS = ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'];
const LOG_ACTIONS = ['CreateLogStream', 'PutLogEvents'];
const IMAGE_ACTIONS = ['BatchCheckLayerAvailability', 'GetDownloadUrlForLayer', 'BatchGetImage'];

const demands = (service: string, actions: readonly string[], resource: string): Demand[] =>
  actions.map((action) => ({ action: `${service}:${action}`, resource }));

/** An event source mapping is not even made when its function's role lacks one of these. */
export const readStream = (streamArn: string): Demand[] => demands('dynamodb', STREAM_ACTIONS, streamArn);
export const readQueue = (queueArn: string): Demand[] => demands('sqs', QUEUE_ACTIONS, queueArn);

/** What Lambda asks for at each look at a stream. */
export const readRecords = (streamArn: string): Demand => ({ action: 'dynamodb:GetRecords', resource: streamArn });

/** Lambda parks what a function could not do under the function's own role. */
export const park = (queueArn: string): Demand[] => demands('sqs', ['SendMessage'], queueArn);

/** Writing to a log group, by its name. */
export function writeLog(group: string, furtherActions: readonly string[] = []): Demand[] {
  const groupArn = arn('logs', `log-group:${group}`);
  return [
    ...demands('logs', LOG_ACTIONS, `${groupArn}:log-stream:local`),
    ...demands('logs', furtherActions, `${groupArn}:*`),
  ];
}

/** Fetching an image from ECR, by its URI; nothing for images from elsewhere. */
export function fetchImage(uri: string): Demand[] {
  const [, account, region, repository] = /^(\d+)\.dkr\.ecr\.([^.]+)\.[^/]+\/(.+?)(?:[:@].*)?$/.exec(uri) ?? [];
  if (repository === undefined) return [];
  const repositoryArn = `arn:aws:ecr:${region}:${account}:repository/${repository}`;
  return [{ action: 'ecr:GetAuthorizationToken', resource: '*' }, ...demands('ecr', IMAGE_ACTIONS, repositoryArn)];
}

/** What a service does under a role of the stack: first it must be let into that role. */
export function underRole(
  roleArn: string,
  { service, session, demands }: { service: string; session: string; demands: Demand[] },
): Standing[] {
  const name = roleNameOf(roleArn);
  if (name === undefined) throw new StandingDenied(`${service} has no role for ${demands[0]?.action}`);
  return [
    { principal: { kind: 'service', name: service }, demands: [{ action: 'sts:AssumeRole', resource: roleArn }] },
    { principal: { kind: 'role', name, session }, demands },
  ];
}

/** @throws StandingDenied with everything that is missing */
export function checkStanding(policies: Policies, standings: readonly Standing[]): void {
  const missing = standings.flatMap(({ principal, demands }) =>
    demands
      .flatMap((named) => policies.withKeys(named))
      .flatMap((demand) => {
        const decision = policies.decide(principal, demand);
        return decision.kind === 'allowed' ? [] : [new AccessDenied({ ...demand, principal, context: {} }, decision)];
      }),
  );
  if (missing.length === 0) return;
  throw new StandingDenied(missing.map(({ message }) => `AccessDenied: ${message}`).join('\n'));
}
