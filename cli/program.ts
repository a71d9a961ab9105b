import { readArguments } from './arguments.ts';
import { choose } from './choose.ts';
import type { Command, Context } from './command.ts';
import { COMMANDS } from './commands.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { type Failure, failureDocument, failureLines, failureOf } from './failure.ts';
import { COMMON_OPTIONS, commandHelp, overview } from './help.ts';
import { apiOf } from './stack/api.ts';
import { findStack, type Wanted, withStage } from './stack/find-stack.ts';
import type { Stack } from './stack/stack.ts';
import { type Output, Terminal } from './terminal/terminal.ts';

/** What the program has to do with: a process's own, or a test's. */
export interface World {
  stdout: Output;
  stderr: Output;
  environment: Readonly<Record<string, string | undefined>>;
  now: () => number;
  signal: AbortSignal;
  ask: Context['ask'];
}

/** The result is asked for once, and only by who needs it. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}

async function execute(command: Command, args: readonly string[], terminal: Terminal, world: World): Promise<ExitCode> {
  const given = readArguments(args, {
    options: { ...command.options, ...COMMON_OPTIONS },
    arguments: command.arguments,
  });
  const names = ['stack', 'stage', 'profile', 'region', 'state'] as const;
  const wanted: Wanted = withStage(Object.fromEntries(names.map((name) => [name, given.text(name)])));
  const stack = once(async (): Promise<Stack> => {
    const found = await findStack(wanted);
    terminal.note(
      terminal.paintNote('dim', `${found.kind === 'local' ? 'local stack' : 'deployed stack'} ${found.name}`),
    );
    return found;
  });
  const api = once(async () => await apiOf(await stack(), world.environment));
  const { environment, now, signal, ask } = world;
  return await command.run(given, { terminal, wanted, stack, api, environment, now, signal, ask });
}

function tell(failure: Failure, terminal: Terminal): ExitCode {
  if (terminal.json) terminal.answer(failureDocument(failure), () => []);
  else {
    const [first = '', ...rest] = failureLines(failure);
    terminal.note(terminal.paintNote('red', first), ...rest);
  }
  return failure.exitCode;
}

/** A command line that is wrong is mended with the help of its command. */
function withHelp(failure: Failure, command: Command | undefined): Failure {
  if (failure.exitCode !== EXIT.usage || failure.next !== undefined) return failure;
  return { ...failure, next: `npm run cli -- ${command === undefined ? '' : `${command.name} `}--help` };
}

/** Does what a command line asks for. @returns what the process is to end with */
export async function run(argv: readonly string[], world: World): Promise<ExitCode> {
  const { stdout, stderr, environment } = world;
  const terminal = new Terminal({ stdout, stderr, environment, json: argv.includes('--json') });
  let command: Command | undefined;
  try {
    const choice = choose(argv, COMMANDS);
    switch (choice.kind) {
      case 'overview':
        terminal.print(...overview(COMMANDS, terminal.paint));
        return EXIT.done;
      case 'help':
        terminal.print(...commandHelp(choice.command, terminal.paint));
        return EXIT.done;
      case 'run':
        command = choice.command;
        return await execute(command, choice.args, terminal, world);
      default:
        return choice satisfies never;
    }
  } catch (error) {
    if (world.signal.aborted) return EXIT.interrupted;
    const failure = failureOf(error);
    if (failure === undefined) throw error;
    return tell(withHelp(failure, command), terminal);
  }
}
