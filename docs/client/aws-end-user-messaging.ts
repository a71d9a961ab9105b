// Sends through Bindery with the names of AWS End User Messaging SMS (`@aws-sdk/client-pinpoint-sms-voice-v2`): a program
// changes its import, and sets BINDERY_URL and BINDERY_KEY.
import { awsException, ValidationException } from './aws-errors.ts';
import { Bindery, type ClientOptions, type SendMessageRequest } from './bindery.ts';

export * from './aws-errors.ts';

export interface SendTextMessageCommandInput {
  DestinationPhoneNumber: string | undefined;
  /** A sender id, or the ARN of one. Without it, that of the client. */
  OriginationIdentity?: string | undefined;
  MessageBody?: string | undefined;
  /** PROMOTIONAL goes through the lane `bulk`, TRANSACTIONAL, as without it, through `transactional`. */
  MessageType?: 'TRANSACTIONAL' | 'PROMOTIONAL' | undefined;
  /** Kept as the metadata `configuration_set_name`, which stands in every event. */
  ConfigurationSetName?: string | undefined;
  /** Kept as metadata, which stands in every event. */
  Context?: Record<string, string> | undefined;
  /** Seconds. */
  TimeToLive?: number | undefined;
  /** Checks the message and sends nothing; the answer then has no MessageId. */
  DryRun?: boolean | undefined;
  /** Refused, as are the others below: a limit of cost must not be overlooked, and prices are not known here. */
  MaxPrice?: string | undefined;
  Keyword?: string | undefined;
  DestinationCountryParameters?: Record<string, string> | undefined;
  ProtectConfigurationId?: string | undefined;
  MessageFeedbackEnabled?: boolean | undefined;
}

export interface SendTextMessageCommandOutput {
  MessageId?: string;
  $metadata: { httpStatusCode: number };
}

export interface AwsLikeOptions extends Partial<Omit<ClientOptions, 'idempotent'>> {
  /** What stands in for a missing OriginationIdentity. */
  originationIdentity?: string;
  /** The lane of a message, where its MessageType does not say enough: AWS knows no one-time passwords. */
  laneOf?: (input: SendTextMessageCommandInput) => SendMessageRequest['lane'];
  /** AWS's own options may stay; there are no regions and no credentials of AWS here. */
  region?: unknown;
  credentials?: unknown;
}

const NOT_SUPPORTED = [
  'MaxPrice',
  'Keyword',
  'DestinationCountryParameters',
  'ProtectConfigurationId',
  'MessageFeedbackEnabled',
] as const;

/** The client with a method for each operation, of which there is one. */
export class PinpointSMSVoiceV2 {
  readonly #bindery: Bindery;
  readonly #options: AwsLikeOptions;

  /** `url` and `key` default to BINDERY_URL and BINDERY_KEY. */
  constructor(options: AwsLikeOptions = {}) {
    const { url = process.env['BINDERY_URL'], key = process.env['BINDERY_KEY'] } = options;
    if (url === undefined || key === undefined) throw new TypeError('set url and key, or BINDERY_URL and BINDERY_KEY');
    const { mostRetries, timeoutMs, fetch } = options;
    this.#options = options;
    this.#bindery = new Bindery({
      url,
      key,
      ...(mostRetries === undefined ? {} : { mostRetries }),
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
      ...(fetch === undefined ? {} : { fetch }),
    });
  }

  /** @throws what AWS throws: ValidationException, ThrottlingException, AccessDeniedException and the others of aws-errors.ts */
  async sendTextMessage(input: SendTextMessageCommandInput): Promise<SendTextMessageCommandOutput> {
    const body = requestOf(input, this.#options);
    try {
      if (input.DryRun === true) {
        await this.#bindery.sendMessage({ ...body, dry_run: true });
        return { $metadata: { httpStatusCode: 200 } };
      }
      const { id } = await this.#bindery.sendMessage(body);
      return { MessageId: id, $metadata: { httpStatusCode: 200 } };
    } catch (error) {
      throw awsException(error);
    }
  }
}

/** `client.send(new SendTextMessageCommand(input))`, as most programs write it. */
export class PinpointSMSVoiceV2Client {
  readonly #client: PinpointSMSVoiceV2;

  constructor(options: AwsLikeOptions = {}) {
    this.#client = new PinpointSMSVoiceV2(options);
  }

  async send({ input }: SendTextMessageCommand): Promise<SendTextMessageCommandOutput> {
    return await this.#client.sendTextMessage(input);
  }
}

export class SendTextMessageCommand {
  readonly input: SendTextMessageCommandInput;

  constructor(input: SendTextMessageCommandInput) {
    this.input = input;
  }
}

function requestOf(
  input: SendTextMessageCommandInput,
  { originationIdentity, laneOf }: AwsLikeOptions,
): SendMessageRequest & { dry_run?: false } {
  for (const name of NOT_SUPPORTED) {
    if (input[name] !== undefined) throw invalid('PARAMETER_NOT_SUPPORTED', name, 'is not supported here');
  }
  const { ConfigurationSetName: set, Context: context, MessageType: type } = input;
  const metadata = { ...context, ...(set === undefined ? {} : { configuration_set_name: set }) };
  return {
    to: needed(input.DestinationPhoneNumber, 'DestinationPhoneNumber'),
    from: senderIdOf(needed(input.OriginationIdentity ?? originationIdentity, 'OriginationIdentity')),
    text: needed(input.MessageBody, 'MessageBody'),
    lane: laneOf?.(input) ?? (type === 'PROMOTIONAL' ? 'bulk' : 'transactional'),
    ttl_seconds: input.TimeToLive,
    metadata: Object.keys(metadata).length === 0 ? undefined : metadata,
  };
}

/** `arn:aws:sms-voice:…:sender-id/BINDERY/PH` is BINDERY. */
function senderIdOf(identity: string): string {
  return /^arn:[^:]*:sms-voice:.*:sender-id\/([^/]+)/.exec(identity)?.[1] ?? identity;
}

function needed(value: string | undefined, name: string): string {
  if (value === undefined) throw invalid('MISSING_PARAMETER', name, 'is required');
  return value;
}

function invalid(reason: string, name: string, message: string): ValidationException {
  return new ValidationException(`${name} ${message}`, { status: 400, reason }, [{ Name: name, Message: message }]);
}
