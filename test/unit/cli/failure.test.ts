import { describe, expect, test } from 'vitest';
import { CliError, failureDocument, failureLines, failureOf, UsageError } from '../../../cli/failure.ts';
import { BinderyError, type Problem } from '../../../docs/client/bindery.ts';

const problem: Problem = {
  type: '/docs/errors#missing_scope',
  title: 'Missing scope',
  status: 403,
  detail: 'needs the scope admin',
  instance: '/v1/keys',
  code: 'missing_scope',
  request_id: 'req-1',
  retryable: false,
  errors: [{ pointer: '/name', code: 'required', detail: 'is missing' }],
};

function shown(error: unknown): string {
  const failure = failureOf(error);
  return failure === undefined ? 'unknown' : failureLines(failure).join('\n');
}

describe('a failure', () => {
  test('of the API is shown with what is wrong, what to do, and the request to ask about', () => {
    const error = new BinderyError('x', { status: 403, code: 'missing_scope', retryable: false, problem });
    expect(shown(error)).toBe(
      [
        '✗ needs the scope admin',
        '    /name: is missing',
        '  → Use another key, or make one with that scope.',
        '  code missing_scope, request req-1',
      ].join('\n'),
    );
    const failure = failureOf(error);
    expect(failure && failureDocument(failure)).toMatchObject({
      error: { code: 'missing_scope', request_id: 'req-1' },
    });
  });

  test('of a single field says once what is wrong with it; one of several lines keeps them together', () => {
    const field = { pointer: '/to', code: 'too_short', detail: 'is too short' } as const;
    const one: Problem = { ...problem, detail: '/to: is too short', errors: [field] };
    const error = new BinderyError('x', { status: 422, code: 'invalid_number', retryable: false, problem: one });
    expect(shown(error).match(/is too short/g)).toHaveLength(1);
    expect(shown(new UsageError('--to is missing', '--from is missing'))).toBe(
      '✗ --to is missing\n  --from is missing',
    );
  });

  test('to reach the API sends to the doctor', () => {
    const cause = Object.assign(new TypeError('fetch failed'), { cause: { code: 'ECONNREFUSED' } });
    const error = new BinderyError('no answer', { status: 0, code: 'no_answer', retryable: true, cause });
    expect(shown(error)).toMatch(/does not answer \(ECONNREFUSED\)[\s\S]*doctor/);
    expect(failureOf(error)?.exitCode).toBe(3);
  });

  test('of AWS says how to sign in, or which permission is missing', () => {
    const named = (name: string, message: string) => Object.assign(new Error(message), { name, $metadata: {} });
    expect(shown(named('ExpiredTokenException', 'expired'))).toContain('aws sso login');
    expect(shown(named('AccessDeniedException', 'not you'))).toContain('docs/cli.md');
    expect(shown(named('Other', 'odd'))).toBe('✗ odd');
    expect(shown(new Error('Region is missing'))).toContain('--region');
  });

  test('of the person is said as it is; one of ours is none of these', () => {
    expect(shown(new CliError('x', 'no file'))).toBe('✗ no file');
    expect(failureOf(new TypeError('undefined is not a function'))).toBeUndefined();
  });
});
