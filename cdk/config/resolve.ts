import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import { type Account, accountSchema } from '../../shared/config/account.ts';
import { apiAccountSchema, ConfigurationError, receiptAccountSchema } from '../../shared/config/environment.ts';
import { parseWithProblems } from './problems.ts';
import { type ProfileName, profiles } from './profiles.ts';
import { type Configuration, deployedAccountSchema, deploymentSchema } from './schema.ts';
import { testAccountOf } from './test-account.ts';

export type Raw = Record<string, unknown>;

const PROFILE_NAMES = Object.keys(profiles) as [ProfileName, ...ProfileName[]];

/** A Lambda function's environment has 4,096 octets; the other variables of any function stay below 1,000. */
const API_ACCOUNTS_OCTETS = 3_000;

export function stackName(configuration: Pick<Configuration, 'stage'>): string {
  return `bindery-${configuration.stage}`;
}

/** Name of a lane's queue; its dead-letter queue has `-dlq` behind it. The longest stage and account stay below the 80 characters of SQS. */
export function laneQueueName(stack: string, account: string, lane: string): string {
  return `${stack}-${account}-${lane}`;
}

/** What the API needs to know of the accounts, as its functions get it: a function's environment has 4 KB. */
export function apiAccounts(accounts: readonly Account[]): string {
  const schema = apiAccountSchema.strip();
  return JSON.stringify(accounts.map((account) => withoutDefaults(schema.parse(account))));
}

/** What is needed of the accounts where receipts and inbound messages are worked on. */
export function receiptAccounts(accounts: readonly Account[]): string {
  const schema = receiptAccountSchema.strip();
  return JSON.stringify(accounts.map((account) => withoutDefaults(schema.parse(account))));
}

/** The accounts as the binder gets them: a task definition has 64 KB in all. */
export function binderAccounts(accounts: readonly Account[]): string {
  return JSON.stringify(accounts.map(withoutDefaults));
}

/** An account, or a part of one, without what its schema fills in. */
function withoutDefaults(account: Partial<Account>): Raw {
  const isDefault = (field: z.ZodType | undefined, value: unknown): boolean => {
    const filledIn = field?.safeParse(undefined);
    return filledIn?.success === true && isDeepStrictEqual(filledIn.data, value);
  };
  const fields: Record<string, z.ZodType> = accountSchema.shape;
  return Object.fromEntries(Object.entries(account).filter(([name, value]) => !isDefault(fields[name], value)));
}

