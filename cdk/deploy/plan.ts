import { stackName } from '../config/resolve.ts';
import type { Configuration } from '../config/schema.ts';
import type { DeployOptions } from './options.ts';

/** What a deploy does, before it does it. */
export function planLines(configuration: Configuration): string[] {
  const { accounts, aws, vpc, binder, testMode } = configuration;
  const names = accounts.map(({ name, segmentsPerSecond }) => `${name} (${segmentsPerSecond} segments/s)`);
  const where = aws === undefined ? 'the account and region of your credentials' : `${aws.account} in ${aws.region}`;
  return [
    `This deploys the stack ${stackName(configuration)} into ${where}:`,
    `  accounts  ${names.join(', ')}${testMode ? ', and test for test keys' : ''}`,
    `  binder    ${binder.count} × ${binder.cpu} CPU units, ${binder.memoryMiB} MiB, network ${vpc.kind}`,
    '',
    'The CDK makes the template, builds and uploads the image, shows changes of rights and asks before it makes them.',
    'A first deploy takes about ten minutes. Ctrl-C stops the waiting, not the deployment.',
  ];
}

/** Arguments of the CDK's command line. */
export function cdkArguments(configuration: Configuration, { passedOn }: Pick<DeployOptions, 'passedOn'>): string[] {
  const { stage } = configuration;
  return ['deploy', stackName(configuration), '-c', `bindery:stage=${stage}`, '--progress', 'events', ...passedOn];
}

/** What is left to do when the stack stands. */
export function nextLines({ stage, accounts }: Configuration, { profile }: Pick<DeployOptions, 'profile'>): string[] {
  const place = `--stage ${stage}${profile === undefined ? '' : ` --profile ${profile}`}`;
  const credentials = accounts.map(({ name }) => `  npm run cli -- credentials --account ${name} ${place}`);
  return [
    'What is next:',
    '',
    ...credentials,
    "      asks for the operator's system id and password, and stores them; the binder binds within minutes",
    `  npm run cli -- doctor ${place}`,
    '      looks at everything from the API to the session',
    `  npm run cli -- keys create --name first --scopes messages:send,messages:read ${place}`,
    '      a key for your first program; the admin key is for people',
    `  npm run cli -- send --to +639171234567 --from SENDER --text Hello ${place}`,
    '      a first message, which costs what the operator asks for it',
  ];
}
