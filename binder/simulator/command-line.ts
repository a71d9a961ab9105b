import { parseArgs } from 'node:util';
import { ENDINGS_EXPLAINED } from './outcome.ts';
import type { SimulatorOptions } from './settings.ts';

/** How the program shows what happens. */
export interface Display {
  json: boolean;
  showTexts: boolean;
}

export type CommandLine =
  | { kind: 'run'; options: SimulatorOptions; display: Display }
  | { kind: 'help'; text: string }
  /** Everything that is wrong, not only the first. */
  | { kind: 'wrong'; problems: string[] };

interface ValueOption {
  placeholder: string;
  fallback: string;
  help: string;
  /** What is wrong with a value, or undefined. */
  problem(value: string): string | undefined;
}

const whole =
  (min: number, max: number) =>
  (value: string): string | undefined =>
    /^\d{1,9}$/.test(value) && Number(value) >= min && Number(value) <= max
      ? undefined
      : `must be a whole number from ${min} to ${max}`;

const octets =
  (min: number, max: number) =>
  (value: string): string | undefined =>
    value.length >= min && value.length <= max && /^[\x20-\x7e]*$/.test(value)
      ? undefined
      : `must have ${min} to ${max} ASCII characters (SMPP 3.4 section 5.2)`;

const VALUES = {
  host: { placeholder: 'ADDRESS', fallback: '127.0.0.1', help: 'address to listen on', problem: octets(1, 255) },
  port: { placeholder: 'N', fallback: '2775', help: 'port; 0 takes any free one', problem: whole(0, 65_535) },
  'system-id': { placeholder: 'ID', fallback: 'bindery', help: 'system id that may bind', problem: octets(1, 15) },
  password: { placeholder: 'WORD', fallback: 'secret12', help: 'its password', problem: octets(1, 8) },
  tps: { placeholder: 'N', fallback: '10', help: 'submits in any 1.000 s, else 0x58', problem: whole(1, 100_000) },
  'receipt-delay-ms': {
    placeholder: 'N',
    fallback: '2000',
    help: 'from a submit to its receipt, give or take a fifth',
    problem: whole(0, 86_400_000),
  },
  'latency-ms': { placeholder: 'N', fallback: '0', help: 'added to all that is sent', problem: whole(0, 60_000) },
  seed: {
    placeholder: 'N',
    fallback: '1',
    help: 'the same seed gives the same delays',
    problem: whole(0, 999_999_999),
  },
} as const satisfies Record<string, ValueOption>;
type ValueName = keyof typeof VALUES;

const SWITCHES = {
  international: 'take 639xxxxxxxxx and +639xxxxxxxxx as destinations, besides 09xxxxxxxxx',
  'show-texts': 'show the texts of messages, which are hidden otherwise',
  json: 'print one ready line and one JSON object an event, for programs',
  help: 'show this',
} as const;
type SwitchName = keyof typeof SWITCHES;

export function readCommandLine(args: readonly string[]): CommandLine {
  const { tokens } = parseArgs({
    args: [...args],
    strict: false,
    tokens: true,
    options: Object.fromEntries([
      ...Object.keys(VALUES).map((name) => [name, { type: 'string' as const }]),
      ...Object.keys(SWITCHES).map((name) => [name, { type: 'boolean' as const }]),
    ]),
  });
  const values = new Map<ValueName, string>();
  const switches = new Set<SwitchName>();
  const problems: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') problems.push(`${token.value}: not an option; options begin with --`);
    if (token.kind !== 'option') continue;
    if (isValueName(token.name)) {
      const problem = token.value === undefined ? 'needs a value' : VALUES[token.name].problem(token.value);
      if (problem !== undefined) problems.push(`--${token.name} ${problem}`);
      else values.set(token.name, token.value ?? '');
    } else if (isSwitchName(token.name)) {
      if (token.value === undefined) switches.add(token.name);
      else problems.push(`--${token.name} takes no value`);
    } else problems.push(`${token.rawName}: there is no such option`);
  }
  if (switches.has('help')) return { kind: 'help', text: helpText() };
  if (problems.length > 0) return { kind: 'wrong', problems };
  const display = { json: switches.has('json'), showTexts: switches.has('show-texts') };
  return { kind: 'run', options: optionsFrom(values, switches), display };
}

function optionsFrom(given: ReadonlyMap<ValueName, string>, switches: ReadonlySet<SwitchName>): SimulatorOptions {
  const value = (name: ValueName): string => given.get(name) ?? VALUES[name].fallback;
  return {
    host: value('host'),
    port: Number(value('port')),
    systems: [{ systemId: value('system-id'), password: value('password'), submitsPerSecond: Number(value('tps')) }],
    receiptDelayMs: Number(value('receipt-delay-ms')),
    latencyMs: Number(value('latency-ms')),
    seed: Number(value('seed')),
    destinations: switches.has('international') ? 'any' : 'national',
  };
}

function helpText(): string {
  const line = (left: string, right: string): string => `  ${left.padEnd(26)}${right}`;
  return [
    'A simulated SMPP 3.4 message centre, strict about lengths, states and credentials.',
    '',
    'Usage: npm run operator -- [options]',
    '',
    ...Object.entries(VALUES).map(([name, { placeholder, fallback, help }]) =>
      line(`--${name} ${placeholder}`, `${help} (default ${fallback})`),
    ),
    ...Object.entries(SWITCHES).map(([name, help]) => line(`--${name}`, help)),
    '',
    'What becomes of a message follows from the last four digits of its number:',
    '',
    ...ENDINGS_EXPLAINED.map((each) => `  ${each}`),
    '',
    'Receipts come only where registered_delivery asks for them (the guide’s two programs do not).',
    'Ctrl-C unbinds the sessions and ends.',
  ].join('\n');
}

function isValueName(name: string): name is ValueName {
  return Object.hasOwn(VALUES, name);
}

function isSwitchName(name: string): name is SwitchName {
  return Object.hasOwn(SWITCHES, name);
}
