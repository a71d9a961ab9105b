import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { configurationFrom } from '../../../cdk/config/context.ts';
import { profiles } from '../../../cdk/config/profiles.ts';
import { apiAccounts } from '../../../cdk/config/resolve.ts';
import { contextOfProject } from '../../../cdk/project-context.ts';
import { accountSchema } from '../../../shared/config/account.ts';
import { apiAccountSchema } from '../../../shared/config/environment.ts';

const smppAsia = { profile: 'smpp-asia' };
const configuration = (bindery: unknown) => configurationFrom({ bindery });

/** The lines of the error that `bindery` gives, without the heading. */
function problemsOf(bindery: unknown): string[] {
  try {
    configuration(bindery);
  } catch (error) {
    expect(error).toMatchObject({ code: 'configuration_invalid' });
    return (error as Error).message.split('\n  - ').slice(1);
  }
  return [];
}

describe('profiles', () => {
  test.each(Object.entries(profiles))('%s is a whole account once it has a name', (name, profile) => {
    expect(accountSchema.safeParse({ name, ...profile }).error).toBeUndefined();
  });

  test('smpp-asia is the operator of the integration guide', () => {
    const [account] = configuration({ accounts: [smppAsia] }).accounts;
    expect(account).toMatchObject({
      name: 'smpp-asia',
      url: 'smpp://selfhost.smpp.asia:2558',
      bindType: 'transceiver',
      segmentsPerSecond: 10,
      dataCoding: { gsm7: 0, ucs2: 8 },
      destination: { format: 'national' },
      source: { alphanumeric: { ton: 5, npi: 0 } },
      timeZone: 'Asia/Manila',
      lanes: {
        otp: { defaultTtlSeconds: 300, unknownOutcome: 'resend_once' },
        transactional: { defaultTtlSeconds: 4 * 3600, unknownOutcome: 'resend_once' },
        bulk: { defaultTtlSeconds: 24 * 3600, unknownOutcome: 'hold' },
      },
    });
  });

  test('one number of a lane is overridden without repeating the lane', () => {
    const [account] = configuration({
      accounts: [{ ...smppAsia, name: 'fast', segmentsPerSecond: 50, lanes: { otp: { defaultTtlSeconds: 60 } } }],
    }).accounts;
    expect(account).toMatchObject({ name: 'fast', segmentsPerSecond: 50 });
    expect(account?.lanes).toEqual({
      ...profiles['smpp-asia'].lanes,
      otp: { defaultTtlSeconds: 60, unknownOutcome: 'resend_once' },
    });
  });

  test('an account without a profile stands on its own', () => {
    const own = { name: 'own', ...profiles['smpp-asia'] };
    expect(configuration({ accounts: [own] }).accounts).toEqual([accountSchema.parse(own)]);
  });
});

