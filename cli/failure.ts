import { BinderyError, type FieldError } from '../docs/client/bindery.ts';
import { ERROR_HELP } from '../shared/contracts/error-help.ts';
import { awsFailure } from './aws-failure.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';

/** What went wrong, and what the person can do. */
export interface Failure {
  /** For programs. */
  code: string;
  detail: string;
  next?: string | undefined;
  requestId?: string | undefined;
  fields?: readonly FieldError[] | undefined;
  exitCode: ExitCode;
}

/** Something that the person who types can mend. */
export class CliError extends Error {
  readonly code: string;
  readonly next: string | undefined;
  readonly exitCode: ExitCode;

  constructor(
    code: string,
    message: string,
    { next, exitCode = EXIT.failed }: { next?: string; exitCode?: ExitCode } = {},
  ) {
    super(message);
    this.code = code;
    this.next = next;
    this.exitCode = exitCode;
  }
}

/** A command line that cannot be read: all that is wrong with it. */
export class UsageError extends CliError {
  constructor(...problems: string[]) {
    super('usage', problems.join('\n'), { exitCode: EXIT.usage });
  }
}

function apiFailure({ code, status, message, problem, cause }: BinderyError): Failure {
  if (problem !== undefined) {
    return {
      code,
      detail: problem.detail,
      next: Object.hasOwn(ERROR_HELP, problem.code) ? ERROR_HELP[problem.code].next : undefined,
      requestId: problem.request_id,
      fields: problem.errors,
      exitCode: EXIT.failed,
    };
  }
  if (status === 0) {
    const { code: reason, message: why } = ((cause as Error | undefined)?.cause ??
      cause ??
      {}) as NodeJS.ErrnoException;
    return {
      code,
      detail: `the API does not answer (${reason ?? why ?? 'no reason given'})`,
      next: 'See what is wrong with `npm run cli -- doctor`.',
      exitCode: EXIT.unreachable,
    };
  }
  const next = 'Something between here and the API answered. Check the address with `npm run cli -- doctor`.';
  return { code, detail: message, next, exitCode: EXIT.failed };
}

/** The failure behind an error; undefined where it is a fault of ours. */
export function failureOf(error: unknown): Failure | undefined {
  if (error instanceof CliError) {
    const { code, message: detail, next, exitCode } = error;
    return { code, detail, next, exitCode };
  }
  if (error instanceof BinderyError) return apiFailure(error);
  return awsFailure(error);
}

/** As `--json` prints it. */
export function failureDocument({ code, detail, next, requestId, fields }: Failure) {
  return {
    error: {
      code,
      detail,
      next: next ?? null,
      request_id: requestId ?? null,
      ...(fields === undefined ? {} : { errors: fields }),
    },
  };
}

export function failureLines({ code, detail, next, requestId, fields = [] }: Failure): string[] {
  const [first = '', ...rest] = detail.split('\n');
  // Of a single field the detail itself says what is wrong.
  const unsaid = fields.filter((field) => !detail.includes(field.detail));
  return [
    `✗ ${first}`,
    ...rest.map((line) => `  ${line}`),
    ...unsaid.map(({ pointer, detail: problem }) => `    ${pointer === '' ? '(body)' : pointer}: ${problem}`),
    ...(next === undefined ? [] : [`  → ${next}`]),
    ...(requestId === undefined ? [] : [`  code ${code}, request ${requestId}`]),
  ];
}
