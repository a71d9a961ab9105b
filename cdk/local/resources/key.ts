import { arn } from '../aws/arn.ts';
import type { StackContext } from '../context.ts';
import type { Identity, Resource, ResourceFamily } from './resource.ts';

/** Nothing is encrypted here, but whether a caller could open what it uses is asked. */
export const key: ResourceFamily = {
  type: 'AWS::KMS::Key',
  honours: ['KeyPolicy'],
  ignores: {
    Description: 'a description changes nothing',
    EnableKeyRotation: 'nothing is encrypted here',
    PendingWindowInDays: 'nothing is encrypted here',
    Tags: 'tags change nothing',
  },

  deploy({ logicalId, properties }: Resource, { aws }: StackContext): Promise<Identity> {
    const keyArn = arn('kms', `key/${logicalId}`);
    aws.policies.protect(keyArn, properties['KeyPolicy']);
    return Promise.resolve({ ref: logicalId, attributes: { Arn: keyArn, KeyId: logicalId } });
  },
};
