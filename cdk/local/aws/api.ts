import type { Policies } from '../iam/policies.ts';
import type { AwsAnswer, AwsCall, Caller, ServiceName, StreamRecord } from './call.ts';

/** What the template runner sees of the embedded AWS services. `startLocalAws` (start.ts) makes one. */
export interface LocalAws {
  /** `http://127.0.0.1:PORT`: the one endpoint of every service (AWS_ENDPOINT_URL of every program). */
  readonly url: string;
  /** An access key of its own for a program; the same program gets the same key again. */
  registerCaller(caller: { program: string; role?: string }): AccessKey;
  readonly queues: Queues;
  readonly tables: Tables;
  readonly buses: Buses;
  readonly secrets: Secrets;
  /** What the callers may do. A program with a role may do nothing else than they say. */
  readonly policies: Policies;
  /** A call from inside, without HTTP, on the way of every other call (`intercept` and `observe` see it). Throws {@link AwsError}. */
  invoke(call: InsideCall): Promise<Record<string, unknown>>;
  /** Ends open calls and long polls, flushes and closes every store. */
  close(): Promise<void>;
}

export interface LocalAwsOptions {
  /** Everything that survives a restart lives here; made if missing. */
  stateDirectory: string;
  /** TCP port of the front; 0 or absent takes a free one. */
  port?: number;
  /** External services instead of the embedded ones (AWS_ENDPOINT_URL_DYNAMODB, AWS_ENDPOINT_URL_SQS). */
  endpoints?: { dynamodb?: string; sqs?: string };
  /** Credentials for external services; invented ones do for emulators. */
  credentials?: AccessKey;
  hooks?: CallHooks;
  /** One line per refused call and per thing that a developer should know. */
  log?: (line: string) => void;
  /** Epoch milliseconds. */
  now?: () => number;
}

/** Both may be changed while running: the front reads them at each call. */
export interface CallHooks {
  /**
   * Answers in the service's place (a denial, a fault), or throws an AwsError; undefined lets the call pass. `proceed` performs the
   * call, or one with `input` and `body` changed alike, for faults that come after the deed: a lost answer, half a batch.
   */
  intercept?: (call: AwsCall, proceed: (call: AwsCall) => Promise<AwsAnswer>) => Promise<AwsAnswer | undefined>;
  /** Sees every call that found a service, with its answer. */
  observe?: (call: AwsCall, answer: AwsAnswer, durationMs: number) => void;
}

export interface AccessKey {
  accessKeyId: string;
  secretAccessKey: string;
}

export interface InsideCall {
  service: ServiceName;
  action: string;
  input: Record<string, unknown>;
  /** Default: the local stack itself. */
  caller?: Caller;
  signal?: AbortSignal;
}

export interface Queues {
  /** Makes the queue or brings its attributes up to date (names as in CloudFormation; objects, numbers and booleans are written as SQS wants them). */
  createQueue(queue: { name: string; attributes?: Record<string, unknown> }): Promise<{ url: string; arn: string }>;
  /** Queues that hold messages of an earlier run and were not made in this one. */
  orphans(): { name: string; messages: number }[];
  /** How many messages each queue holds and how old the oldest is; of queues elsewhere nothing is known. */
  measure(): QueueMeasure[];
}

export interface QueueMeasure {
  name: string;
  /** Ready to be received. */
  visible: number;
  /** Received and not deleted. */
  hidden: number;
  delayed: number;
  /** Of those that are visible or hidden; 0 without any. */
  oldestAgeSeconds: number;
}

/** The properties that AWS::DynamoDB::Table and ::GlobalTable share and that change behaviour here, intrinsics resolved. */
export interface TableProperties {
  TableName: string;
  AttributeDefinitions: { AttributeName: string; AttributeType: string }[];
  KeySchema: KeyElement[];
  GlobalSecondaryIndexes?: SecondaryIndex[];
  LocalSecondaryIndexes?: SecondaryIndex[];
  TimeToLiveSpecification?: { AttributeName?: string; Enabled: boolean };
  /** Any view type is served as NEW_AND_OLD_IMAGES. */
  StreamSpecification?: { StreamViewType: string };
}

export interface KeyElement {
  AttributeName: string;
  KeyType: string;
}

export interface SecondaryIndex {
  IndexName: string;
  KeySchema: KeyElement[];
  Projection: { ProjectionType?: string; NonKeyAttributes?: string[] };
}

export interface Tables {
  /** Throws a TableSchemaError when the stored table has another key or other indexes. */
  createTable(properties: TableProperties): Promise<{ arn: string; streamArn?: string }>;
  /** Undefined when the table is not there or has no stream. */
  stream(tableName: string): TableStream | undefined;
}

export interface TableStream {
  readonly arn: string;
  /** Declares who reads. A new one starts at its starting position; one that is no longer named stops holding records back. */
  setConsumers(consumers: { name: string; startingPosition: 'TRIM_HORIZON' | 'LATEST' }[]): Promise<void>;
  /** The sequence number that the consumer has passed: read after it. */
  position(consumer: string): string;
  /** Records in order of writing after a sequence number, TRIM_HORIZON or LATEST; at most `limit` (default 100). */
  read(from: { after: string; limit?: number }): Promise<StreamRecord[]>;
  /** True as soon as there is a record after that sequence number; false after `timeoutMs` or when aborted. */
  waitForRecords(after: string, options: { timeoutMs: number; signal?: AbortSignal }): Promise<boolean>;
  /** The consumer has done everything up to and including this sequence number. Never moves back. */
  checkpoint(consumer: string, sequenceNumber: string): Promise<void>;
}

export interface Buses {
  createBus(name: string): { arn: string };
  /** Every event put on the bus. A listener that throws is logged and stops nobody else. Returns the way to unsubscribe. */
  subscribe(busName: string, listener: (event: BusEvent) => void | Promise<void>): () => void;
}

/** EventBridge's envelope. */
export interface BusEvent {
  version: '0';
  id: string;
  'detail-type': string;
  source: string;
  account: string;
  /** ISO 8601, whole seconds, as EventBridge writes it. */
  time: string;
  region: string;
  resources: string[];
  detail: unknown;
}

/** As AWS::SecretsManager::Secret describes it. */
export interface SecretProperties {
  Name: string;
  Description?: string;
  SecretString?: string;
  GenerateSecretString?: GenerateSecretString;
}

export interface GenerateSecretString {
  SecretStringTemplate?: string;
  GenerateStringKey?: string;
  PasswordLength?: number;
  ExcludeCharacters?: string;
  ExcludeLowercase?: boolean;
  ExcludeNumbers?: boolean;
  ExcludePunctuation?: boolean;
  ExcludeUppercase?: boolean;
  IncludeSpace?: boolean;
  RequireEachIncludedType?: boolean;
}

export interface Secrets {
  /** Makes the secret if it is not there; a value of an earlier run is kept. */
  createSecret(properties: SecretProperties): Promise<{ arn: string }>;
  /** By name or ARN; the secret must exist. */
  setSecret(id: string, value: string): Promise<void>;
  getSecret(id: string): string | undefined;
  /** The whole ARN of the secret that is named by name, ARN, or ARN without its random end. */
  arnOf(id: string): string | undefined;
}
