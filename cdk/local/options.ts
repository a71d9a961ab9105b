import { parseArgs } from 'node:util';

/** Credentials and address of a real message centre. */
export interface OperatorOptions {
  url: string;
  systemId: string;
  password: string;
}

export interface Options {
  /** Port of the API; 0 takes a free one. */
  port: number;
  stateDirectory: string;
  /** One line when ready, and no view. */
  json: boolean;
  /** Absent: the simulated operator. */
  operator?: OperatorOptions;
  /** AWS services of one's own instead of the embedded ones. */
  endpoints: { dynamodb?: string; sqs?: string };
  /** Credentials for those services. */
  credentials?: { accessKeyId: string; secretAccessKey: string };
}

export type CommandLine =
  | { kind: 'run'; options: Options }
  | { kind: 'help'; text: string }
  /** Everything that is wrong, not only the first. */
  | { kind: 'wrong'; problems: string[] };

const DEFAULT_STATE_DIRECTORY = '.bindery';

const HELP = `Bindery on this machine: the synthesized stack, with every AWS service that it needs.

Usage: npm start -- [options]

  --port N       port of the API (default: any free one)
  --state DIR    folder of everything that survives a restart (default ${DEFAULT_STATE_DIRECTORY})
  --json         no view: one line when ready, {"ready":true,"api":…,"key":…,"smsc":…}
  --help         show this

Environment:

  SMPP_URL, SMPP_SYSTEM_ID, SMPP_PASSWORD
                 bind to this message centre instead of the simulated one, e.g. smpp://host:2775
  AWS_ENDPOINT_URL_DYNAMODB, AWS_ENDPOINT_URL_SQS
                 use these services instead of the embedded ones
  NO_COLOR       no colours

Ctrl-C drains and unbinds; a second Ctrl-C stops at once.`;

type Environment = Record<string, string | undefined>;

interface Flags {
  port?: string;
  state?: string;
  json: boolean;
  help: boolean;
}

function readFlags(args: readonly string[], problems: string[]): Flags {
  const { tokens } = parseArgs({
    args: [...args],
    strict: false,
    tokens: true,
    options: {
      port: { type: 'string' },
      state: { type: 'string' },
      json: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  const flags: Flags = { json: false, help: false };
  for (const token of tokens) {
    if (token.kind === 'positional') problems.push(`${token.value}: not an option; options begin with --`);
    if (token.kind !== 'option') continue;
    const { name, value, rawName } = token;
    if (name === 'json' || name === 'help') {
      if (value === undefined) flags[name] = true;
      else problems.push(`${rawName} takes no value`);
    } else if (name === 'port' || name === 'state') {
      if (value === undefined || value === '') problems.push(`${rawName} needs a value`);
      else flags[name] = value;
    } else problems.push(`${rawName}: there is no such option; see --help`);
  }
  return flags;
}

function readPort(text: string | undefined, problems: string[]): number {
  if (text === undefined) return 0;
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  problems.push('--port must be a whole number from 0 to 65535');
  return 0;
}

function isAddress(text: string, protocols: readonly string[]): boolean {
  const url = URL.parse(text);
  return url !== null && protocols.includes(url.protocol) && url.hostname !== '';
}

/** The three variables stand or fall together. How long the last two may be, their account says. */
function readOperator(environment: Environment, problems: string[]): OperatorOptions | undefined {
  const { SMPP_URL: url, SMPP_SYSTEM_ID: systemId, SMPP_PASSWORD: password } = environment;
  if (!url && !systemId && !password) return undefined;
  const given = { SMPP_URL: url, SMPP_SYSTEM_ID: systemId, SMPP_PASSWORD: password };
  for (const [name, value] of Object.entries(given)) {
    if (!value) problems.push(`${name} is missing: SMPP_URL, SMPP_SYSTEM_ID and SMPP_PASSWORD go together`);
  }
  if (url && !(isAddress(url, ['smpp:', 'smpps:']) && URL.parse(url)?.port)) {
    problems.push('SMPP_URL must be an address with a port, such as smpp://host:2775 or smpps://host:3550');
  }
  return url && systemId && password ? { url, systemId, password } : undefined;
}

function readEndpoints(environment: Environment, problems: string[]): Options['endpoints'] {
  const endpoint = (name: string): string | undefined => {
    const value = environment[name];
    if (!value) return undefined;
    if (!isAddress(value, ['http:', 'https:']))
      problems.push(`${name} must be an address such as http://127.0.0.1:8000`);
    return value;
  };
  const dynamodb = endpoint('AWS_ENDPOINT_URL_DYNAMODB');
  const sqs = endpoint('AWS_ENDPOINT_URL_SQS');
  return { ...(dynamodb === undefined ? {} : { dynamodb }), ...(sqs === undefined ? {} : { sqs }) };
}

/** Reads flags and environment of `npm start`. The two are read together so that all mistakes are named at once. */
export function readCommandLine(args: readonly string[], environment: Environment): CommandLine {
  const problems: string[] = [];
  const flags = readFlags(args, problems);
  if (flags.help) return { kind: 'help', text: HELP };
  const port = readPort(flags.port, problems);
  const operator = readOperator(environment, problems);
  const endpoints = readEndpoints(environment, problems);
  if (problems.length > 0) return { kind: 'wrong', problems };
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = environment;
  return {
    kind: 'run',
    options: {
      port,
      stateDirectory: flags.state ?? DEFAULT_STATE_DIRECTORY,
      json: flags.json,
      endpoints,
      ...(operator === undefined ? {} : { operator }),
      ...(accessKeyId && secretAccessKey ? { credentials: { accessKeyId, secretAccessKey } } : {}),
    },
  };
}
