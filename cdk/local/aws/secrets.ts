import { randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { SecretProperties, Secrets } from './api.ts';
import { arn } from './arn.ts';
import { type AwsAnswer, type AwsCall, AwsError, type AwsService } from './call.ts';
import { generateSecretString } from './generated-secret.ts';
import { readJsonFile, writeJsonFile } from './json-file.ts';

interface Version {
  id: string;
  value: string;
  /** Epoch milliseconds. */
  createdAt: number;
}

interface StoredSecret {
  name: string;
  arn: string;
  description?: string;
  createdAt: number;
  current?: Version;
  previous?: Version;
}

/** Secrets Manager, as much as programs use: values in `secrets.json`, readable by the owner alone, kept over restarts. */
export class SecretsManager implements AwsService, Secrets {
  readonly #path: string;
  readonly #now: () => number;
  readonly #secrets: StoredSecret[];

  constructor(options: { stateDirectory: string; now: () => number }) {
    this.#path = join(options.stateDirectory, 'secrets.json');
    this.#now = options.now;
    this.#secrets = (readJsonFile(this.#path) as StoredSecret[] | undefined) ?? [];
  }

  async createSecret(properties: SecretProperties): Promise<{ arn: string }> {
    const existing = this.#secrets.find((secret) => secret.name === properties.Name);
    if (existing) return { arn: existing.arn };
    const { Name: name, Description: description, SecretString, GenerateSecretString } = properties;
    const secret: StoredSecret = {
      name,
      // AWS ends the ARN in a hyphen and six characters, so code that takes the name from an ARN meets the same here.
      arn: arn('secretsmanager', `secret:${name}-${randomBytes(3).toString('hex')}`),
      createdAt: this.#now(),
      ...(description === undefined ? {} : { description }),
    };
    const value = SecretString ?? (GenerateSecretString && generateSecretString(GenerateSecretString));
    this.#secrets.push(secret);
    if (value !== undefined) this.#put(secret, value, randomUUID());
    else this.#save();
    return { arn: secret.arn };
  }

  async setSecret(id: string, value: string): Promise<void> {
    this.#put(this.#get(id), value, randomUUID());
  }

  getSecret(id: string): string | undefined {
    return this.#find(id)?.current?.value;
  }

  arnOf(id: string): string | undefined {
    return this.#find(id)?.arn;
  }

  async handle(call: AwsCall): Promise<AwsAnswer> {
    return { status: 200, body: JSON.stringify(this.#answer(call)) };
  }

  async close(): Promise<void> {
    // Every change is written when it is made.
  }

  #answer({ action, input }: AwsCall): Record<string, unknown> {
    const secret = this.#get(input.SecretId);
    switch (action) {
      case 'GetSecretValue':
        return valueOf(secret, input);
      case 'DescribeSecret':
        return describe(secret);
      case 'PutSecretValue':
        return this.#putValue(secret, input);
      default:
        throw new AwsError('UnknownOperationException', `secretsmanager:${action} is not here`);
    }
  }

  #putValue(secret: StoredSecret, input: Readonly<Record<string, unknown>>): Record<string, unknown> {
    const value = input.SecretString;
    if (typeof value !== 'string') throw new AwsError('InvalidParameterException', 'SecretString is required here');
    const token = typeof input.ClientRequestToken === 'string' ? input.ClientRequestToken : randomUUID();
    if (secret.current?.id !== token) this.#put(secret, value, token);
    return { ARN: secret.arn, Name: secret.name, VersionId: token, VersionStages: ['AWSCURRENT'] };
  }

  #put(secret: StoredSecret, value: string, versionId: string): void {
    if (secret.current) secret.previous = secret.current;
    secret.current = { id: versionId, value, createdAt: this.#now() };
    this.#save();
  }

  #save(): void {
    writeJsonFile(this.#path, this.#secrets);
  }

  #get(id: unknown): StoredSecret {
    const secret = typeof id === 'string' ? this.#find(id) : undefined;
    if (!secret) throw notFound("Secrets Manager can't find the specified secret.");
    return secret;
  }

  /** By name, by ARN, or by ARN without its random end. */
  #find(id: string): StoredSecret | undefined {
    return this.#secrets.find((secret) => id === secret.name || id === secret.arn || id === secret.arn.slice(0, -7));
  }
}

function valueOf(secret: StoredSecret, input: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const versions = [
    { version: secret.current, stage: 'AWSCURRENT' },
    { version: secret.previous, stage: 'AWSPREVIOUS' },
  ];
  const stage = input.VersionStage ?? (input.VersionId === undefined ? 'AWSCURRENT' : undefined);
  const found = versions.find(
    (candidate) =>
      candidate.version !== undefined &&
      (stage === undefined || candidate.stage === stage) &&
      (input.VersionId === undefined || candidate.version.id === input.VersionId),
  );
  if (!found?.version) {
    throw notFound(`Secrets Manager can't find the specified secret value for staging label: ${JSON.stringify(stage)}`);
  }
  return {
    ARN: secret.arn,
    Name: secret.name,
    VersionId: found.version.id,
    SecretString: found.version.value,
    VersionStages: [found.stage],
    CreatedDate: found.version.createdAt / 1000,
  };
}

function describe(secret: StoredSecret): Record<string, unknown> {
  return {
    ARN: secret.arn,
    Name: secret.name,
    Description: secret.description,
    CreatedDate: secret.createdAt / 1000,
    LastChangedDate: (secret.current?.createdAt ?? secret.createdAt) / 1000,
    VersionIdsToStages: {
      ...(secret.current && { [secret.current.id]: ['AWSCURRENT'] }),
      ...(secret.previous && { [secret.previous.id]: ['AWSPREVIOUS'] }),
    },
  };
}

const notFound = (message: string): AwsError => new AwsError('ResourceNotFoundException', message);
