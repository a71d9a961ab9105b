/** A call of an AWS service as the front sees it. Every program of the local stack has an access key of its own, so the front knows who calls. */
export interface Caller {
  accessKeyId: string;
  /** Logical id of the Lambda function or of the task definition; `local` for the local stack itself. */
  program: string;
  /** Logical id of the IAM role that the program has on AWS; absent for the local stack itself. */
  role?: string;
  /** The service of AWS that calls, on behalf of a resource of the stack. */
  service?: { name: string; sourceArn: string };
}

export type ServiceName = 'sqs' | 'dynamodb' | 'events' | 'secretsmanager';

export interface AwsCall {
  service: ServiceName;
  /** Bare action name, e.g. `SendMessage`. */
  action: string;
  caller: Caller;
  headers: Record<string, string | string[] | undefined>;
  /** Raw body; all four services speak JSON 1.0 or 1.1. */
  body: Buffer;
  /** Parsed body. Not to be changed. */
  input: Readonly<Record<string, unknown>>;
  /** Aborted when the caller hangs up or the front closes. */
  signal: AbortSignal;
}

export interface AwsAnswer {
  status: number;
  headers?: Record<string, string>;
  body: Buffer | string;
  /** Called when the caller hung up before the answer was handed to the network: give back what it would have lost. */
  undelivered?: () => void;
}

/** An error answer in the form that AWS SDKs understand (`__type`). */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  constructor(code: string, message: string, status = 400, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.code = code;
    this.status = status;
    this.headers = headers;
  }
}

export interface AwsService {
  handle(call: AwsCall): Promise<AwsAnswer>;
  close(): Promise<void>;
}

/** A DynamoDB stream record as a Lambda trigger receives it (AttributeValue maps, both images). */
export interface StreamRecord {
  eventID: string;
  eventName: 'INSERT' | 'MODIFY' | 'REMOVE';
  eventVersion: '1.1';
  eventSource: 'aws:dynamodb';
  awsRegion: string;
  eventSourceARN: string;
  dynamodb: {
    /** Epoch seconds. */
    ApproximateCreationDateTime: number;
    Keys: Record<string, unknown>;
    NewImage?: Record<string, unknown>;
    OldImage?: Record<string, unknown>;
    /** Decimal, increasing; 21 digits, zero-padded, so that text order is number order. */
    SequenceNumber: string;
    SizeBytes: number;
    StreamViewType: 'NEW_AND_OLD_IMAGES';
  };
  /** Present when TTL removed the item, as on AWS. */
  userIdentity?: { type: 'Service'; principalId: 'dynamodb.amazonaws.com' };
}
