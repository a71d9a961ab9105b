import { codeFolder, displayName } from '../assembly.ts';
import { arn, REGION } from '../aws/arn.ts';
import { PROGRAM_PATH } from '../child-process.ts';
import { type Program, registerProgram, type StackContext } from '../context.ts';
import { park, writeLog } from '../iam/standing.ts';
import { LambdaFunction } from '../lambda/function.ts';
import { type Identity, type Resource, type ResourceFamily, textOf } from './resource.ts';

const NAME_CHARACTERS = 64;

interface FunctionProperties {
  FunctionName?: string;
  Code: { S3Bucket?: string; S3Key?: string };
  Handler?: string;
  Runtime?: string;
  Role?: string;
  Timeout?: number | string;
  MemorySize?: number | string;
  ReservedConcurrentExecutions?: number | string;
  Environment?: { Variables?: Record<string, unknown> };
  LoggingConfig?: { LogGroup?: string };
}

/** The environment of the function's processes: what the template gives, what Lambda adds, and nothing of our own. */
function variablesOf(
  name: string,
  folder: string,
  { properties, program, endpointUrl }: { properties: FunctionProperties; program: Program; endpointUrl: string },
): Record<string, string> {
  const declared = Object.entries(properties.Environment?.Variables ?? {}).map(([key, value]) => [
    key,
    textOf(value) ?? '',
  ]);
  return {
    PATH: PROGRAM_PATH,
    // A home without ~/.aws, as on Lambda: the developer's own profile must not reach the function.
    HOME: '/nonexistent',
    TZ: ':UTC',
    LANG: 'en_US.UTF-8',
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    AWS_ACCESS_KEY_ID: program.caller.accessKeyId,
    AWS_SECRET_ACCESS_KEY: program.secretAccessKey,
    AWS_ENDPOINT_URL: endpointUrl,
    AWS_EXECUTION_ENV: `AWS_Lambda_${properties.Runtime ?? ''}`,
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(properties.MemorySize ?? 128),
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: 'local',
    LAMBDA_TASK_ROOT: folder,
    _HANDLER: properties.Handler ?? 'index.handler',
    ...Object.fromEntries(declared),
  };
}

export const lambdaFunction: ResourceFamily = {
  type: 'AWS::Lambda::Function',
  honours: [
    'FunctionName',
    'Code.S3Bucket',
    'Code.S3Key',
    'Environment.Variables',
    'Handler',
    'LoggingConfig.LogGroup',
    'MemorySize',
    'ReservedConcurrentExecutions',
    'Role',
    'Runtime',
    'Timeout',
  ],
  ignores: {
    Architectures: 'the code is not bound to one; it runs on this machine’s',
    Description: 'a description changes nothing',
    KmsKeyArn: 'the environment is not stored here',
    RecursiveLoop: 'nobody counts here how often a function calls itself',
    Tags: 'tags change nothing',
    TracingConfig: 'there is no X-Ray here',
    VpcConfig: 'the network is this machine’s',
  },

  deploy(resource: Resource, context: StackContext): Promise<Identity> {
    const { logicalId, type } = resource;
    const properties = resource.properties as unknown as FunctionProperties;
    if (!properties.Runtime?.startsWith('nodejs')) {
      context.report({ logicalId, type, property: 'Runtime', message: 'only Node runtimes are known here' });
    }
    const name = context.nameOf(resource, 'FunctionName', NAME_CHARACTERS);
    const functionArn = arn('lambda', `function:${name}`);
    const folder = codeFolder(context.assembly, String(properties.Code.S3Key));
    const role = { roleArn: properties.Role, starter: 'lambda.amazonaws.com' } as const;
    const program = registerProgram(context.aws, logicalId, role);
    context.standing.push({
      principal: program.principal,
      demands: writeLog(properties.LoggingConfig?.LogGroup ?? `/aws/lambda/${name}`),
    });
    const { ReservedConcurrentExecutions: reserved } = properties;
    const programName = displayName(context.assembly, logicalId);
    const deployed = new LambdaFunction({
      name: programName,
      arn: functionArn,
      codeFolder: folder,
      variables: variablesOf(name, folder, { properties, program, endpointUrl: context.aws.url }),
      timeoutMs: Number(properties.Timeout ?? 3) * 1000,
      ...(reserved === undefined ? {} : { reservedConcurrency: Number(reserved) }),
      caller: program.caller,
      principal: program.principal,
      onLine: (line) => {
        context.logs.write(programName, line);
        context.observe({ kind: 'line', program: programName, line });
      },
      observe: context.observe,
    });
    context.functions.set(functionArn, deployed);
    // Other resources name a function by its name as well.
    context.functions.set(name, deployed);
    return Promise.resolve({ ref: name, attributes: { Arn: functionArn } });
  },
};

export const eventInvokeConfig: ResourceFamily = {
  type: 'AWS::Lambda::EventInvokeConfig',
  honours: [
    'FunctionName',
    'Qualifier',
    'MaximumRetryAttempts',
    'MaximumEventAgeInSeconds',
    'DestinationConfig.OnFailure.Destination',
  ],
  ignores: {},

  deploy({ logicalId, type, properties }: Resource, context: StackContext): Promise<Identity> {
    const target = context.functions.get(String(properties['FunctionName']));
    if (target === undefined) throw new Error(`${logicalId}: FunctionName is no function of the stack`);
    const { OnFailure } = (properties['DestinationConfig'] ?? {}) as { OnFailure?: { Destination?: string } };
    const queueUrl = context.queues.get(OnFailure?.Destination ?? '');
    if (OnFailure?.Destination !== undefined && queueUrl === undefined) {
      const message = 'is no queue of the stack; only queues are known here';
      context.report({ logicalId, type, property: 'DestinationConfig.OnFailure.Destination', message });
    }
    if (OnFailure?.Destination !== undefined && queueUrl !== undefined) {
      context.standing.push({ principal: target.specification.principal, demands: park(OnFailure.Destination) });
    }
    target.asyncOptions = {
      maximumRetries: Number(properties['MaximumRetryAttempts'] ?? 2),
      maximumAgeMs: Number(properties['MaximumEventAgeInSeconds'] ?? Infinity) * 1000,
      ...(queueUrl === undefined ? {} : { onFailureQueueUrl: queueUrl }),
    };
    return Promise.resolve({ ref: logicalId, attributes: {} });
  },
};
