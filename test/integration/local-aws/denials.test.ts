import { PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { ReceiveMessageCommand, SendMessageBatchCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { expect, test } from 'vitest';
import type { AwsAnswer } from '../../../cdk/local/aws/call.ts';
import { addRole, clientsOf, openLocalAws } from './stack.ts';

const HERE = 'ap-southeast-1:000000000000';
const QUEUE = `arn:aws:sqs:${HERE}:lane`;
const CALLER = 'arn:aws:sts::000000000000:assumed-role/SendRole/Send-1';

/** The services with a queue, and a program whose role may do what the statements say. */
async function stage(...statements: Record<string, unknown>[]) {
  const answers: AwsAnswer[] = [];
  const aws = await openLocalAws({ hooks: { observe: (_, answer) => void answers.push(answer) } });
  const { url: QueueUrl } = await aws.queues.createQueue({ name: 'lane' });
  addRole(aws, 'SendRole', ...statements);
  const clients = clientsOf(aws.url, aws.registerCaller({ program: 'Send/1', role: 'SendRole' }));
  return { aws, clients, answers, QueueUrl };
}

const denial = (action: string, resource: string) =>
  `User: ${CALLER} is not authorized to perform: ${action} on resource: ${resource} ` +
  `because no identity-based policy allows the ${action} action`;

test('the SDK hears of a denial as it would from AWS, of each service', async () => {
  const { aws, clients, answers, QueueUrl } = await stage();
  const { arn: secret } = await aws.secrets.createSecret({ Name: 'operator', SecretString: 'x' });
  const { sqs, dynamodb, events, secrets } = clients;

  const put = dynamodb.send(new PutItemCommand({ TableName: 'messages', Item: {} }));
  await expect(put).rejects.toMatchObject({
    name: 'AccessDeniedException',
    message: denial('dynamodb:PutItem', `arn:aws:dynamodb:${HERE}:table/messages`),
  });
  const query = dynamodb.send(new QueryCommand({ TableName: 'messages', IndexName: 'due' }));
  await expect(query).rejects.toThrow(denial('dynamodb:Query', `arn:aws:dynamodb:${HERE}:table/messages/index/due`));
  const Entries = [{ Id: '1', MessageBody: 'x' }];
  await expect(sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }))).rejects.toMatchObject({
    name: 'AccessDenied',
    message: denial('sqs:sendmessage', QUEUE),
    $metadata: { httpStatusCode: 403 },
  });
  const publish = events.send(new PutEventsCommand({ Entries: [{ EventBusName: 'bus' }] }));
  await expect(publish).rejects.toThrow(denial('events:PutEvents', `arn:aws:events:${HERE}:event-bus/bus`));
  const read = secrets.send(new GetSecretValueCommand({ SecretId: 'operator' }));
  await expect(read).rejects.toThrow(denial('secretsmanager:GetSecretValue', secret));
  expect(answers.map(({ status }) => status)).toEqual([400, 400, 403, 400, 400]);
});

test('what a role may do is done, and nothing besides', async () => {
  const { clients, QueueUrl } = await stage({ Action: 'sqs:SendMessage', Resource: QUEUE });
  await clients.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }));
  const receive = clients.sqs.send(new ReceiveMessageCommand({ QueueUrl }));
  await expect(receive).rejects.toThrow(denial('sqs:receivemessage', QUEUE));
});

test('a denial of the queue beats the right of the role', async () => {
  const { aws, clients, QueueUrl } = await stage({ Action: '*', Resource: '*' });
  const Statement = { Effect: 'Deny', Principal: '*', Action: 'sqs:SendMessage', Resource: QUEUE };
  aws.policies.protect(QUEUE, { Version: '2012-10-17', Statement });
  const send = clients.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }));
  await expect(send).rejects.toThrow(/with an explicit deny in a resource-based policy$/);
});

test('a role of which nothing is known may do nothing', async () => {
  const { aws, QueueUrl } = await stage();
  const { sqs } = clientsOf(aws.url, aws.registerCaller({ program: 'Stray', role: 'StrayRole' }));
  await expect(sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }))).rejects.toThrow(/StrayRole/);
});
