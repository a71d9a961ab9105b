import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  AccessDeniedException,
  ConflictException,
  InternalServerException,
  PinpointSMSVoiceV2,
  PinpointSMSVoiceV2Client,
  PinpointSMSVoiceV2ServiceException,
  SendTextMessageCommand,
  type SendTextMessageCommandInput,
  ValidationException,
} from '../../docs/client/aws-end-user-messaging.ts';
import { Bindery } from '../../docs/client/bindery.ts';
import { startFixtureOperator } from './fixture-operator.ts';
import { startStack } from './running-stack.ts';
import { freshStateDirectory } from './state-directory.ts';
import { tearDown, whenOver } from './tear-down.ts';

const INPUT = {
  DestinationPhoneNumber: '+639171234567',
  OriginationIdentity: 'BINDERY',
  MessageBody: 'Hello from the adapter',
} as const satisfies SendTextMessageCommandInput;

let bindery: Bindery;
let aws: PinpointSMSVoiceV2;
let at: { url: string; key: string };

beforeAll(async () => {
  const operator = await startFixtureOperator({ receiptDelayMs: 200 });
  whenOver(() => operator.close());
  const stack = await startStack({ stateDirectory: freshStateDirectory(), operator: operator.credentials });
  whenOver(() => stack.close());
  at = { url: stack.api, key: stack.key };
  bindery = new Bindery(at);
  aws = new PinpointSMSVoiceV2(at);
}, 90_000);

afterAll(tearDown);

/** What a call throws. */
async function thrown(client: PinpointSMSVoiceV2, input: Partial<SendTextMessageCommandInput>): Promise<unknown> {
  const sent = client.sendTextMessage({ ...INPUT, ...input });
  return await sent.then(
    () => expect.fail('it was sent'),
    (error: unknown) => error,
  );
}

describe('sendTextMessage()', () => {
  test('sends, and gives the id back', async () => {
    const { MessageId = '' } = await aws.sendTextMessage({
      ...INPUT,
      MessageType: 'TRANSACTIONAL',
      TimeToLive: 600,
      ConfigurationSetName: 'orders',
      Context: { order: '1042' },
    });
    const message = await bindery.getMessage(MessageId);
    expect(message).toMatchObject({
      to: INPUT.DestinationPhoneNumber,
      from: 'BINDERY',
      text: INPUT.MessageBody,
      lane: 'transactional',
      metadata: { order: '1042', configuration_set_name: 'orders' },
    });
    expect(Date.parse(message.expires_at) - Date.parse(message.created_at)).toBe(600_000);
  });

  test('puts PROMOTIONAL messages into the lane bulk, and others where the caller says', async () => {
    const promotional = await aws.sendTextMessage({ ...INPUT, MessageType: 'PROMOTIONAL' });
    expect(await bindery.getMessage(promotional.MessageId ?? '')).toMatchObject({ lane: 'bulk' });
    const codes = new PinpointSMSVoiceV2({
      ...at,
      laneOf: ({ Context }) => (Context?.['kind'] === 'otp' ? 'otp' : 'bulk'),
    });
    const code = await codes.sendTextMessage({ ...INPUT, Context: { kind: 'otp' } });
    expect(await bindery.getMessage(code.MessageId ?? '')).toMatchObject({ lane: 'otp' });
  });

  test('reads the ARN of a sender id', async () => {
    const OriginationIdentity = 'arn:aws:sms-voice:ap-southeast-1:123456789012:sender-id/BINDERY/PH';
    const { MessageId = '' } = await aws.sendTextMessage({ ...INPUT, OriginationIdentity });
    expect(await bindery.getMessage(MessageId)).toMatchObject({ from: 'BINDERY' });
  });

  test('checks and sends nothing with DryRun', async () => {
    expect(await aws.sendTextMessage({ ...INPUT, DryRun: true })).toEqual({ $metadata: { httpStatusCode: 200 } });
    expect(await thrown(aws, { DryRun: true, DestinationPhoneNumber: '02 8555 0177' })).toBeInstanceOf(
      ValidationException,
    );
  });

  test('works as client and command, configured by the environment, whatever options of AWS stay', async () => {
    process.env['BINDERY_URL'] = at.url;
    process.env['BINDERY_KEY'] = at.key;
    const client = new PinpointSMSVoiceV2Client({ region: 'ap-southeast-1' });
    delete process.env['BINDERY_URL'];
    delete process.env['BINDERY_KEY'];
    expect((await client.send(new SendTextMessageCommand(INPUT))).MessageId).toMatch(/^msg_/);
    expect(() => new PinpointSMSVoiceV2Client()).toThrow('BINDERY_URL');
  });
});

