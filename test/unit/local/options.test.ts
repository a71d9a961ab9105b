import { expect, test } from 'vitest';
import { readCommandLine } from '../../../cdk/local/options.ts';

const OPERATOR = { SMPP_URL: 'smpp://mc.example:2775', SMPP_SYSTEM_ID: 'me', SMPP_PASSWORD: 'secret' };

test('without flags everything is embedded and simulated', () => {
  expect(readCommandLine([], {})).toEqual({
    kind: 'run',
    options: { port: 0, stateDirectory: '.bindery', json: false, endpoints: {} },
  });
});

test('flags and environment choose port, folder, operator and services', () => {
  const environment = { ...OPERATOR, AWS_ENDPOINT_URL_SQS: 'http://127.0.0.1:4566' };
  expect(readCommandLine(['--port', '8080', '--state=/tmp/x', '--json'], environment)).toEqual({
    kind: 'run',
    options: {
      port: 8080,
      stateDirectory: '/tmp/x',
      json: true,
      operator: { url: 'smpp://mc.example:2775', systemId: 'me', password: 'secret' },
      endpoints: { sqs: 'http://127.0.0.1:4566' },
    },
  });
});

test('every mistake is named at once, and no value of a secret', () => {
  const result = readCommandLine(['--port', '99999', '--nonsense', 'stray', '--json=yes'], {
    SMPP_URL: 'http://mc.example',
    SMPP_PASSWORD: 'hunter2',
    AWS_ENDPOINT_URL_DYNAMODB: 'localhost:8000',
  });
  expect(result.kind).toBe('wrong');
  const problems = result.kind === 'wrong' ? result.problems : [];
  expect(problems).toHaveLength(7);
  for (const name of [
    '--port',
    '--nonsense',
    'stray',
    '--json',
    'SMPP_SYSTEM_ID',
    'SMPP_URL',
    'AWS_ENDPOINT_URL_DYNAMODB',
  ]) {
    expect(problems.filter((problem) => problem.startsWith(name))).toHaveLength(1);
  }
  expect(problems.join()).not.toContain('hunter2');
});

test('help wins over mistakes', () => {
  expect(readCommandLine(['--help', '--nonsense'], {}).kind).toBe('help');
});
