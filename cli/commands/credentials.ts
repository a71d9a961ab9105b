import { setTimeout as delay } from 'node:timers/promises';
import { GetSecretValueCommand, PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { AccountStatus } from '../../docs/client/bindery.ts';
import type { Account } from '../../shared/config/account.ts';
import { type Credentials, credentialsSchema } from '../../shared/config/credentials.ts';
import { describeIssues } from '../../shared/config/environment.ts';
import type { Given } from '../arguments.ts';
import { binderHolds, checkBind } from '../checks/bind.ts';
import { type Check, checkLines } from '../checks/check.ts';
import type { Command, Context } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { CliError, failureOf, UsageError } from '../failure.ts';
import { explainSession } from '../operator/session-advice.ts';
import { clientSettings } from '../stack/find-stack.ts';
import { credentialsSecrets } from '../stack/outputs.ts';
import type { Stack } from '../stack/stack.ts';
import { didYouMean } from '../suggestion.ts';
import { localTime } from './message-view.ts';

/** The account that is meant: the only one, or the one that is named. */
async function accountOf(stack: Stack, given: Given): Promise<Account> {
  const accounts = await stack.accounts();
  const names = accounts.map(({ name }) => name);
  const wanted = given.text('account');
  const [only] = accounts;
  if (wanted === undefined && accounts.length === 1 && only !== undefined) return only;
  if (wanted === undefined) throw new UsageError(`say which account with --account: ${names.join(', ')}`);
  const found = accounts.find(({ name }) => name === wanted);
  if (found === undefined)
    throw new UsageError(`there is no account ${wanted}.${didYouMean(wanted, names)} There are ${names.join(', ')}`);
  return found;
}

async function askFor(account: Account, { ask, terminal }: Context): Promise<Credentials> {
  terminal.note(`Credentials of ${account.name}, as the operator's portal shows them for ${account.url}.`);
  const system_id = (await ask('System id: ', { hidden: false })).trim();
  const password = await ask('Password (not shown): ', { hidden: true });
  return checked(account, { system_id, password });
}

/** @throws CliError where no binder could use them */
function checked(account: Account, written: object): Credentials {
  const { data, error } = credentialsSchema(account).safeParse(written);
  if (data !== undefined) return data;
  throw new CliError('credentials_invalid', `nothing is stored: ${describeIssues(error).join('; ')}`);
}

/** Stores them beside what else the secret has, such as a certificate. @returns all that a bind needs */
async function store(stack: Stack, account: Account, credentials: Credentials): Promise<Credentials> {
  const id = credentialsSecrets(stack).get(account.name);
  if (id === undefined) {
    throw new CliError('account_not_deployed', `the stack was deployed without the account ${account.name}`, {
      next: 'Deploy it first: `npm run deploy`',
    });
  }
  const client = new SecretsManagerClient(clientSettings(stack.aws));
  try {
    const { SecretString = '{}' } = await client.send(new GetSecretValueCommand({ SecretId: id }));
    const whole = { ...asObject(SecretString), ...credentials };
    const usable = checked(account, whole);
    await client.send(new PutSecretValueCommand({ SecretId: id, SecretString: JSON.stringify(whole) }));
    return usable;
  } finally {
    client.destroy();
  }
}

function asObject(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

const WATCH_MS = 20_000;
const LOOK_EVERY_MS = 1_000;

/** What the API says of the account; undefined where it cannot be asked, or its key does not reach the account. */
async function statusOf(account: Account, { api, signal }: Context): Promise<AccountStatus | undefined> {
  try {
    const { data } = await (await api()).listStatus({ signal });
    return data.find((status) => status.account === account.name);
  } catch (error) {
    if (signal.aborted || failureOf(error) === undefined) throw error;
    return undefined;
  }
}

/** How a binder is made to bind now, which waits after credentials were refused. */
function restartOf({ kind, outputs }: Stack): string {
  const { ClusterName, ServiceName } = outputs;
  if (kind === 'local' || ClusterName === undefined || ServiceName === undefined) return '';
  return ` At once it does so when it is replaced: \`aws ecs update-service --force-new-deployment --cluster ${ClusterName} --service ${ServiceName}\`.`;
}

/** A binder that holds the account reads the secret before its next bind: what comes of it is shown instead of a bind of ours. */
async function watchBinder(account: Account, context: Context): Promise<Check> {
  const { now, signal, terminal } = context;
  const name = `${account.name}: bind`;
  const deadline = now() + WATCH_MS;
  terminal.note(terminal.paintNote('dim', 'a binder holds the account; watching what it does'));
  let status: AccountStatus | undefined;
  for (;;) {
    status = await statusOf(account, context);
    if (status?.session.can_send === true) {
      return { name, state: 'good', detail: 'the binder is bound; the credentials count from its next bind on' };
    }
    if (now() >= deadline) break;
    await delay(LOOK_EVERY_MS, undefined, { signal });
  }
  const last = status && explainSession(status);
  const since = status?.session.since;
  const detail = `the binder has not bound again yet${last && since ? `; at ${localTime(since)}: ${last.what}` : ''}`;
  const next = `It tries by itself, after refused credentials within 15 minutes. Whether these are good: \`npm run cli -- doctor --force\`.`;
  return { name, state: 'warning', detail, next: `${next}${restartOf(await context.stack())}` };
}

async function examine(
  account: Account,
  credentials: Credentials,
  { context, force }: { context: Context; force: boolean },
): Promise<Check> {
  const status = force ? undefined : await statusOf(account, context);
  if (status !== undefined && binderHolds(status)) return await watchBinder(account, context);
  return await checkBind(account, credentials, { status, force });
}

export const credentials: Command = {
  name: 'credentials',
  summary: "store system id and password of the operator's portal, and try them",
  about: [
    'Asks for both; the password is not shown, and neither stands in the command line. Through a pipe the first line is the',
    'system id, the second the password. They go to the secret of the stack, and the binder takes them at its next bind.',
    'SMPP has room for 15 and 8 characters; an account with `longCredentials` takes longer ones.',
    'On this machine `npm start` stores those of SMPP_SYSTEM_ID and SMPP_PASSWORD, or of the simulated operator, at each start.',
  ].join('\n'),
  arguments: [],
  options: {
    account: { value: 'NAME', help: 'the account, where there are several' },
    force: { help: "bind also where a binder holds the account; this can end the binder's session for a moment" },
    'no-bind': { help: 'store only' },
  },
  examples: ['credentials', 'credentials --stage prod --account smpp-asia'],
  async run(given, context) {
    const { terminal } = context;
    const stack = await context.stack();
    const account = await accountOf(stack, given);
    const usable = await store(stack, account, await askFor(account, context));
    const stored: Check = {
      name: `${account.name}: credentials`,
      state: 'good',
      detail: 'stored in the secret of the stack',
    };
    if (!terminal.json) terminal.print(...checkLines(stored, terminal.paint));
    const tried = given.flag('no-bind')
      ? []
      : [await examine(account, usable, { context, force: given.flag('force') })];
    terminal.answer({ account: account.name, checks: [stored, ...tried] }, () =>
      tried.flatMap((check) => checkLines(check, terminal.paint)),
    );
    return tried.some(({ state }) => state === 'bad') ? EXIT.failed : EXIT.done;
  },
};