export function isRecord(value: unknown): value is Raw {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether fields of one may stay under the other: those of one kind of VPC mean nothing to another kind. */
function isSameKind(base: Raw, override: Raw): boolean {
  return override['kind'] === undefined || override['kind'] === base['kind'];
}

/** `override` over `base`, key by key, so that one number of a lane can be changed without repeating the lane. */
export function merge(base: Raw, override: Raw): Raw {
  const merged: Raw = { ...base };
  for (const [key, value] of Object.entries(override)) {
    const under = merged[key];
    const both = isRecord(under) && isRecord(value) && isSameKind(under, value);
    merged[key] = both ? merge(under, value) : value;
  }
  return merged;
}

/** What changes of an account whose address is replaced: a message centre of one's own may have no TLS. */
function elsewhere(operatorUrl: string | undefined): Raw {
  if (operatorUrl === undefined) return {};
  return operatorUrl.startsWith('smpps:') ? { url: operatorUrl } : { url: operatorUrl, tls: undefined };
}

/** An entry of `accounts` over its profile. An unknown profile is one problem; the entry's others are still looked for. */
function resolveAccount(entry: Raw, index: number, operatorUrl: string | undefined) {
  const at = ['accounts', index];
  const { profile, ...own } = entry;
  const named = parseWithProblems(z.enum(PROFILE_NAMES).optional(), profile, [...at, 'profile']);
  const assumed = named.data ?? (named.problems.length > 0 ? PROFILE_NAMES[0] : undefined);
  const base = assumed === undefined ? {} : { name: assumed, ...profiles[assumed] };
  const account = merge(base, { ...own, ...elsewhere(operatorUrl) });
  const { data, problems } = parseWithProblems(deployedAccountSchema, account, at);
  return { name: own['name'] ?? named.data, account: data, problems: [...named.problems, ...problems] };
}

/** Words and answers of subscribers are the only thing of an account that only one function is told of. */
function wordyAccounts(servedAccounts: readonly Account[]): string[] {
  const octets = Buffer.byteLength(receiptAccounts(servedAccounts));
  if (octets <= API_ACCOUNTS_OCTETS) return [];
  const room = `a function's environment, which has room for ${API_ACCOUNTS_OCTETS}`;
  return [`accounts: words and answers of all keywords need ${octets} octets of ${room}; use fewer or shorter ones`];
}

function duplicates(names: readonly unknown[]): string[] {
  return names.flatMap((name, index) => {
    const first = names.indexOf(name);
    return first === index || name === undefined
      ? []
      : [`accounts.${index}.name: must differ from accounts.${first}.name`];
  });
}

function excessAccounts(servedAccounts: readonly Account[], callbackHosts: readonly string[] = []): string[] {
  const octets = Buffer.byteLength(apiAccounts(servedAccounts)) + callbackHosts.join().length;
  if (octets <= API_ACCOUNTS_OCTETS) return [];
  const room = `a function's environment, which has room for ${API_ACCOUNTS_OCTETS}`;
  return [
    `accounts: ${servedAccounts.length} accounts, that of test mode included, need ${octets} octets with the hosts of callbacks, of ${room}; deploy some of them as another stage`,
  ];
}

/** The API as a whole must let one key have what it may. Looked at by itself, so that other mistakes do not hide it. */
function slowApi(raw: unknown): string[] {
  const { api, apiRequestsPerSecond } = isRecord(raw) ? raw : {};
  const whole = deploymentSchema.shape.api.safeParse(api).data?.requestsPerSecond;
  const perKey = deploymentSchema.shape.apiRequestsPerSecond.safeParse(apiRequestsPerSecond).data;
  if (whole === undefined || perKey === undefined || whole >= perKey) return [];
  return ['api.requestsPerSecond: at least apiRequestsPerSecond, which is what one key may make'];
}

/** What settings come to: a configuration, or every problem at once by its path, and no value. */
export type Resolution = { kind: 'resolved'; configuration: Configuration } | { kind: 'wrong'; problems: string[] };

/** The configuration of a deployment: checked, defaults filled in, profiles resolved. */
export function resolution(raw: unknown): Resolution {
  const { data: deployment, problems } = parseWithProblems(deploymentSchema, raw);
  const { accounts: entries, operatorUrl: address } = isRecord(raw) ? raw : {};
  const operatorUrl = deploymentSchema.shape.operatorUrl.safeParse(address).data;
  const resolved = (Array.isArray(entries) ? entries : []).flatMap((entry, index) =>
    isRecord(entry) ? [resolveAccount(entry, index, operatorUrl)] : [],
  );
  problems.push(...resolved.flatMap((account) => account.problems), ...duplicates(resolved.map(({ name }) => name)));
  const accounts = resolved.flatMap(({ account }) => (account === undefined ? [] : [account]));
  const [first] = accounts;
  const tests = first === undefined || deployment?.testMode === false ? [] : [testAccountOf(first)];
  const servedAccounts = [...accounts, ...tests];
  problems.push(
    ...excessAccounts(servedAccounts, deployment?.callbackHosts),
    ...wordyAccounts(servedAccounts),
    ...slowApi(raw),
  );
  if (deployment === undefined || problems.length > 0) return { kind: 'wrong', problems };
  return { kind: 'resolved', configuration: { ...deployment, accounts, servedAccounts } };
}

export function invalidConfiguration(problems: readonly string[]): ConfigurationError {
  const lines = problems.map((line) => `\n  - ${line}`).join('');
  return new ConfigurationError(`configuration is invalid (cdk.json, context "bindery"):${lines}`);
}
