import { Policies } from '../../../../cdk/local/iam/policies.ts';
import type { Principal } from '../../../../cdk/local/iam/principals.ts';

export type Statement = Record<string, unknown>;

export const QUEUE = 'arn:aws:sqs:ap-southeast-1:000000000000:lane';
/** Of KMS. */
export const KEY = 'arn:aws:kms:ap-southeast-1:000000000000:key/k';
export const TABLE = 'arn:aws:dynamodb:ap-southeast-1:000000000000:table/messages';
export const RULE = 'arn:aws:events:ap-southeast-1:000000000000:rule/minute';
export const ROOT = { AWS: 'arn:aws:iam::000000000000:root' };

export const role: Principal = { kind: 'role', name: 'Send', session: 'send' };
export const events = (sourceArn = RULE): Principal => ({ kind: 'service', name: 'events.amazonaws.com', sourceArn });

export const document = (...statements: Statement[]) => ({ Version: '2012-10-17', Statement: statements });
export const allow = (Action: unknown, Resource: unknown = '*', rest: Statement = {}): Statement => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...rest,
});
export const deny = (Action: unknown, Resource: unknown = '*', rest: Statement = {}): Statement => ({
  ...allow(Action, Resource, rest),
  Effect: 'Deny',
});

const TRUST = document({
  Effect: 'Allow',
  Action: 'sts:AssumeRole',
  Principal: { Service: 'lambda.amazonaws.com' },
});

export function policies(identity: Statement[], resources: Record<string, Statement[]> = {}): Policies {
  const made = new Policies();
  made.addRole('Send', TRUST);
  made.attach('Send', document(...identity));
  for (const [arn, statements] of Object.entries(resources)) made.protect(arn, document(...statements));
  return made;
}

/** `allowed`, or the message of the denial from its reason on. */
export function outcome(made: Policies, action: string, resource: string, principal = role): string {
  try {
    made.require(principal, { action, resource });
    return 'allowed';
  } catch (denial) {
    return (denial as Error).message.replace(/^.* on resource: \S+ /, '');
  }
}

/** SQS writes its actions small. */
const written = (action: string) => (action.startsWith('sqs:') ? action.toLowerCase() : action);
export const NOBODY = (action: string) => `because no identity-based policy allows the ${written(action)} action`;
export const CLOSED = (action: string) => `because no resource-based policy allows the ${written(action)} action`;
export const SEND = 'sqs:SendMessage';
