import { parseArgs } from 'node:util';
import { UsageError } from './failure.ts';
import { didYouMean } from './suggestion.ts';

export interface Option {
  /** What stands for the value in the help; without it the option is a switch. */
  value?: string;
  help: string;
}

/** What a command was given. */
export class Given {
  readonly positionals: readonly string[];
  readonly #values: ReadonlyMap<string, string | true>;

  constructor(values: ReadonlyMap<string, string | true>, positionals: readonly string[]) {
    this.#values = values;
    this.positionals = positionals;
  }

  text(name: string): string | undefined {
    const value = this.#values.get(name);
    return value === true ? undefined : value;
  }

  /** @throws UsageError where it is missing */
  required(name: string): string {
    const value = this.text(name);
    if (value === undefined) throw new UsageError(`--${name} is missing`);
    return value;
  }

  /** @throws UsageError naming all that are missing */
  requiredAll<K extends string>(...names: readonly K[]): Record<K, string> {
    const given = names.map((name) => [name, this.text(name)] as const);
    const missing = given.flatMap(([name, value]) => (value === undefined ? [`--${name} is missing`] : []));
    if (missing.length > 0) throw new UsageError(...missing);
    return Object.fromEntries(given) as Record<K, string>;
  }

  flag(name: string): boolean {
    return this.#values.get(name) === true;
  }

  /** @throws UsageError where it is no whole number from `lowest` on */
  wholeNumber(
    name: string,
    { lowest, highest = Number.MAX_SAFE_INTEGER }: { lowest: number; highest?: number },
  ): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= lowest && value <= highest) return value;
    const range = highest === Number.MAX_SAFE_INTEGER ? `from ${lowest} on` : `from ${lowest} to ${highest}`;
    throw new UsageError(`--${name} must be a whole number ${range}`);
  }

  /** @throws UsageError where it is none of them */
  oneOf<T extends string>(name: string, allowed: readonly T[]): T | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const found = allowed.find((one) => one === text);
    if (found === undefined) throw new UsageError(`--${name} must be one of ${allowed.join(', ')}`);
    return found;
  }

  /** The text's parts between commas. */
  list(name: string): string[] | undefined {
    return this.text(name)
      ?.split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '');
  }

  /** The only argument of a command that has one. */
  get argument(): string {
    return this.positionals[0] ?? '';
  }
}

export interface Shape {
  options: Readonly<Record<string, Option>>;
  /** Names of the arguments, all of them needed. */
  arguments: readonly string[];
}

/**
 * Reads what stands behind the name of a command.
 * @throws UsageError naming every problem at once
 */
export function readArguments(args: readonly string[], { options, arguments: names }: Shape): Given {
  const known = Object.keys(options);
  const { tokens } = parseArgs({
    args: [...args],
    strict: false,
    tokens: true,
    options: {
      ...Object.fromEntries(
        Object.entries(options).map(([name, { value }]) => [
          name,
          { type: value === undefined ? ('boolean' as const) : ('string' as const) },
        ]),
      ),
      help: { type: 'boolean', short: 'h' },
    },
  });
  const values = new Map<string, string | true>();
  const positionals: string[] = [];
  const problems: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind !== 'option') continue;
    const { name, rawName, value } = token;
    const option = options[name];
    if (option === undefined && name !== 'help') {
      problems.push(`there is no option ${rawName}.${didYouMean(name, known, '--')}`);
    } else if (option?.value === undefined) {
      if (value === undefined) values.set(name, true);
      else problems.push(`${rawName} takes no value`);
    } else if (value === undefined || value === '')
      problems.push(`${rawName} needs a value: ${rawName} ${option.value}`);
    else if (values.has(name)) problems.push(`${rawName} is given twice`);
    else values.set(name, value);
  }
  const given = new Given(values, positionals);
  if (given.flag('help')) return given;
  for (const name of names.slice(positionals.length)) problems.push(`${name} is missing`);
  for (const extra of positionals.slice(names.length)) problems.push(`${extra}: one argument too many`);
  if (problems.length > 0) throw new UsageError(...problems);
  return given;
}