describe('what it throws has the name that AWS gives it', () => {
  test('ValidationException, with the fields by their names', async () => {
    const error = await thrown(aws, { DestinationPhoneNumber: '02 8555 0177' });
    expect(error).toBeInstanceOf(ValidationException);
    expect(error).toBeInstanceOf(PinpointSMSVoiceV2ServiceException);
    expect(error).toMatchObject({
      name: 'ValidationException',
      Reason: 'FIELD_VALIDATION_FAILED',
      $fault: 'client',
      $metadata: { httpStatusCode: 422, requestId: expect.any(String) },
      Fields: [{ Name: 'DestinationPhoneNumber', Message: expect.stringContaining('landline') }],
    });
  });

  test.each([
    ['MaxPrice', { MaxPrice: '0.05' }, 'PARAMETER_NOT_SUPPORTED'],
    ['Keyword', { Keyword: 'STOP' }, 'PARAMETER_NOT_SUPPORTED'],
    ['MessageBody', { MessageBody: undefined }, 'MISSING_PARAMETER'],
    ['OriginationIdentity', { OriginationIdentity: undefined }, 'MISSING_PARAMETER'],
  ])('ValidationException for %s', async (name, input, reason) => {
    const error = await thrown(aws, input);
    expect(error).toMatchObject({ name: 'ValidationException', Reason: reason, Fields: [{ Name: name }] });
  });

  test('AccessDeniedException for a key that is none', async () => {
    const error = await thrown(new PinpointSMSVoiceV2({ ...at, key: `${at.key}x` }), {});
    expect(error).toBeInstanceOf(AccessDeniedException);
    expect(error).toMatchObject({ name: 'AccessDeniedException', $fault: 'client' });
  });

  test('ConflictException for a recipient who has opted out', async () => {
    const number = '+639181112222';
    await bindery.addOptOut({ number });
    const error = await thrown(aws, { DestinationPhoneNumber: number });
    expect(error).toBeInstanceOf(ConflictException);
    expect(error).toMatchObject({ Reason: 'DESTINATION_PHONE_NUMBER_OPTED_OUT' });
  });

  test('InternalServerException where nobody answers', async () => {
    const error = await thrown(new PinpointSMSVoiceV2({ ...at, url: 'http://127.0.0.1:9', mostRetries: 0 }), {});
    expect(error).toBeInstanceOf(InternalServerException);
    expect(error).toMatchObject({ $fault: 'server', $retryable: { throttling: false } });
  });

  const problem = (code: string, status: number) => async () => {
    const body = { type: '', title: 't', status, detail: 'd', instance: '', code, request_id: 'r', retryable: true };
    return new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/problem+json' } });
  };

  test.each([
    ['ThrottlingException', 'rate_limited', 429],
    ['ThrottlingException', 'lane_full', 429],
    ['ThrottlingException', 'would_expire_in_queue', 503],
    ['ServiceQuotaExceededException', 'quota_exceeded', 429],
    ['InternalServerException', 'operator_unavailable', 503],
    ['ConflictException', 'idempotent_request_running', 409],
  ])('%s for %s', async (name, code, status) => {
    const client = new PinpointSMSVoiceV2({ ...at, mostRetries: 0, fetch: problem(code, status) });
    expect(await thrown(client, {})).toMatchObject({ name, $metadata: { httpStatusCode: status, requestId: 'r' } });
  });
});
