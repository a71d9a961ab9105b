import type { LocalAws } from '../aws/api.ts';
import { REGION } from '../aws/arn.ts';
import { PROGRAM_PATH } from '../child-process.ts';
import type { Program } from '../context.ts';
import { freePort } from '../free-port.ts';
import type { TaskDefinition } from './task-definition.ts';

/**
 * Variables that name a port of the container's own loopback. On AWS every task has a network of its own, so the port is free in
 * each; here all tasks share the machine's loopback, so each gets a free port in its place.
 */
const OWN_LOOPBACK_PORTS = ['HEALTH_PORT'];

/** Value of `secretArn:jsonKey:versionStage:versionId`; the ARN itself has seven parts. */
function secretValue(aws: LocalAws, valueFrom: string): string {
  const parts = valueFrom.split(':');
  const id = parts.slice(0, 7).join(':');
  const key = parts[7];
  const value = aws.secrets.getSecret(id);
  if (value === undefined) throw new Error(`the secret ${id} has no value`);
  if (key === undefined || key === '') return value;
  return jsonField(id, value, key);
}

/** The messages of faults here name the secret and the key, never the value: JSON.parse itself would quote it. */
function jsonField(id: string, value: string, key: string): string {
  let fields: unknown;
  try {
    fields = JSON.parse(value);
  } catch {
    throw new Error(`the secret ${id} is no JSON document, so it has no ${key}`);
  }
  const field = (fields as Record<string, unknown> | null)?.[key];
  if (typeof field !== 'string') throw new Error(`the secret ${id} has no text under ${key}`);
  return field;
}

/** The whole environment of a task's process. */
export async function taskEnvironment(
  definition: TaskDefinition,
  imageVariables: Readonly<Record<string, string>>,
  { aws, program }: { aws: LocalAws; program: Program },
): Promise<Record<string, string>> {
  const secrets = definition.secrets.map(({ name, valueFrom }) => [name, secretValue(aws, valueFrom)]);
  const variables: Record<string, string> = {
    PATH: PROGRAM_PATH,
    // A home without ~/.aws: the developer's own profile must not reach the container.
    HOME: '/nonexistent',
    ...imageVariables,
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    AWS_EXECUTION_ENV: 'AWS_ECS_FARGATE',
    AWS_ACCESS_KEY_ID: program.caller.accessKeyId,
    AWS_SECRET_ACCESS_KEY: program.secretAccessKey,
    AWS_ENDPOINT_URL: aws.url,
    ...definition.variables,
    ...Object.fromEntries(secrets),
  };
  for (const name of OWN_LOOPBACK_PORTS) if (name in variables) variables[name] = String(await freePort());
  return variables;
}
