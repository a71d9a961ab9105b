import type { Bindery } from '../docs/client/bindery.ts';
import type { Given, Option } from './arguments.ts';
import type { ExitCode } from './exit-codes.ts';
import type { Wanted } from './stack/find-stack.ts';
import type { Stack } from './stack/stack.ts';
import type { Terminal } from './terminal/terminal.ts';

/** What a command has to do with, besides what it was given. */
export interface Context {
  terminal: Terminal;
  /** What the command line says of the stack that it means. */
  wanted: Wanted;
  /** The stack that the command line names, or that is found without a name. @throws CliError where there is none */
  stack: () => Promise<Stack>;
  /** A client of its API, with the key of the environment or of the stack. */
  api: () => Promise<Bindery>;
  /** Epoch milliseconds. */
  now: () => number;
  /** Aborted by Ctrl-C. */
  signal: AbortSignal;
  environment: Readonly<Record<string, string | undefined>>;
  /** Asks for a line, unseen where `hidden`. */
  ask: (question: string, options: { hidden: boolean }) => Promise<string>;
}

/** A command of the command line. */
export interface Command {
  /** What stands behind `npm run cli --`, such as `dlq list`. */
  name: string;
  /** One line. */
  summary: string;
  /** More, for its own help. */
  about?: string;
  arguments: readonly string[];
  options: Readonly<Record<string, Option>>;
  /** Behind `npm run cli -- `; they work when pasted. */
  examples: readonly string[];
  run(given: Given, context: Context): Promise<ExitCode>;
}
