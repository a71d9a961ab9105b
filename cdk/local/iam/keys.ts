import { ACCOUNT_ID, REGION } from '../aws/arn.ts';
import type { Demand } from './evaluate.ts';

const OPEN = ['kms:Decrypt'];
/** SQS and Secrets Manager make a data key for what they are given, and check it by opening it. */
const SEAL = ['kms:GenerateDataKey', 'kms:Decrypt'];
const CHANGE = [...SEAL, 'kms:Encrypt'];

/** What the caller must be allowed to do with the key of what it uses ("Using KMS with ..." of each service's guide). */
const BY_ACTION: Readonly<Record<string, readonly string[]>> = {
  'dynamodb:BatchGetItem': OPEN,
  'dynamodb:BatchWriteItem': CHANGE,
  'dynamodb:ConditionCheckItem': OPEN,
  'dynamodb:DeleteItem': CHANGE,
  'dynamodb:GetItem': OPEN,
  'dynamodb:GetRecords': OPEN,
  'dynamodb:PutItem': CHANGE,
  'dynamodb:Query': OPEN,
  'dynamodb:Scan': OPEN,
  'dynamodb:UpdateItem': CHANGE,
  'secretsmanager:GetSecretValue': OPEN,
  'secretsmanager:PutSecretValue': SEAL,
  'sqs:ReceiveMessage': OPEN,
  'sqs:SendMessage': SEAL,
};

/** The rights to a resource's key that go with a right to the resource: the service uses it in the caller's name. */
export function keyDemands(action: string, keyArn: string): Demand[] {
  const [service] = action.split(':');
  const context = {
    'kms:viaservice': [`${service}.${REGION}.amazonaws.com`],
    'kms:calleraccount': [ACCOUNT_ID],
  };
  return (BY_ACTION[action] ?? []).map((ofKey) => ({ action: ofKey, resource: keyArn, context }));
}

/** Of a key that is not the stack's: as most keys, it leaves the choice to the account's own policies. */
export const KEY_OF_ACCOUNT = {
  Version: '2012-10-17',
  Statement: {
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${ACCOUNT_ID}:root` },
    Action: 'kms:*',
    Resource: '*',
  },
};
