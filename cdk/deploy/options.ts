import { parseArgs } from 'node:util';

export interface DeployOptions {
  /** Absent: the stage of the configuration. */
  stage?: string;
  /** Looks only; nothing is deployed. */
  check: boolean;
  /** Of the AWS configuration files; goes to the CDK as well. */
  profile?: string;
  /** Name of the stack that `cdk bootstrap` made. */
  toolkitStackName: string;
  /** For `cdk deploy`, as they came. */
  passedOn: readonly string[];
}

export type CommandLine =
  | { kind: 'run'; options: DeployOptions }
  | { kind: 'help'; text: string }
  | { kind: 'wrong'; problems: string[] };

const HELP = `Deploys Bindery into an AWS account.

Usage: npm run deploy -- [options]

  --stage NAME   the stage of cdk.json to deploy (default: that of the configuration, or prod)
  --check        look whether everything is there, and deploy nothing
  --help         show this

Every other option goes to \`cdk deploy\`, such as --profile NAME, --require-approval never or --no-rollback.

Environment:

  CDK_DOCKER     what builds the image in Docker's place: podman, finch, nerdctl
  AWS_PROFILE, AWS_REGION, AWS_ACCESS_KEY_ID, ...
                 where to, as for every AWS tool

docs/deploy.md has the whole way.`;

const OWN = ['stage', 'check', 'help'];
/** The CDK's options that are looked at on their way. */
const READ = ['profile', 'toolkit-stack-name'];

/** Reads what stands behind `npm run deploy --`. What is not known here is the CDK's to judge. */
export function readCommandLine(args: readonly string[]): CommandLine {
  const { tokens } = parseArgs({
    args: [...args],
    strict: false,
    tokens: true,
    options: {
      stage: { type: 'string' },
      check: { type: 'boolean' },
      help: { type: 'boolean' },
      profile: { type: 'string' },
      'toolkit-stack-name': { type: 'string' },
    },
  });
  const problems: string[] = [];
  const given = new Map<string, string>();
  const consumed = new Set<number>();
  for (const token of tokens) {
    if (token.kind !== 'option' || ![...OWN, ...READ].includes(token.name)) continue;
    const takesValue = !['check', 'help'].includes(token.name);
    if (takesValue && !/^[^-]/.test(token.value ?? '')) problems.push(`--${token.name} needs a value`);
    given.set(token.name, token.value ?? '');
    if (READ.includes(token.name)) continue;
    consumed.add(token.index);
    if (token.value !== undefined && !token.inlineValue) consumed.add(token.index + 1);
  }
  const passedOn = args.filter((_, index) => !consumed.has(index));
  if (passedOn.some((arg) => arg.includes('bindery:stage'))) problems.push('bindery:stage: say --stage NAME instead');
  if (args.includes('--help')) return { kind: 'help', text: HELP };
  if (problems.length > 0) return { kind: 'wrong', problems };
  const [stage, profile] = [given.get('stage'), given.get('profile')];
  return {
    kind: 'run',
    options: {
      ...(stage === undefined ? {} : { stage }),
      ...(profile === undefined ? {} : { profile }),
      check: given.has('check'),
      toolkitStackName: given.get('toolkit-stack-name') ?? 'CDKToolkit',
      passedOn,
    },
  };
}
