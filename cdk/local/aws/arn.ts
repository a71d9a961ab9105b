/** Where the local stack pretends to be. Twelve zeros are no real account; emulators use them too. */
export const REGION = 'ap-southeast-1';
export const ACCOUNT_ID = '000000000000';
export const PARTITION = 'aws';

/** `arn:aws:SERVICE:ap-southeast-1:000000000000:RESOURCE` */
export function arn(service: string, resource: string): string {
  return `arn:${PARTITION}:${service}:${REGION}:${ACCOUNT_ID}:${resource}`;
}

export const queueArn = (name: string): string => arn('sqs', name);
export const tableArn = (name: string): string => arn('dynamodb', `table/${name}`);
export const busArn = (name: string): string => arn('events', `event-bus/${name}`);