describe('configuration', () => {
  test('the shipped one is good', () => {
    expect(configurationFrom(contextOfProject())).toMatchObject({ stage: 'prod', vpc: { kind: 'public' } });
  });

  test('three mistakes are all named at once, each with its path and what is allowed', () => {
    expect(
      problemsOf({ accounts: [{ ...smppAsia, segmentsPerSecond: 0 }], stage: 'My-Stage', binder: { cpu: 300 } }),
    ).toEqual([
      expect.stringMatching(/^stage: lower-case letters and digits/),
      expect.stringMatching(/^binder\.cpu: .*256\|512\|1024/),
      expect.stringMatching(/^accounts\.0\.segmentsPerSecond: .*>=1/),
    ]);
  });

  test('an unknown key is named together with those that are allowed there', () => {
    expect(problemsOf({ accounts: [smppAsia], retension: {} })).toEqual([
      expect.stringMatching(/^\(top\): unknown "retension"; allowed here: stage, accounts, .*retention/),
    ]);
    expect(problemsOf({ accounts: [{ ...smppAsia, lanes: { otp: { ttl: 5 } } }] })).toEqual([
      'accounts.0.lanes.otp: unknown "ttl"; allowed here: defaultTtlSeconds, unknownOutcome, congestedAtSeconds, fullAtSeconds',
    ]);
  });

  test('no value is printed, because one may be a password in the wrong place', () => {
    const account = {
      ...smppAsia,
      password: 'hunter2',
      url: 'smpp://user:hunter2@host:1',
      systemType: 'hunter2'.repeat(9),
    };
    const problems = problemsOf({
      accounts: [account],
      operatorUrl: 'hunter2',
      stage: 'Hunter2',
      eventSource: 'hunter2',
    });
    expect(problems.length).toBeGreaterThanOrEqual(6);
    expect(problems.join('\n')).not.toMatch(/hunter2/i);
  });

  test('what a profile lacks is not hidden by an unknown profile', () => {
    expect(problemsOf({ accounts: [{ profile: 'acme', maxSegments: 0 }] })).toEqual([
      expect.stringMatching(/^accounts\.0\.profile: .*"smpp-asia"/),
      expect.stringMatching(/^accounts\.0\.maxSegments: /),
    ]);
  });

  test('two accounts may not have one name, which is also the profile that gave it', () => {
    expect(problemsOf({ accounts: [smppAsia, { ...smppAsia, name: 'b' }, smppAsia] })).toEqual([
      'accounts.2.name: must differ from accounts.0.name',
    ]);
  });

  test('accounts of unknown profiles are not said to share a name as well', () => {
    const problems = problemsOf({ accounts: [{ profile: 'acme' }, { profile: 'acme' }] });
    expect(problems).toEqual([
      expect.stringMatching(/^accounts\.0\.profile/),
      expect.stringMatching(/^accounts\.1\.profile/),
    ]);
  });

  test.each([
    ['http://host:2775', /an address such as smpp:/],
    ['smpp://host', /host and port/],
    ['smpp://user:secret@host:2775', /host and port/],
    ['smpp://host:2775/path', /host and port/],
    ['host:2775', /an address such as smpp:/],
  ])('%s is no address of an operator', (url, reason) => {
    const problems = problemsOf({ accounts: [{ ...smppAsia, url }] });
    expect(problems).toContainEqual(expect.stringMatching(reason));
    for (const problem of problems) expect(problem).toMatch(/^accounts\.0\.url: /);
  });

  test.each([
    [{ timeZone: 'Asia/Atlantis' }, 'accounts.0.timeZone'],
    [{ segmentsPerSecond: 1001 }, 'accounts.0.segmentsPerSecond'],
    [{ name: 'Upper' }, 'accounts.0.name'],
  ])('%j is refused', (override, path) => {
    expect(problemsOf({ accounts: [{ ...smppAsia, ...override }] })).toEqual([expect.stringContaining(`${path}: `)]);
  });

  test('mistakes of addresses, keys and names are all named at once, beside any other', () => {
    const certificateArn = 'arn:aws:acm:eu-west-1:123456789012:certificate/01234567-89ab';
    const domain = {
      name: 'sms.example.com',
      certificateArn,
      hostedZone: { id: 'Z0123', name: 'example.org' },
      mutualTls: { truststoreUri: 's3://example-trust/a.pem' },
      defaultAddress: true,
    };
    const problems = problemsOf({
      accounts: [smppAsia],
      stage: 'My-Stage',
      encryption: { kind: 'existing', keyArn: 'alias/mine' },
      vpc: { kind: 'nat', allocationId: '203.0.113.7', interfaceEndpoints: ['kinesis'] },
      api: { burst: 0, domain },
      retention: { logsDays: 31 },
    });
    expect(new Set(problems.map((problem) => problem.split(': ')[0]))).toEqual(
      new Set([
        'api.burst',
        'api.domain.defaultAddress',
        'api.domain.hostedZone.name',
        'encryption.keyArn',
        'retention.logsDays',
        'stage',
        'vpc.allocationId',
        'vpc.interfaceEndpoints.0',
      ]),
    );
  });

  test('an API that takes less than one key may make is refused, also where something else is wrong', () => {
    const problems = problemsOf({ accounts: [smppAsia], api: { requestsPerSecond: 400 }, stage: 'My-Stage' });
    expect(problems).toEqual([
      expect.stringMatching(/^stage: /),
      expect.stringMatching(/^api\.requestsPerSecond: at least apiRequestsPerSecond/),
    ]);
  });

  test.each([
    [{ vpc: { kind: 'private' } }, 'vpc.kind'],
    [{ vpc: { kind: 'existing', vpcId: 'vpc-0123abcd', subnetIds: [] } }, 'vpc.subnetIds'],
    [{ binder: { cpu: 256, memoryMiB: 4096 } }, 'binder.memoryMiB: with cpu 256 one of 512, 1024, 2048'],
    [{ binder: { count: 0 } }, 'binder.count'],
    [{ retention: { logsDays: 31 } }, 'retention.logsDays'],
    [{ eventSource: 'aws.sms' }, 'eventSource'],
    [{ accounts: [] }, 'accounts'],
    [{ accounts: ['smpp-asia'] }, 'accounts.0'],
  ])('%j is refused', (override, problem) => {
    expect(problemsOf({ accounts: [smppAsia], ...override })).toEqual([expect.stringContaining(problem)]);
  });

  test('the account of test keys is as the first, but for what an operator fixes, and only the API and the binder know it', () => {
    const { accounts, servedAccounts } = configuration({
      accounts: [
        { ...smppAsia, maxSegments: 4, segmentsPerDay: 5_000 },
        { ...smppAsia, name: 'second' },
      ],
    });
    expect(accounts.map(({ name }) => name)).toEqual(['smpp-asia', 'second']);
    const [, , tests] = servedAccounts;
    expect(tests).toMatchObject({ name: 'test', simulated: true, url: 'smpp://127.0.0.1:0', maxSegments: 4 });
    expect(tests).not.toHaveProperty('segmentsPerDay');
    const shared = ['lanes', 'source', 'destination', 'dataCoding', 'segmentsPerSecond', 'timeZone'] as const;
    for (const field of shared) expect(tests?.[field]).toEqual(accounts[0]?.[field]);
  });

  test('test mode can be left out, and nobody takes its name', () => {
    const { accounts, servedAccounts } = configuration({ accounts: [smppAsia], testMode: false });
    expect(servedAccounts).toEqual(accounts);
    expect(problemsOf({ accounts: [{ ...smppAsia, name: 'test' }] })).toEqual([
      'accounts.0.name: "test" serves test keys',
    ]);
    expect(problemsOf({ accounts: [{ ...smppAsia, simulated: true }] })).toEqual([
      expect.stringMatching(/^accounts\.0: unknown "simulated"/),
    ]);
  });

  test('more accounts than fit into the environment of a function are refused at synth, not by Lambda', () => {
    const accounts = (count: number) =>
      Array.from({ length: count }, (_, index) => ({ ...smppAsia, name: `account-${index}` }));
    expect(problemsOf({ accounts: accounts(9) })).toEqual([]);
    expect(problemsOf({ accounts: accounts(20) })).toEqual([
      expect.stringMatching(/^accounts: 21 accounts, that of test mode included, need \d+ octets/),
    ]);
  });

  test('more words and answers of subscribers than fit there are refused as well', () => {
    const words = Array.from({ length: 100 }, (_, index) =>
      `a long word or two, the one of number ${index}`.slice(0, 40),
    );
    expect(problemsOf({ accounts: [{ ...smppAsia, keywords: { stop: { words } } }] })).toEqual([
      expect.stringMatching(/^accounts: words and answers of all keywords need \d+ octets/),
    ]);
  });

  test('the API is told of an account no more than its schema has', () => {
    const { accounts } = configuration({ accounts: [smppAsia] });
    const told: unknown = JSON.parse(apiAccounts(accounts));
    // Strict: a field too many would be refused, and one too few that has no default.
    expect(z.array(apiAccountSchema.strict()).parse(told)).toEqual([apiAccountSchema.strip().parse(accounts[0])]);
  });
});

