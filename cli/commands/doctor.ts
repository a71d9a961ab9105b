import type { AccountStatus, Lane, Usage } from '../../docs/client/bindery.ts';
import type { Account } from '../../shared/config/account.ts';
import { checkApi } from '../checks/api.ts';
import { checkBind } from '../checks/bind.ts';
import { type Check, showChecks } from '../checks/check.ts';
import { checkConfiguration } from '../checks/configuration.ts';
import { checkCredentials } from '../checks/credentials.ts';
import { checkLanes, checkQuota } from '../checks/load.ts';
import { checkQueues } from '../checks/queues.ts';
import { checkStack, failedCheck } from '../checks/stack.ts';
import type { Command, Context } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { reachOperator } from '../operator/reach.ts';
import { apiOf } from '../stack/api.ts';
import type { Stack } from '../stack/stack.ts';

interface Scene {
  context: Context;
  force: boolean;
}

/** What the API tells of the accounts. */
interface Told {
  statuses: readonly AccountStatus[];
  lanes: readonly Lane[];
  usage: readonly Usage[];
}

/** The API with the key that other commands use. */
async function* examineApi(stack: Stack, { environment, signal }: Context): AsyncGenerator<Check, Told> {
  try {
    const api = await apiOf(stack, environment);
    const statuses = yield* checkApi(api);
    if (statuses.length === 0) return { statuses, lanes: [], usage: [] };
    const [lanes, usage] = await Promise.all([api.listLanes({ signal }), api.listUsage({ signal })]);
    return { statuses, lanes: lanes.data, usage: usage.data };
  } catch (error) {
    yield failedCheck('API and key', error);
    return { statuses: [], lanes: [], usage: [] };
  }
}

/** The command line has no client of CloudWatch: it says where alarms are seen. */
function alarmsOf({ kind, name }: Stack): Check {
  if (kind === 'local')
    return { name: 'alarms', state: 'skipped', detail: 'the terminal of `npm start` shows those that are raised' };
  const command = `aws cloudwatch describe-alarms --state-value ALARM --alarm-name-prefix ${name}- --query "MetricAlarms[].AlarmName"`;
  return { name: 'alarms', state: 'skipped', detail: 'not asked; those that are raised:', next: command };
}

async function* examineAccount(
  account: Account,
  { stack, told, force }: { stack: Stack; told: Told; force: boolean },
): AsyncGenerator<Check> {
  const status = told.statuses.find((one) => one.account === account.name);
  if (status !== undefined) yield checkLanes(account, told.lanes);
  yield* checkQuota(account, told.usage);
  const { check, credentials } = await checkCredentials(stack, account);
  yield check;
  yield* reachOperator(account);
  if (credentials !== undefined) yield await checkBind(account, credentials, { status, force });
}

async function* examineStack(stack: Stack, { context, force }: Scene): AsyncGenerator<Check> {
  const told = yield* examineApi(stack, context);
  yield await checkQueues(stack);
  yield alarmsOf(stack);
  for (const account of await stack.accounts()) yield* examineAccount(account, { stack, told, force });
}

/** Everything that has to be right before a message arrives, from here to the operator. */
async function* examine(scene: Scene): AsyncGenerator<Check> {
  const { wanted } = scene.context;
  const { check, configuration } = await checkConfiguration(wanted.stage);
  yield check;
  const stack = yield* checkStack(wanted);
  if (stack !== undefined && (stack.kind === 'local' || configuration !== undefined)) yield* examineStack(stack, scene);
  else for (const account of configuration?.accounts ?? []) yield* reachOperator(account);
}

export const doctor: Command = {
  name: 'doctor',
  summary: 'look for what is wrong, from the configuration to the operator, and say what to do',
  about: [
    'Looks at the configuration, AWS credentials, the stack, the API and its key, the session, what waits and what is used up,',
    'the stored credentials, and the way to the operator. Binds once where no binder of the stack holds the account: operators',
    'allow few sessions, so that a second one could end the first. The operator is looked at from this machine; the binder may',
    'have another address. The exit status is 1 where something is wrong.',
  ].join('\n'),
  arguments: [],
  options: {
    force: { help: "bind also where a binder holds the account; this can end the binder's session for a moment" },
  },
  examples: ['doctor', 'doctor --json', 'doctor --stage prod --profile default'],
  async run(given, context) {
    const { terminal } = context;
    const checks = await showChecks(examine({ context, force: given.flag('force') }), terminal);
    const bad = checks.filter(({ state }) => state === 'bad').length;
    terminal.answer({ good: bad === 0, checks }, () => [
      '',
      bad === 0 ? terminal.paint('green', 'Nothing is wrong.') : terminal.paint('red', `${bad} to mend.`),
    ]);
    return bad === 0 ? EXIT.done : EXIT.failed;
  },
};
