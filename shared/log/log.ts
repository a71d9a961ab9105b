import { maskNumber } from '../domain/phone-number.ts';

const LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type Level = (typeof LEVELS)[number];
export type Fields = Record<string, unknown>;

export interface Log {
  debug(message: string, fields?: Fields): void;
  info(message: string, fields?: Fields): void;
  warn(message: string, fields?: Fields): void;
  error(message: string, fields?: Fields): void;
  /** A log whose every line carries these fields too. */
  with(fields: Fields): Log;
}

/** Fields that hold a subscriber's number: masked wherever they stand. */
const NUMBERS = new Set(['to', 'number', 'destination', 'recipient']);
/** Fields that never leave the process, whatever the caller meant (promise P9). */
const SECRETS = new Set(['text', 'password', 'secret', 'key', 'authorization', 'shortMessage', 'body', 'raw']);

/**
 * Structured log: one JSON object a line, `level`, `time`, `message` and the fields. Numbers are masked and texts and
 * secrets left out here, in one place, so that no caller can forget it.
 * @param write gets each line without its newline
 */
export function createLog(options: {
  level: Level;
  now: () => number;
  write: (line: string) => void;
  fields?: Fields;
}): Log {
  const lowest = LEVELS.indexOf(options.level);
  const at =
    (level: Level) =>
    (message: string, fields: Fields = {}) => {
      if (LEVELS.indexOf(level) < lowest) return;
      const time = new Date(options.now()).toISOString();
      options.write(JSON.stringify({ level, time, message, ...safe({ ...options.fields, ...fields }) }));
    };
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    with: (fields) => createLog({ ...options, fields: { ...options.fields, ...fields } }),
  };
}

/** A line of the program's log as it stands, such as one of metrics. */
export function writeLine(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** A program's log: to standard output, stamped with its name. */
export function programLog(program: string, level: Level, stage: string): Log {
  return createLog({
    level,
    now: Date.now,
    write: writeLine,
    fields: { program, stage },
  });
}

function safe(fields: Fields): Fields {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) => (SECRETS.has(name) ? [] : [[name, safeValue(name, value)]])),
  );
}

function safeValue(name: string, value: unknown): unknown {
  if (value instanceof Error) return safeError(value);
  if (NUMBERS.has(name) && typeof value === 'string') return maskNumber(value);
  if (Array.isArray(value)) return value.map((item) => safeValue(name, item));
  if (typeof value === 'object' && value !== null) return safe(value as Fields);
  return value;
}

function safeError(error: Error): Fields {
  const code = (error as { code?: unknown }).code;
  return {
    name: error.name,
    message: error.message,
    ...(code === undefined ? {} : { code }),
    ...(error.cause instanceof Error ? { cause: safeError(error.cause) } : {}),
    stack: error.stack,
  };
}