describe('context', () => {
  test('the configuration may be JSON text, as the command line gives it', () => {
    const text = JSON.stringify({ stage: 'staging', accounts: [smppAsia] });
    expect(configuration(text)).toMatchObject({ stage: 'staging' });
  });

  test.each([undefined, '{"accounts"', 5, [], 'prod'])(
    '%j is no configuration, and the message says what is',
    (bindery) => {
      expect(() => configuration(bindery)).toThrow(/context "bindery": must be an object, or one as JSON text/);
    },
  );

  test('a single field is overridden by its own key', () => {
    const context = {
      bindery: { accounts: [smppAsia, { ...smppAsia, name: 'second' }] },
      'bindery:stage': 'local',
      'bindery:webhookLoopback': 'true',
      'bindery:operatorUrl': 'smpp://127.0.0.1:2775',
      'bindery:binder': { count: 2 },
    };
    const result = configurationFrom(context);
    expect(result).toMatchObject({ stage: 'local', webhookLoopback: true, binder: { count: 2, cpu: 256 } });
    expect(result.accounts.map(({ url }) => url)).toEqual(['smpp://127.0.0.1:2775', 'smpp://127.0.0.1:2775']);
  });

  test('a misspelled field is named there as well', () => {
    expect(() => configurationFrom({ bindery: { accounts: [smppAsia] }, 'bindery:stag': 'x' })).toThrow(
      /unknown "stag"/,
    );
  });
});
