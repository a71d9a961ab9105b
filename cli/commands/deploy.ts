import type { AccountStatus } from '../../docs/client/bindery.ts';
import { checkApi } from '../checks/api.ts';
import { type Check, showChecks } from '../checks/check.ts';
import { checkConfiguration } from '../checks/configuration.ts';
import { checkCredentials } from '../checks/credentials.ts';
import { checkStack, failedCheck } from '../checks/stack.ts';
import type { Command, Context } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { apiOf } from '../stack/api.ts';
import { awsSettings, describeStack, placeOf, type Wanted } from '../stack/find-stack.ts';

/** The stack that `cdk bootstrap` makes, once for each account and region. */
const TOOLKIT = 'CDKToolkit';

/** A stage is meant wherever this command is used: the stack on this machine is no deployment. */
function deployed(wanted: Wanted): Wanted {
  return { ...wanted, stack: placeOf(wanted).stackName };
}

/** What goes behind `npm run deploy` for the stage that is meant. */
function deployCommand({ stage, profile }: Wanted): string {
  const options = [
    ...(stage === undefined ? [] : [`--stage ${stage}`]),
    ...(profile === undefined ? [] : [`--profile ${profile}`]),
  ];
  return ['npm run deploy', ...(options.length === 0 ? [] : ['--', ...options])].join(' ');
}

async function checkBootstrap(wanted: Wanted): Promise<Check> {
  const name = 'bootstrap';
  const toolkit = await describeStack(awsSettings(wanted), TOOLKIT);
  if (toolkit !== undefined) {
    const [, , , region, account] = (toolkit.StackId ?? '').split(':');
    return { name, state: 'good', detail: `account ${account ?? '?'}, region ${region ?? '?'}` };
  }
  const profile = wanted.profile === undefined ? '' : ` --profile ${wanted.profile}`;
  return {
    name,
    state: 'bad',
    detail: 'this account and region have not been prepared for the CDK',
    next: `Once: \`npx cdk bootstrap${profile}\``,
  };
}

/** The steps to a message that arrives, in order. Ends at the first that is not done: those behind it need it. */
async function* steps(context: Context): AsyncGenerator<Check> {
  const wanted = deployed(context.wanted);
  const { check, configuration } = await checkConfiguration(wanted.stage);
  yield check;
  if (configuration === undefined) return;
  try {
    const bootstrap = await checkBootstrap(wanted);
    yield bootstrap;
    if (bootstrap.state === 'bad') return;
  } catch (error) {
    return yield failedCheck('AWS credentials', error);
  }
  const deployment = checkStack(wanted);
  let step = await deployment.next();
  for (; step.done !== true; step = await deployment.next()) {
    const { value } = step;
    // That they are good has shown already.
    if (value.name !== 'AWS credentials')
      yield value.state === 'good' ? value : { ...value, next: `Deploy: \`${deployCommand(wanted)}\`` };
  }
  const stack = step.value;
  if (stack === undefined) return;
  for (const account of configuration.accounts) {
    const credentials = (await checkCredentials(stack, account)).check;
    yield credentials;
    if (credentials.state === 'bad') return;
  }
  const api = checkApi(await apiOf(stack, context.environment));
  let look: IteratorResult<Check, readonly AccountStatus[]> = await api.next();
  for (; look.done !== true; look = await api.next()) yield look.value;
}

export const deploy: Command = {
  name: 'deploy',
  summary: 'show the steps of a deployment, and which are done; deploys nothing itself',
  about:
    'Ends at the first step that is left to do. docs/deploy.md explains each. The exit status is 1 where one is left.',
  arguments: [],
  options: {},
  examples: ['deploy', 'deploy --stage prod --profile default --region ap-southeast-1'],
  async run(_, context) {
    const { terminal } = context;
    const made = await showChecks(steps(context), terminal);
    const isDone = made.every(({ state }) => state !== 'bad');
    terminal.answer({ done: isDone, steps: made }, () => [
      '',
      isDone
        ? 'Deployed and bound. The first message: npm run cli -- send --to +639171234567 --from SENDER --text Hello'
        : terminal.paint('yellow', 'One step is left: see → above. Then run this again.'),
    ]);
    return isDone ? EXIT.done : EXIT.failed;
  },
};
