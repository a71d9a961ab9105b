import type { AccountStatus } from '../../docs/client/bindery.ts';
import type { Account } from '../../shared/config/account.ts';
import { checkApi } from '../checks/api.ts';
import { checkBind } from '../checks/bind.ts';
import { type Check, showChecks } from '../checks/check.ts';
import { checkConfiguration } from '../checks/configuration.ts';
import { checkCredentials } from '../checks/credentials.ts';
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

/** The API with the key that other commands use; what the binder tells of the accounts. */
async function* examineApi(stack: Stack, { environment }: Context): AsyncGenerator<Check, readonly AccountStatus[]> {
  try {
    return yield* checkApi(await apiOf(stack, environment));
  } catch (error) {
    yield failedCheck('API and key', error);
    return [];
  }
}

async function* examineAccount(
  account: Account,
  { stack, status, force }: { stack: Stack; status: AccountStatus | undefined; force: boolean },
): AsyncGenerator<Check> {
  const { check, credentials } = await checkCredentials(stack, account);
  yield check;
  yield* reachOperator(account);
  if (credentials !== undefined) yield await checkBind(account, credentials, { status, force });
}

async function* examineStack(stack: Stack, { context, force }: Scene): AsyncGenerator<Check> {
  const statuses = yield* examineApi(stack, context);
  yield await checkQueues(stack);
  for (const account of await stack.accounts()) {
    const status = statuses.find(({ account: name }) => name === account.name);
    yield* examineAccount(account, { stack, status, force });
  }
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
    'Looks at the configuration, AWS credentials, the stack, the API and its key, the queues, the stored credentials, and the',
    'way to the operator. Binds once where no binder of the stack holds the account: operators allow few sessions, so that a',
    'second one could end the first. The operator is looked at from this machine; the binder may have another address.',
    'The exit status is 1 where something is wrong.',
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
