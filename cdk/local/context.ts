import type { Assembly } from './assembly.ts';
import type { LocalAws } from './aws/api.ts';
import type { Caller } from './aws/call.ts';
import type { CloudWatch } from './cloudwatch/cloudwatch.ts';
import type { ContainerService } from './container/service.ts';
import type { TaskDefinition } from './container/task-definition.ts';
import type { HttpApi } from './http-api/api.ts';
import type { Integration } from './http-api/routes.ts';
import { type Principal, roleNameOf, rolePrincipal } from './iam/principals.ts';
import type { Standing } from './iam/standing.ts';
import type { AsyncInvocations } from './lambda/async-invocation.ts';
import type { LambdaFunction } from './lambda/function.ts';
import type { LogFiles } from './log-files.ts';
import type { Observe } from './observation.ts';
import type { Finding, Resource } from './resources/resource.ts';

/** Something that reads a queue or a stream, or fires by the clock. Started when the whole template stands. */
export interface Trigger {
  start(): void | Promise<void>;
  /** Takes nothing new, and waits for what is under way. */
  close(): Promise<void>;
}

/** A table's stream with the triggers that read it: the stream must know all of them at once. */
export interface StreamConsumer {
  tableName: string;
  name: string;
  startingPosition: 'TRIM_HORIZON' | 'LATEST';
}

/** What the resources of a stack share while it is deployed, and what runs when it stands. */
export interface StackContext {
  stackName: string;
  assembly: Assembly;
  aws: LocalAws;
  logs: LogFiles;
  observe: Observe;
  cloudwatch: CloudWatch;
  report(finding: Finding): void;
  /** The name that the template gives in that property, or one that is the same at each start, so that data survives. */
  nameOf(resource: Resource<object>, property: string, maximumLength: number): string;
  /** Queue URLs by ARN. */
  queues: Map<string, string>;
  /** Table names by stream ARN. */
  streams: Map<string, string>;
  functions: Map<string, LambdaFunction>;
  asyncInvocations: AsyncInvocations;
  streamConsumers: StreamConsumer[];
  triggers: Trigger[];
  /** Port of the first HTTP API; 0 takes a free one. */
  apiPort: number;
  apis: Map<string, HttpApi>;
  integrations: Map<string, Integration>;
  taskDefinitions: Map<string, TaskDefinition>;
  services: Map<string, ContainerService>;
  /** What AWS itself does under the stack's roles. */
  standing: Standing[];
}

/** A program with the key that it calls AWS with. */
export interface Program {
  caller: Caller;
  principal: Principal;
  secretAccessKey: string;
}

/** Who starts a program and gives it the credentials of its role. */
export type Starter = 'lambda.amazonaws.com' | 'ecs-tasks.amazonaws.com';

/**
 * Gives a program an access key of its own, so that the front knows who calls.
 * @throws Error when it has no role of the stack, AccessDenied when the role does not trust who starts it
 */
export function registerProgram(
  aws: LocalAws,
  program: string,
  { roleArn, starter }: { roleArn: unknown; starter: Starter },
): Program {
  const role = roleNameOf(roleArn);
  if (role === undefined || !aws.policies.hasRole(role)) throw new Error(`${program} has no role of the stack`);
  aws.policies.require({ kind: 'service', name: starter }, { action: 'sts:AssumeRole', resource: String(roleArn) });
  const identity = { program, role };
  const { accessKeyId, secretAccessKey } = aws.registerCaller(identity);
  const caller = { accessKeyId, ...identity };
  return { caller, principal: rolePrincipal(role, program), secretAccessKey };
}
