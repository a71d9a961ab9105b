import { App } from 'aws-cdk-lib/core';
import { describe, expect, test } from 'vitest';
import { configurationFrom } from '../../../cdk/config/context.ts';
import { contextOfProject } from '../../../cdk/project-context.ts';
import { BinderyStack } from '../../../cdk/stack.ts';
import { emptyBundles } from './stack-under-test.ts';

const accounts = [{ profile: 'smpp-asia' }];
const bindery = {
  accounts,
  retention: { messagesDays: 30 },
  vpc: { kind: 'existing', vpcId: 'vpc-0123456789abcdef0', subnetIds: ['subnet-0123456789abcdef0'] },
  stages: {
    prod: { aws: { account: '111111111111', region: 'ap-southeast-1' }, binder: { count: 2 } },
    staging: {
      aws: { account: '222222222222', region: 'us-east-1' },
      accounts: [{ profile: 'smpp-asia', name: 'trial', segmentsPerSecond: 2 }],
      retention: { logsDays: 7 },
      vpc: { kind: 'public' },
    },
  },
};
const stage = (name: string, settings: unknown = bindery) =>
  configurationFrom({ bindery: settings, 'bindery:stage': name });

function problemsOf(name: string, settings: unknown): string[] {
  try {
    stage(name, settings);
  } catch (error) {
    expect(error).toMatchObject({ code: 'configuration_invalid' });
    return (error as Error).message.split('\n  - ').slice(1);
  }
  return [];
}

describe('a stage', () => {
  test('has the common settings, and its own over them: objects merge, lists and another kind of VPC replace', () => {
    const { accounts: own, retention, vpc, binder, aws } = stage('staging');
    expect(own).toEqual([expect.objectContaining({ name: 'trial', segmentsPerSecond: 2 })]);
    expect(retention).toMatchObject({ messagesDays: 30, logsDays: 7 });
    expect(vpc).toEqual({ kind: 'public', interfaceEndpoints: [] });
    expect(binder.count).toBe(1);
    expect(aws).toEqual({ account: '222222222222', region: 'us-east-1' });
    expect(stage('prod')).toMatchObject({ stage: 'prod', binder: { count: 2 }, vpc: { kind: 'existing' } });
  });

  test('is prod where nobody says which, or the one of the common settings', () => {
    expect(configurationFrom({ bindery }).stage).toBe('prod');
    expect(configurationFrom({ bindery: { ...bindery, stage: 'staging' } }).stage).toBe('staging');
  });

  test('that there is not is refused by naming those that there are', () => {
    expect(problemsOf('stagign', bindery)).toEqual(['stage: there is no "stagign", but "prod", "staging"']);
  });

  test('may have any name where there is no list of stages', () => {
    expect(stage('anything', { accounts }).stage).toBe('anything');
  });

  test('a field of the command line goes over those of the stage, and over no other stage', () => {
    const context = { bindery, 'bindery:stage': 'staging', 'bindery:binder': { count: 11 } };
    expect(() => configurationFrom(context)).toThrow(/\n {2}- stages\.staging: binder\.count: [^\n]*$/);
  });

  test('every mistake of every stage is named at once, and one of the common settings once', () => {
    const wrong = {
      accounts,
      logLevel: 'loud',
      stages: { prod: { aws: { account: 111111111111, region: 'manila' } }, staging: { binder: { cpu: 5 } } },
    };
    const problems = problemsOf('prod', wrong);
    expect(problems).toEqual([
      expect.stringMatching(/^stages\.prod: aws\.account: /),
      expect.stringMatching(/^stages\.prod: aws\.region: a region such as ap-southeast-1/),
      expect.stringMatching(/^logLevel: /),
      expect.stringMatching(/^stages\.staging: binder\.cpu: /),
    ]);
  });

  test.each([
    [[], 'stages: must be an object'],
    [{}, 'stages: must be an object'],
    [{ prod: true }, 'stages.prod: must be an object'],
    [{ prod: { stage: 'other' } }, 'stages.prod.stage: a stage is called by its key'],
    [{ Prod: {} }, 'stage: there is no "prod", but "Prod"'],
  ])('%j is no list of stages, and the message says why', (stages, problem) => {
    expect(problemsOf('prod', { accounts, stages })).toEqual([expect.stringContaining(problem)]);
  });
});

describe('npm start', () => {
  test('runs with the settings of the stage that is deployed by default, and in no AWS account', () => {
    const local = stage('local');
    expect(local).toMatchObject({ stage: 'local', binder: { count: 2 } });
    expect(local).not.toHaveProperty('aws');
  });

  test('runs with its own settings where there are some, or with those of the only stage', () => {
    const { prod } = bindery.stages;
    const own = { ...bindery, stages: { prod, local: { binder: { count: 3 } } } };
    expect(stage('local', own).binder.count).toBe(3);
    expect(stage('local', { accounts, stages: { live: { logLevel: 'warn' } } }).logLevel).toBe('warn');
  });
});

/** The synthesized stack of a stage. */
function synthesized(name: string, settings: object) {
  const context = { ...contextOfProject(), bindery: settings, 'bindery:stage': name };
  const app = new App({ context, autoSynth: false, builtinCloudFormationValidation: false });
  const stack = new BinderyStack(app, configurationFrom(app.node.getAllContext()), emptyBundles());
  const assembly = app.synth();
  const { template, environment } = assembly.getStackByName(stack.stackName);
  return { template, environment, missing: assembly.manifest.missing ?? [] };
}

interface TemplateText {
  Resources: Record<string, { Type: string; Properties?: Record<string, unknown> }>;
}

/** Their names are those of a part of another resource. */
const WITHIN_ANOTHER = ['AWS::IAM::Policy', 'AWS::ApiGatewayV2::Stage', 'AWS::EventSchemas::Schema'];
/** Of what an alarm looks at; whose it is, its dimensions say. */
const OF_SOMETHING_ELSE = 'MetricName';

/** Every name that a template fixes: no two stacks in one AWS account may share one. */
function namesIn(template: TemplateText): string[] {
  const resources = Object.values(template.Resources).filter(({ Type }) => !WITHIN_ANOTHER.includes(Type));
  return resources.flatMap(({ Properties = {} }) =>
    Object.entries(Properties).flatMap(([key, value]) =>
      /(^|[a-z])Name$/.test(key) && key !== OF_SOMETHING_ELSE && typeof value === 'string' ? [value] : [],
    ),
  );
}

describe('two stages in one AWS account', () => {
  const aws = { account: '111111111111', region: 'ap-southeast-1' };
  const side = { accounts, aws, stages: { prod: {}, staging: {} } };
  const prod = synthesized('prod', side);
  const staging = synthesized('staging', side);

  test('share no name of a resource and no exported output', () => {
    const names = namesIn(prod.template);
    expect(names.length).toBeGreaterThanOrEqual(13);
    expect(namesIn(staging.template).filter((name) => names.includes(name))).toEqual([]);
    expect(JSON.stringify(prod.template.Outputs)).not.toContain('"Export"');
  });

  test('are for that account, and ask it nothing at synth', () => {
    expect(prod.environment).toMatchObject(aws);
    expect(prod.missing).toEqual([]);
    expect(staging.missing).toEqual([]);
  });

  test('name each other nowhere', () => {
    expect(JSON.stringify(staging.template)).not.toContain('bindery-prod');
    expect(JSON.stringify(prod.template)).not.toContain('bindery-staging');
  });
});
