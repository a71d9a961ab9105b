import { connect } from 'node:net';
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { ListQueuesCommand, ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { describe, expect, test } from 'vitest';
import type { CallHooks } from '../../../cdk/local/aws/api.ts';
import { AwsError } from '../../../cdk/local/aws/call.ts';
import { Callers } from '../../../cdk/local/aws/callers.ts';
import { Front } from '../../../cdk/local/aws/front.ts';
import { allowEverything, clientsOf, openClients, openLocalAws } from './stack.ts';

describe('The front', () => {
  test('knows the calling program and its role by the access key', async () => {
    const calls: string[] = [];
    const hooks: CallHooks = {
      observe: ({ service, action, caller }, { status }) =>
        calls.push(`${caller.program}/${caller.role} ${service}:${action} ${status}`),
    };
    const aws = await openLocalAws({ hooks });
    for (const role of ['SendRole', 'QueryRole']) allowEverything(aws, role);
    const { url } = await aws.queues.createQueue({ name: 'lane' });
    const send = aws.registerCaller({ program: 'SendFunction', role: 'SendRole' });
    const query = aws.registerCaller({ program: 'QueryFunction', role: 'QueryRole' });

    await clientsOf(aws.url, send).sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'x' }));
    await clientsOf(aws.url, query).sqs.send(new ListQueuesCommand({}));

    expect(calls).toEqual(['SendFunction/SendRole sqs:SendMessage 200', 'QueryFunction/QueryRole sqs:ListQueues 200']);
  });

  test('gives the same program the same key', async () => {
    const aws = await openLocalAws();
    const first = aws.registerCaller({ program: 'Binder' });
    expect(aws.registerCaller({ program: 'Binder' })).toEqual(first);
    expect(aws.registerCaller({ program: 'Send' }).accessKeyId).not.toBe(first.accessKeyId);
  });

  test('refuses an unknown access key and says so in the log', async () => {
    const aws = await openLocalAws();
    const { sqs } = clientsOf(aws.url, { accessKeyId: 'STRANGER', secretAccessKey: 'x' });
    await expect(sqs.send(new ListQueuesCommand({}))).rejects.toThrow(
      'The security token included in the request is invalid',
    );
    expect(aws.lines).toEqual(['Refused sqs:ListQueues: unknown access key STRANGER']);
  });

  test('refuses what is not signed', async () => {
    const aws = await openLocalAws();
    const response = await fetch(aws.url, { method: 'POST', body: '{}' });
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ __type: 'MissingAuthenticationTokenException' });
  });

  test('names a service that is not in the local stack, and who asked for it', async () => {
    const aws = await openLocalAws();
    const { accessKeyId } = aws.registerCaller({ program: 'Binder' });
    const response = await fetch(aws.url, {
      method: 'POST',
      headers: {
        authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20261122/ap-southeast-1/logs/aws4_request, Signature=0`,
        'x-amz-target': 'Logs_20140328.PutLogEvents',
      },
      body: '{}',
    });
    expect(await response.json()).toMatchObject({
      __type: 'UnknownOperationException',
      message: 'The local stack has no logs:PutLogEvents',
    });
    expect(aws.lines).toEqual(['Refused logs:PutLogEvents of Binder: not in the local stack']);
  });

  test('lets a hook answer in the place of the service', async () => {
    const hooks: CallHooks = {};
    const aws = await openLocalAws({ hooks });
    const { sqs, dynamodb } = await openClients(aws);
    hooks.intercept = async ({ service, caller }) => {
      if (service === 'sqs') return { status: 200, body: '{"QueueUrls":["made up"]}' };
      throw new AwsError('AccessDeniedException', `${caller.program} may not`);
    };
    expect((await sqs.send(new ListQueuesCommand({}))).QueueUrls).toEqual(['made up']);
    await expect(dynamodb.send(new GetItemCommand({ TableName: 'T', Key: {} }))).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: 'Test may not',
    });
  });

  test('lets a hook lose the answer of what was done', async () => {
    const hooks: CallHooks = {};
    const aws = await openLocalAws({ hooks });
    const { sqs } = await openClients(aws);
    const { url } = await aws.queues.createQueue({ name: 'lane' });
    hooks.intercept = async (call, proceed) => {
      await proceed(call);
      throw new AwsError('ServiceUnavailable', 'lost', 503);
    };
    const send = sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'x' }));
    await expect(send).rejects.toMatchObject({ message: 'lost' });
    delete hooks.intercept;
    expect((await sqs.send(new ReceiveMessageCommand({ QueueUrl: url }))).Messages).toHaveLength(1);
  });

  test('answers calls from inside on the same way', async () => {
    const calls: string[] = [];
    const hooks: CallHooks = { observe: ({ action, caller }) => calls.push(`${caller.program} ${action}`) };
    const aws = await openLocalAws({ hooks });
    await aws.queues.createQueue({ name: 'lane' });
    expect(await aws.invoke({ service: 'sqs', action: 'ListQueues', input: {} })).toEqual({
      QueueUrls: [`${aws.url}/000000000000/lane`],
    });
    const unknown = aws.invoke({ service: 'sqs', action: 'SendMessage', input: { QueueUrl: 'x/none' } });
    await expect(unknown).rejects.toMatchObject({ code: 'QueueDoesNotExist' });
    expect(calls).toEqual(['local ListQueues', 'local SendMessage']);
  });

  test('tells the service when an answer could not be delivered', async () => {
    const callers = new Callers();
    const hungUp = Promise.withResolvers<void>();
    const givenBack = Promise.withResolvers<string>();
    const front = new Front({
      port: 0,
      callers,
      log: () => {},
      dispatch: async ({ signal }) => {
        signal.addEventListener('abort', () => hungUp.resolve());
        await hungUp.promise;
        return { status: 200, body: '{}', undelivered: () => givenBack.resolve('given back') };
      },
    });
    await front.listen();
    const controller = new AbortController();
    const { sqs } = clientsOf(front.url, callers.register({ program: 'Binder' }));
    const aborted = sqs.send(new ListQueuesCommand({}), { abortSignal: controller.signal }).catch(() => 'aborted');
    await new Promise((resolve) => setTimeout(resolve, 50));
    controller.abort();
    expect(await aborted).toBe('aborted');
    expect(await givenBack.promise).toBe('given back');
    await front.close();
  });

  test('answers a body over the limit, and logs nothing of a caller that hangs up while it speaks', async () => {
    const aws = await openLocalAws();
    const { port } = new URL(aws.url);
    const cut = connect(Number(port), '127.0.0.1');
    cut.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf');
    await new Promise((resolve) => setTimeout(resolve, 50));
    cut.destroy();
    const response = await fetch(aws.url, { method: 'POST', body: Buffer.alloc(17 * 1024 * 1024) });
    expect(response.status).toBe(413);
    expect(aws.lines).toEqual([]);
  });

  test('says that its port is in use', async () => {
    const { url } = await openLocalAws();
    const port = Number(new URL(url).port);
    await expect(openLocalAws({ port })).rejects.toThrow(`Port ${port} is in use`);
  });

  test('closes at once though clients keep their connections', async () => {
    const aws = await openLocalAws();
    const { sqs } = await openClients(aws);
    await sqs.send(new ListQueuesCommand({}));
    const idle = connect(Number(new URL(aws.url).port), '127.0.0.1');
    await new Promise((resolve) => idle.once('connect', resolve));
    idle.on('error', () => {});
    const startedAt = performance.now();
    await aws.close();
    expect(performance.now() - startedAt).toBeLessThan(500);
    idle.destroy();
  });
});
