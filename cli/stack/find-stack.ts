import { CloudFormationClient, DescribeStacksCommand, type Stack as Description } from '@aws-sdk/client-cloudformation';
import { readStackFile, type StackFile } from '../../cdk/local/stack-file.ts';
import type { Account } from '../../shared/config/account.ts';
import { clientLimits, IN_THE_BACKGROUND } from '../../shared/config/aws-limits.ts';
import { EXIT } from '../exit-codes.ts';
import { CliError } from '../failure.ts';
import { type Place, placeOfProject, projectConfiguration, stageOf } from './project.ts';
import type { AwsSettings, Stack } from './stack.ts';

/** What the command line says of the stack that it means. */
export interface Wanted {
  /** Name of a deployed stack. */
  stack?: string | undefined;
  /** A stage of this checkout's configuration. */
  stage?: string | undefined;
  profile?: string | undefined;
  region?: string | undefined;
  /** State folder of a local stack. */
  state?: string | undefined;
}

const DEFAULT_STATE_DIRECTORY = '.bindery';

/** Every client of the command line gives up in time. */
export function clientSettings(aws: AwsSettings) {
  return { ...aws, ...clientLimits(IN_THE_BACKGROUND) };
}

/**
 * What is meant, with the stage whose stack is named: the settings of another one, its operators' addresses among them, are not
 * those of this stack.
 */
export function withStage(wanted: Wanted): Wanted {
  const stage = wanted.stage ?? (wanted.stack === undefined ? undefined : stageOf(wanted.stack));
  return stage === undefined ? wanted : { ...wanted, stage };
}

/** The deployed stack that is meant, and where it is looked for. */
export function placeOf({ stack, stage, region }: Wanted): Place {
  if (stack !== undefined && stage === undefined) return { stackName: stack, region };
  const place = placeOfProject(stage);
  return { stackName: stack ?? place.stackName, region: region ?? place.region };
}

/** Accounts of what this checkout would deploy as that stack. */
async function accountsOf({ stack, stage }: Wanted): Promise<readonly Account[]> {
  if (stack !== undefined && stage === undefined) {
    throw new CliError('no_stage', `no stage of cdk.json has the stack ${stack}, so its operators are not known here`, {
      next: 'Say with --stage whose settings it has.',
      exitCode: EXIT.usage,
    });
  }
  return (await projectConfiguration(stage)).accounts;
}

export function awsSettings(wanted: Wanted): AwsSettings {
  const { profile } = wanted;
  const { region } = placeOf(wanted);
  return { ...(profile === undefined ? {} : { profile }), ...(region === undefined ? {} : { region }) };
}

/** A stack's description; undefined where there is none of that name. */
export async function describeStack(aws: AwsSettings, name: string): Promise<Description | undefined> {
  const client = new CloudFormationClient(clientSettings(aws));
  try {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: name }));
    return Stacks[0];
  } catch (error) {
    if (error instanceof Error && error.message.includes('does not exist')) return undefined;
    throw error;
  } finally {
    client.destroy();
  }
}

function outputsOf({ Outputs = [] }: Description): Record<string, string> {
  return Object.fromEntries(
    Outputs.flatMap(({ OutputKey: key, OutputValue: value }) => (key === undefined ? [] : [[key, value ?? '']])),
  );
}

function localStack({ name, outputs, aws, accounts }: StackFile): Stack {
  const { endpoint, region, ...credentials } = aws;
  return { kind: 'local', name, outputs, aws: { endpoint, region, credentials }, accounts: async () => accounts };
}

/** The local stack whose state is in that folder; undefined where it does not run. */
export function findLocalStack({ state = DEFAULT_STATE_DIRECTORY }: Wanted): Stack | undefined {
  const file = readStackFile(state);
  return file === undefined ? undefined : localStack(file);
}

/** Whether a deployed stack is meant and no other. */
export function isDeployed({ stack, stage, profile, region }: Wanted): boolean {
  return [stack, stage, profile, region].some((named) => named !== undefined);
}

/**
 * The stack that is meant: a deployed one where its name, a stage, a profile or a region is given; else the local one, if it runs; else
 * the one that this checkout deploys.
 * @throws CliError where there is none
 */
export async function findStack(wanted: Wanted): Promise<Stack> {
  if (!isDeployed(wanted)) {
    const local = findLocalStack(wanted);
    if (local !== undefined) return local;
    if (wanted.state !== undefined) throw noLocalStack(wanted.state);
  }
  const { stackName: name } = placeOf(wanted);
  const aws = awsSettings(wanted);
  const description = await describeStack(aws, name).catch((error: unknown) => {
    if (isDeployed(wanted)) throw error;
    throw noStack(error);
  });
  if (description === undefined) {
    throw new CliError('no_stack', `there is no stack ${name} in this AWS account and region`, {
      next: 'Deploy it (`npm run cli -- deploy` says how), name another with --stack, or start one here with `npm start`.',
      exitCode: EXIT.unreachable,
    });
  }
  return { kind: 'deployed', name, outputs: outputsOf(description), aws, accounts: () => accountsOf(wanted) };
}

/** The local stack of a folder was named, and does not run. */
export function noLocalStack(state: string): CliError {
  return new CliError('no_local_stack', `no local stack runs with its state in ${state}`, {
    next: `Start one: npm start -- --state ${state}`,
    exitCode: EXIT.unreachable,
  });
}

/** Nothing runs here, and AWS could not be asked: most who see this wanted the first. */
function noStack(error: unknown): CliError {
  const why = error instanceof Error ? error.message : String(error);
  return new CliError('no_stack', `no local stack runs here, and AWS could not be asked for a deployed one: ${why}`, {
    next: 'Start one here with `npm start`, or sign in to AWS and name --profile, --region or --stack.',
    exitCode: EXIT.unreachable,
  });
}
