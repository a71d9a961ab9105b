import { execFile } from 'node:child_process';
import type { Configuration } from '../config/schema.ts';
import type { Finding } from './finding.ts';

/** The first that runs TypeScript by itself. */
const OLDEST_NODE = [22, 18] as const;
const DOCKER_TIMEOUT_MS = 20_000;

export function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isOld = major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1]);
  return {
    name: 'Node',
    state: isOld ? 'bad' : 'good',
    detail: version,
    ...(isOld ? { next: `Node ${OLDEST_NODE.join('.')} or newer is needed; nodejs.org has Node 24` } : {}),
  };
}

/** Whether the program that builds the image answers: `docker info` asks its engine, `docker --version` would not. */
export async function checkDocker(program: string): Promise<Finding> {
  const fault = await new Promise<{ code?: unknown; said: string } | undefined>((resolve) => {
    execFile(program, ['info'], { timeout: DOCKER_TIMEOUT_MS }, (error, _stdout, stderr) => {
      resolve(error === null ? undefined : { code: error.code, said: stderr.trim().split('\n').at(-1) ?? '' });
    });
  });
  const name = 'image builder';
  if (fault === undefined) return { name, state: 'good', detail: program };
  const next = 'Install Docker and start it, or name what you have instead: CDK_DOCKER=podman (finch, nerdctl)';
  if (fault.code === 'ENOENT') return { name, state: 'bad', detail: `there is no ${program}`, next };
  return { name, state: 'bad', detail: `${program} is there, and its engine does not answer: ${fault.said}`, next };
}

/** What AWS says of where the deploy would go. */
export type Destination =
  | { kind: 'prepared'; account: string; region: string }
  | { kind: 'unprepared'; region: string }
  | { kind: 'no_region' }
  | { kind: 'no_credentials'; why: string }
  /** Credentials that may do nothing but take on the CDK's roles are the best ones. */
  | { kind: 'not_told'; why: string };

const SIGN_IN =
  'Sign in: `aws sso login`, or AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; then run this again';

/** @param profile as it stands on the command line */
export function checkDestination(
  destination: Destination,
  { aws }: Pick<Configuration, 'aws'>,
  profile?: string,
): Finding {
  const name = 'AWS';
  switch (destination.kind) {
    case 'no_region':
      return { name, state: 'bad', detail: 'no region', next: 'AWS_REGION=..., or `aws` of the stage in cdk.json' };
    case 'no_credentials':
      return { name, state: 'bad', detail: `no credentials that work: ${destination.why}`, next: SIGN_IN };
    case 'not_told':
      return { name, state: 'unknown', detail: `it is not said whether the CDK is prepared: ${destination.why}` };
    case 'unprepared': {
      const target = aws === undefined ? '' : ` aws://${aws.account}/${aws.region}`;
      const next = `Once for each account and region: \`npx cdk bootstrap${target}${profile === undefined ? '' : ` --profile ${profile}`}\``;
      return { name, state: 'bad', detail: `region ${destination.region} is not prepared for the CDK`, next };
    }
    case 'prepared': {
      const { account, region } = destination;
      const detail = `account ${account}, region ${region}, prepared for the CDK`;
      if (aws === undefined || aws.account === account) return { name, state: 'good', detail };
      const next = `The stage belongs to account ${aws.account}: sign in there`;
      return { name, state: 'bad', detail: `the credentials are those of account ${account}`, next };
    }
  }
}
