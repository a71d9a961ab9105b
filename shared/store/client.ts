import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type AwsLimits, clientLimits, IN_THE_BACKGROUND } from '../config/aws-limits.ts';

/** One client a program. Times out rather than hangs: a caller waits behind it. */
export function documentClient(limits: AwsLimits = IN_THE_BACKGROUND): DynamoDBDocumentClient {
  const client = new DynamoDBClient(clientLimits(limits));
  return DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
}

/** The answer to a conditional write; undefined where its condition did not hold. */
export async function whereConditionHolds<Output>(write: Promise<Output>): Promise<Output | undefined> {
  try {
    return await write;
  } catch (error) {
    if (conditionFailed(error)) return undefined;
    throw error;
  }
}

/** True where a write's condition did not hold: an expected outcome, not a fault. */
export function conditionFailed(error: unknown): error is ConditionalCheckFailedException {
  return (
    error instanceof ConditionalCheckFailedException || (error as Error).name === 'ConditionalCheckFailedException'
  );
}
