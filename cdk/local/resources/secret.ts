import type { SecretProperties } from '../aws/api.ts';
import type { StackContext } from '../context.ts';
import { type Identity, type Resource, type ResourceFamily, useKey } from './resource.ts';

/** A secret's name has up to 512 characters. */
const NAME_CHARACTERS = 512;

export const secret: ResourceFamily = {
  type: 'AWS::SecretsManager::Secret',
  honours: ['Name', 'Description', 'SecretString', 'GenerateSecretString', 'KmsKeyId'],
  ignores: {
    ReplicaRegions: 'there is one region here',
    Tags: 'tags change nothing',
  },

  async deploy(resource: Resource, context: StackContext): Promise<Identity> {
    const name = context.nameOf(resource, 'Name', NAME_CHARACTERS);
    const declared = resource.properties as Partial<SecretProperties>;
    const { arn } = await context.aws.secrets.createSecret({ ...declared, Name: name });
    useKey(arn, resource.properties['KmsKeyId'], context);
    return { ref: arn, attributes: { Id: arn } };
  },
};
