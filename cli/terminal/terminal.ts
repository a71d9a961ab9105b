import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];
export type Paint = (style: Style, text: string) => string;

/** A stream as far as it is used here. */
export interface Output {
  write(text: string): unknown;
  isTTY?: boolean | undefined;
  columns?: number | undefined;
}

export interface TerminalOptions {
  stdout: Output;
  stderr: Output;
  environment: Readonly<Record<string, string | undefined>>;
  /** Documents for programs in place of lines for people. */
  json: boolean;
}

/** Texts come from subscribers and operators; a control character would move the cursor or worse. */
const CONTROL = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/** Text from elsewhere, fit for a line of the terminal. */
export function harmless(text: string): string {
  return text.replaceAll(CONTROL, '·');
}

function painter({ isTTY }: Output, { NO_COLOR, TERM }: TerminalOptions['environment']): Paint {
  const colour = isTTY === true && (NO_COLOR === undefined || NO_COLOR === '') && TERM !== 'dumb';
  return (style, text) => (colour ? styleText(style, text, { validateStream: false }) : text);
}

/** Where a command says what it has to say: its result on standard output, everything else beside it. */
export class Terminal {
  readonly json: boolean;
  /** For standard output. */
  readonly paint: Paint;
  /** For what goes beside it. */
  readonly paintNote: Paint;
  readonly #stdout: Output;
  readonly #stderr: Output;

  constructor({ stdout, stderr, environment, json }: TerminalOptions) {
    this.json = json;
    this.#stdout = stdout;
    this.#stderr = stderr;
    this.paint = painter(stdout, environment);
    this.paintNote = painter(stderr, environment);
  }

  /** The result of a command: one document, or lines. */
  answer(document: unknown, lines: () => readonly string[]): void {
    if (this.json) this.#stdout.write(`${JSON.stringify(document)}\n`);
    else this.print(...lines());
  }

  print(...lines: readonly string[]): void {
    for (const line of lines) this.#stdout.write(`${line}\n`);
  }

  /** For the person only, never mixed with the result. */
  note(...lines: readonly string[]): void {
    for (const line of lines) this.#stderr.write(`${line}\n`);
  }

  /** Whether something beside the result may be painted over. */
  get isLive(): boolean {
    return this.#stderr.isTTY === true;
  }

  get noteColumns(): number {
    return this.#stderr.columns ?? 80;
  }

  /** A line that the next one replaces. */
  paintOver(line: string): void {
    this.#stderr.write(`\r\u001B[2K${line}`);
  }
}
