import { ACCOUNT_ID, PARTITION } from '../aws/arn.ts';
import type { StackContext } from '../context.ts';
import { awsManaged } from '../iam/aws-managed.ts';
import { PolicyError } from '../iam/policy-error.ts';
import { roleArn } from '../iam/principals.ts';
import type { Identity, Resource, ResourceFamily } from './resource.ts';

interface InlinePolicy {
  PolicyDocument: unknown;
}

const NAMES = 'a role is known by its logical id here';

export const role: ResourceFamily = {
  type: 'AWS::IAM::Role',
  honours: ['AssumeRolePolicyDocument', 'ManagedPolicyArns', 'Policies'],
  ignores: {
    Description: 'a description changes nothing',
    MaxSessionDuration: 'keys do not run out here',
    Path: NAMES,
    RoleName: NAMES,
    Tags: 'tags change nothing',
  },

  deploy({ logicalId, properties }: Resource, { aws: { policies } }: StackContext): Promise<Identity> {
    const { AssumeRolePolicyDocument: trust, Policies: inline = [], ManagedPolicyArns: managed = [] } = properties;
    if ('PermissionsBoundary' in properties) throw new PolicyError('permissions boundaries are not known here');
    policies.addRole(logicalId, trust);
    for (const { PolicyDocument: document } of inline as InlinePolicy[]) policies.attach(logicalId, document);
    for (const arn of managed as string[]) policies.attach(logicalId, awsManaged(arn));
    return Promise.resolve({ ref: logicalId, attributes: { Arn: roleArn(logicalId), RoleId: logicalId } });
  },
};

function attach({ logicalId, properties }: Resource, { aws: { policies } }: StackContext): Promise<Identity> {
  for (const name of (properties['Roles'] ?? []) as string[]) policies.attach(name, properties['PolicyDocument']);
  const arn = `arn:${PARTITION}:iam::${ACCOUNT_ID}:policy/${logicalId}`;
  return Promise.resolve({ ref: arn, attributes: { Id: logicalId, PolicyArn: arn } });
}

export const rolePolicy: ResourceFamily = {
  type: 'AWS::IAM::Policy',
  honours: ['PolicyDocument', 'Roles'],
  ignores: { PolicyName: 'a name changes nothing' },
  deploy: attach,
};

export const managedPolicy: ResourceFamily = {
  type: 'AWS::IAM::ManagedPolicy',
  honours: ['PolicyDocument', 'Roles'],
  ignores: {
    ManagedPolicyName: 'a name changes nothing',
    Description: 'a description changes nothing',
    Path: 'a name changes nothing',
  },
  deploy: attach,
};
