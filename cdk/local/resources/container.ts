import { imageAsset } from '../assembly.ts';
import { arn } from '../aws/arn.ts';
import { ContainerService } from '../container/service.ts';
import type { HealthCheck } from '../container/task-definition.ts';
import type { StackContext } from '../context.ts';
import { fetchImage, type Standing, underRole, writeLog } from '../iam/standing.ts';
import { type Identity, type Resource, type ResourceFamily, textOf } from './resource.ts';

/** Template values of type number may be written as text. */
type Numeric = number | string;

interface ContainerProperties {
  Name: string;
  Image: string;
  EntryPoint?: string[];
  Command?: string[];
  Environment?: { Name: string; Value: unknown }[];
  Secrets?: { Name: string; ValueFrom: string }[];
  HealthCheck?: { Command?: string[] } & Partial<Record<'Interval' | 'Timeout' | 'Retries' | 'StartPeriod', Numeric>>;
  StopTimeout?: Numeric;
  LogConfiguration?: { LogDriver: string; Options?: Record<string, string> };
}

const NAME_CHARACTERS = 255;
/** Seconds between SIGTERM and SIGKILL on Fargate unless told otherwise. */
const STOP_TIMEOUT_SECONDS = 30;

function healthCheckOf({ HealthCheck: check }: ContainerProperties): HealthCheck | undefined {
  const [form, ...command] = check?.Command ?? [];
  if (check === undefined || form === undefined || form === 'NONE') return undefined;
  return {
    command: form === 'CMD-SHELL' ? ['/bin/sh', '-c', ...command] : command,
    intervalMs: Number(check.Interval ?? 30) * 1000,
    timeoutMs: Number(check.Timeout ?? 5) * 1000,
    retries: Number(check.Retries ?? 3),
    startPeriodMs: Number(check.StartPeriod ?? 0) * 1000,
  };
}

/** The ARN of a secret has seven parts; what may follow chooses a key and a version. */
const secretArnOf = (valueFrom: string): string => valueFrom.split(':').slice(0, 7).join(':');

/** What ECS does under the execution role before a task runs. Without such a role it may do nothing. */
function needsOfEcs({ Image, Secrets = [], LogConfiguration }: ContainerProperties, roleArn: unknown): Standing[] {
  const group = LogConfiguration?.Options?.['awslogs-group'];
  const demands = [
    ...fetchImage(Image),
    ...(group === undefined ? [] : writeLog(group)),
    ...Secrets.map(({ ValueFrom }) => ({ action: 'secretsmanager:GetSecretValue', resource: secretArnOf(ValueFrom) })),
  ];
  if (demands.length === 0) return [];
  return underRole(String(roleArn), { service: 'ecs-tasks.amazonaws.com', session: 'ecs', demands });
}

const MACHINE = 'the container is a process of this machine';
const CONTAINER = 'ContainerDefinitions';

export const taskDefinition: ResourceFamily = {
  type: 'AWS::ECS::TaskDefinition',
  honours: [
    `${CONTAINER}.Name`,
    `${CONTAINER}.Image`,
    `${CONTAINER}.EntryPoint`,
    `${CONTAINER}.Command`,
    `${CONTAINER}.Environment`,
    `${CONTAINER}.Secrets`,
    `${CONTAINER}.HealthCheck`,
    `${CONTAINER}.StopTimeout`,
    `${CONTAINER}.LogConfiguration`,
    'ExecutionRoleArn',
    'TaskRoleArn',
  ],
  ignores: {
    [`${CONTAINER}.Essential`]: 'a task has one container',
    [`${CONTAINER}.Cpu`]: MACHINE,
    [`${CONTAINER}.Memory`]: MACHINE,
    [`${CONTAINER}.MemoryReservation`]: MACHINE,
    [`${CONTAINER}.LinuxParameters`]: MACHINE,
    [`${CONTAINER}.PortMappings`]: 'the container’s ports are this machine’s',
    [`${CONTAINER}.ReadonlyRootFilesystem`]: 'a process can’t be kept from a file system that it shares',
    [`${CONTAINER}.Ulimits`]: MACHINE,
    [`${CONTAINER}.User`]: 'the container runs as the user of the local stack',
    Cpu: MACHINE,
    Family: 'a name changes nothing',
    Memory: MACHINE,
    NetworkMode: 'the network is this machine’s',
    RequiresCompatibilities: MACHINE,
    RuntimePlatform: MACHINE,
    Tags: 'tags change nothing',
  },

  deploy({ logicalId, type, properties }: Resource, context: StackContext): Promise<Identity> {
    const [container, ...others] = (properties[CONTAINER] ?? []) as ContainerProperties[];
    if (container === undefined) throw new Error(`${logicalId} has no container`);
    for (const { Name } of others) {
      const message = `the container ${Name} does not run: a task has one container here`;
      context.report({ logicalId, type, property: CONTAINER, message });
    }
    context.standing.push(...needsOfEcs(container, properties['ExecutionRoleArn']));
    const definitionArn = arn('ecs', `task-definition/${logicalId}:1`);
    const { EntryPoint, Command } = container;
    const healthCheck = healthCheckOf(container);
    context.taskDefinitions.set(definitionArn, {
      logicalId,
      name: container.Name.toLowerCase(),
      taskRoleArn: properties['TaskRoleArn'],
      image: imageAsset(context.assembly, container.Image),
      ...(EntryPoint === undefined ? {} : { entrypoint: EntryPoint }),
      ...(Command === undefined ? {} : { command: Command }),
      variables: Object.fromEntries(
        (container.Environment ?? []).map(({ Name, Value }) => [Name, textOf(Value) ?? '']),
      ),
      secrets: (container.Secrets ?? []).map(({ Name, ValueFrom }) => ({ name: Name, valueFrom: ValueFrom })),
      ...(healthCheck === undefined ? {} : { healthCheck }),
      stopTimeoutMs: Number(container.StopTimeout ?? STOP_TIMEOUT_SECONDS) * 1000,
    });
    return Promise.resolve({ ref: definitionArn, attributes: { TaskDefinitionArn: definitionArn } });
  },
};

export const service: ResourceFamily = {
  type: 'AWS::ECS::Service',
  honours: ['TaskDefinition', 'DesiredCount', 'ServiceName'],
  ignores: {
    Cluster: MACHINE,
    DeploymentConfiguration: 'a deploy here starts the new task, waits until it is healthy and stops the old one',
    DeploymentController: 'there is one way to deploy here',
    EnableECSManagedTags: 'tags change nothing',
    EnableExecuteCommand: 'the container is at hand',
    HealthCheckGracePeriodSeconds: 'there is no load balancer here',
    LaunchType: MACHINE,
    NetworkConfiguration: 'the network is this machine’s',
    PlatformVersion: MACHINE,
    PropagateTags: 'tags change nothing',
    Tags: 'tags change nothing',
  },

  deploy(resource: Resource, context: StackContext): Promise<Identity> {
    const { logicalId, properties } = resource;
    const definition = context.taskDefinitions.get(String(properties['TaskDefinition']));
    if (definition === undefined) throw new Error(`${logicalId}: TaskDefinition is not of the stack`);
    const name = context.nameOf(resource, 'ServiceName', NAME_CHARACTERS);
    const serviceArn = arn('ecs', `service/${name}`);
    const desiredCount = Number(properties['DesiredCount'] ?? 1);
    context.services.set(logicalId, new ContainerService(name, definition, desiredCount, context));
    return Promise.resolve({ ref: serviceArn, attributes: { Name: name, ServiceArn: serviceArn } });
  },
};
