import { describe, expect, test } from 'vitest';
import { credentialsSchema } from '../../../shared/config/credentials.ts';
import { describeIssues } from '../../../shared/config/environment.ts';
import { ESME, MC } from '../../fixtures/tls.ts';

const good = { system_id: 'esme', password: 'secret12' };

function problemsOf(secret: unknown, account = { longCredentials: false }): string[] {
  const { error } = credentialsSchema(account).safeParse(secret);
  return error === undefined ? [] : describeIssues(error);
}

describe('the secret of an account', () => {
  test('is a system_id of up to 15 and a password of up to 8 characters', () => {
    expect(problemsOf(good)).toEqual([]);
    expect(problemsOf({ system_id: 'x'.repeat(15), password: '' })).toEqual([]);
  });

  test('that is longer is refused with the section of the specification and the way out', () => {
    expect(problemsOf({ system_id: 'x'.repeat(16), password: 'hunter222' })).toEqual([
      'system_id: has more than the 15 characters of SMPP 3.4 section 5.2.1; if the operator gave out this system_id and takes it, set longCredentials of the account',
      'password: has more than the 8 characters of SMPP 3.4 section 5.2.2; if the operator gave out this password and takes it, set longCredentials of the account',
    ]);
  });

  test('may be longer where the profile says that the operator takes that, up to 63 characters', () => {
    const long = { longCredentials: true };
    expect(problemsOf({ system_id: 'x'.repeat(63), password: 'y'.repeat(63) }, long)).toEqual([]);
    expect(problemsOf({ ...good, password: 'y'.repeat(64) }, long)).toEqual(['password: has more than 63 characters']);
  });

  test.each([
    [{ password: 'secret' }, /^system_id: /],
    [{ system_id: '', password: 'secret' }, /^system_id: is empty/],
    [{ system_id: 'esme' }, /^password: /],
    [{ ...good, password: 'geh€im' }, /^password: has a character outside ASCII/],
    [undefined, /^\(all\): /],
  ])('%j is not one', (secret, problem) => {
    expect(problemsOf(secret)).toEqual([expect.stringMatching(problem)]);
  });
});

describe('a certificate of our own', () => {
  const pair = { tls_cert: ESME.cert, tls_key: ESME.key };

  test('is in the secret with its key', () => {
    expect(problemsOf({ ...good, ...pair })).toEqual([]);
    expect(problemsOf({ ...good, ...pair, tls_cert: ESME.cert + MC.cert })).toEqual([]);
  });

  test.each([
    ['without its key', { tls_cert: ESME.cert }],
    ['as a key without it', { tls_key: ESME.key }],
    ["with another's key", { tls_cert: ESME.cert, tls_key: MC.key }],
  ])('is refused %s', (_, parts) => {
    expect(problemsOf({ ...good, ...parts })).toEqual([
      'tls_key: tls_cert and tls_key must both be there and belong together',
    ]);
  });

  test.each([
    ['tls_cert', { ...pair, tls_cert: 'rubbish' }],
    ['tls_cert', { ...pair, tls_cert: ESME.cert + ESME.key }],
    ['tls_cert', { ...pair, tls_cert: ESME.cert.replace(/\n[A-Za-z]/, '\n*') }],
    ['tls_key', { ...pair, tls_key: ESME.cert }],
  ])('is refused where %s is none, and nothing of it is told', (field, parts) => {
    const [problem = ''] = problemsOf({ ...good, ...parts });
    expect(problem).toMatch(new RegExp(`^${field}: .* PEM`));
    expect(problem).not.toContain('MII');
  });
});
