import { expect, test } from 'vitest';
import { readCommandLine } from '../../../../cdk/deploy/options.ts';

const options = (...args: string[]) => {
  const commandLine = readCommandLine(args);
  return commandLine.kind === 'run' ? commandLine.options : commandLine;
};

test.each([['--stage', 'staging'], ['--stage=staging']])(
  '%s names the stage, and the CDK does not see it',
  (...args) => {
    const given = args.filter((arg): arg is string => arg !== undefined);
    expect(options(...given, '--require-approval', 'never')).toEqual({
      stage: 'staging',
      check: false,
      toolkitStackName: 'CDKToolkit',
      passedOn: ['--require-approval', 'never'],
    });
  },
);

test('what is said of the place goes to the CDK as well', () => {
  expect(options('--profile', 'live', '--toolkit-stack-name=Ours', '--check')).toEqual({
    profile: 'live',
    check: true,
    toolkitStackName: 'Ours',
    passedOn: ['--profile', 'live', '--toolkit-stack-name=Ours'],
  });
});

test('every mistake is named at once, and a second way to say the stage is one', () => {
  expect(readCommandLine(['--stage', '', '-c', 'bindery:stage=x'])).toEqual({
    kind: 'wrong',
    problems: ['--stage needs a value', 'bindery:stage: say --stage NAME instead'],
  });
  expect(readCommandLine(['--stage'])).toEqual({ kind: 'wrong', problems: ['--stage needs a value'] });
});

test('--help wins', () => {
  expect(readCommandLine(['--stage', '--help']).kind).toBe('help');
});
