import { describe, expect, test } from 'vitest';
import { Template } from './stack-under-test.ts';
import { VARIANTS } from './variants.ts';

const KEY_ARN = 'arn:aws:kms:ap-southeast-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef';

const shipped = new Template();
const own = new Template({ encryption: { kind: 'own' } });
const existing = new Template({ encryption: { kind: 'existing', keyArn: KEY_ARN } });

interface Loose {
  Type: string;
  Properties: Record<string, unknown>;
  DeletionPolicy?: string;
  UpdateReplacePolicy?: string;
}

const ofType = (template: Template, type: string): Loose[] =>
  (template.all() as Loose[]).filter(({ Type }) => Type === type);

/** Where each type says which key it is encrypted with. */
const KEY_PROPERTIES: Record<string, string> = {
  'AWS::SQS::Queue': 'KmsMasterKeyId',
  'AWS::SecretsManager::Secret': 'KmsKeyId',
  'AWS::Logs::LogGroup': 'KmsKeyId',
  'AWS::Events::EventBus': 'KmsKeyIdentifier',
};

function keysOf(template: Template, type: string): unknown[] {
  if (type === 'AWS::DynamoDB::GlobalTable') {
    return ofType(template, type).map(({ Properties }) => {
      const [replica] = Properties['Replicas'] as { SSESpecification?: { KMSMasterKeyId: unknown } }[];
      return template.text(replica?.SSESpecification?.KMSMasterKeyId);
    });
  }
  // But for what is put aside because the key does not serve.
  const parked = template.ofType('AWS::SQS::Queue').find(([place]) => place === 'Events/BusParked')?.[1];
  return ofType(template, type)
    .filter((one) => !Object.is(one, parked))
    .map(({ Properties }) => template.text(Properties[KEY_PROPERTIES[type] ?? '']));
}

const TYPES = ['AWS::DynamoDB::GlobalTable', ...Object.keys(KEY_PROPERTIES)];

describe('the key', () => {
  test.each(TYPES)('of every %s is that of the configuration', (type) => {
    expect(keysOf(shipped, type).length).toBeGreaterThan(0);
    expect(new Set(keysOf(shipped, type))).toEqual(new Set([undefined]));
    expect(new Set(keysOf(own, type))).toEqual(new Set(['Keeping/Key.Arn']));
    expect(new Set(keysOf(existing, type))).toEqual(new Set([KEY_ARN]));
  });

  test('is made only where it is to be, changes each year, and stays when the stack goes', () => {
    expect(ofType(shipped, 'AWS::KMS::Key')).toEqual([]);
    expect(ofType(existing, 'AWS::KMS::Key')).toEqual([]);
    expect(ofType(own, 'AWS::KMS::Key')).toEqual([
      expect.objectContaining({
        DeletionPolicy: 'Retain',
        Properties: expect.objectContaining({ EnableKeyRotation: true, PendingWindowInDays: 30 }),
      }),
    ]);
  });

  test("lets in the account's administrators, the logs of this stack and its bus, and nobody else", () => {
    const [key] = ofType(own, 'AWS::KMS::Key');
    const { Statement: statements } = own.text(key?.Properties['KeyPolicy']) as {
      Statement: Record<string, unknown>[];
    };
    const isAlarms = ({ Service }: { Service?: string }) => Service === 'cloudwatch.amazonaws.com';
    const others = statements.filter(({ Principal }) => !isAlarms(Principal as { Service?: string }));
    expect(others.map(({ Principal, Condition }) => [Principal, Condition])).toEqual([
      [{ AWS: 'arn:AWS::Partition:iam::AWS::AccountId:root' }, undefined],
      [
        { Service: 'logs.AWS::Region.amazonaws.com' },
        {
          ArnLike: {
            'kms:EncryptionContext:aws:logs:arn':
              'arn:AWS::Partition:logs:AWS::Region:AWS::AccountId:log-group:bindery-prod-*',
          },
        },
      ],
      [
        { Service: 'events.amazonaws.com' },
        {
          StringEquals: {
            'kms:EncryptionContext:aws:events:event-bus:arn':
              'arn:AWS::Partition:events:AWS::Region:AWS::AccountId:event-bus/bindery-prod',
          },
        },
      ],
      [{ Service: 'events.amazonaws.com' }, undefined],
    ]);
  });

  /** `service: actions` that a role may take on the key. */
  function keyRights(template: Template, role: string): string[] {
    return template
      .ofType('AWS::IAM::Policy')
      .filter(([, { Properties }]) => template.texts(Properties.Roles).includes(role))
      .flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement)
      .filter(({ Action }) => [Action].flat().some((action) => action.startsWith('kms:')))
      .map((statement) => {
        const { Condition } = template.text(statement) as { Condition: { StringEquals: Record<string, string> } };
        return `${Condition.StringEquals['kms:ViaService']}: ${[statement.Action].flat().join(' ')}`;
      })
      .sort();
  }

  test.each([
    ['own', own],
    ['existing', existing],
  ])('(%s) is used by each program through the services that it uses, and never by itself', (_, template) => {
    const via = (service: string, actions: string) => `${service}.AWS::Region.AWS::URLSuffix: ${actions}`;
    const all = 'kms:Decrypt kms:Encrypt kms:GenerateDataKey';
    expect(keyRights(template, 'Functions/send/Role')).toEqual([
      via('dynamodb', all),
      via('sqs', 'kms:Decrypt kms:GenerateDataKey'),
    ]);
    expect(keyRights(template, 'Binder/Task/TaskRole')).toEqual([
      via('dynamodb', all),
      via('secretsmanager', 'kms:Decrypt'),
      via('sqs', 'kms:Decrypt kms:GenerateDataKey'),
    ]);
    expect(keyRights(template, 'Functions/docs/Role')).toEqual([]);
  });

  test('of AWS needs no right', () => {
    expect(JSON.stringify(shipped.all())).not.toContain('kms:');
  });
});

test.each([
  ['own', own],
  ['existing', existing],
])(
  'what the bus cannot encrypt with the key (%s) goes to a queue that does without it, watched as the others are',
  (_, template) => {
    const [bus] = ofType(template, 'AWS::Events::EventBus');
    expect(template.text(bus?.Properties)).toMatchObject({ DeadLetterConfig: { Arn: 'Events/BusParked.Arn' } });
    expect(template.at('AWS::SQS::Queue', 'Events/BusParked')).toMatchObject({
      DeletionPolicy: 'Retain',
      Properties: { SqsManagedSseEnabled: true },
    });
    const [, policy] = template.at('AWS::SQS::QueuePolicy', 'Events/BusParked/Policy').Properties.PolicyDocument
      .Statement;
    expect(template.text(policy)).toMatchObject({
      Effect: 'Allow',
      Principal: { Service: 'events.amazonaws.com' },
      Action: 'sqs:SendMessage',
      Resource: 'Events/BusParked.Arn',
      Condition: {
        ArnEquals: { 'aws:SourceArn': 'arn:AWS::Partition:events:AWS::Region:AWS::AccountId:event-bus/bindery-prod' },
      },
    });
    expect(template.at('AWS::CloudWatch::Alarm', 'Monitoring/Alarms/dead-letters-bus')).toBeDefined();
    expect(template.texts(template.outputs['DeadLetterQueues']?.Value).join()).toContain(
      '{"name":"bus","url":"Events/BusParked","eventBus":"Events/Bus"}',
    );
  },
);

test('AWS does not fail to encrypt with a key of its own: the bus needs no such queue', () => {
  expect(ofType(shipped, 'AWS::Events::EventBus')[0]?.Properties).not.toHaveProperty('DeadLetterConfig');
});

describe('calls without TLS', () => {
  const refused = { Effect: 'Deny', Principal: { AWS: '*' }, Condition: { Bool: { 'aws:SecureTransport': 'false' } } };
  const count = (type: string) => ofType(shipped, type).length;

  test('are refused by every table', () => {
    for (const { Properties } of ofType(shipped, 'AWS::DynamoDB::GlobalTable')) {
      expect(Properties['Replicas']).toMatchObject([
        { ResourcePolicy: { PolicyDocument: { Statement: [{ ...refused, Action: 'dynamodb:*' }] } } },
      ]);
    }
  });

  test('are refused by every secret', () => {
    const policies = ofType(shipped, 'AWS::SecretsManager::ResourcePolicy');
    for (const { Properties } of policies) {
      expect(Properties['ResourcePolicy']).toMatchObject({ Statement: [{ ...refused, Action: 'secretsmanager:*' }] });
    }
    expect(new Set(policies.map(({ Properties }) => shipped.text(Properties['SecretId']))).size).toBe(
      count('AWS::SecretsManager::Secret'),
    );
  });

  test('are refused by the bus', () => {
    const policies = ofType(shipped, 'AWS::Events::EventBusPolicy');
    expect(policies).toHaveLength(count('AWS::Events::EventBus'));
    expect(policies[0]?.Properties['Statement']).toMatchObject({ ...refused, Action: 'events:PutEvents' });
  });
});

describe('what becomes of what is kept when the stack goes', () => {
  const nat = new Template({ encryption: { kind: 'own' }, vpc: { kind: 'nat' } });

  test.each(['AWS::DynamoDB::GlobalTable', 'AWS::Logs::LogGroup', 'AWS::KMS::Key'])(
    'every %s stays, whatever the template does to it',
    (type) => {
      expect(ofType(nat, type).length).toBeGreaterThan(0);
      for (const resource of ofType(nat, type)) {
        expect(resource).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
      }
    },
  );

  test('lanes, secrets and the address of operators stay as well, but for those of a stack that could not be made', () => {
    const lanes = ofType(nat, 'AWS::SQS::Queue').filter(({ Properties }) => 'QueueName' in Properties);
    const [secrets, addresses] = [ofType(nat, 'AWS::SecretsManager::Secret'), ofType(nat, 'AWS::EC2::EIP')];
    expect([lanes.length, secrets.length, addresses.length]).toEqual([12, 2, 1]);
    for (const kept of [...lanes, ...secrets, ...addresses]) {
      expect(kept).toMatchObject({ DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' });
    }
  });

  test('of a stage for trials nothing stays, and nothing is protected', () => {
    const trial = new Template({ disposable: true });
    const types = [
      'AWS::DynamoDB::GlobalTable',
      'AWS::SecretsManager::Secret',
      'AWS::Logs::LogGroup',
      'AWS::SQS::Queue',
    ];
    for (const type of types) {
      for (const resource of ofType(trial, type)) expect(resource, type).toMatchObject({ DeletionPolicy: 'Delete' });
    }
    for (const { Properties } of ofType(trial, 'AWS::DynamoDB::GlobalTable')) {
      expect(Properties['Replicas']).toMatchObject([{ DeletionProtectionEnabled: false }]);
    }
  });
});

test('every variant that tests look at is one that the configuration takes', () => {
  for (const overrides of Object.values(VARIANTS)) expect(new Template(overrides).all().length).toBeGreaterThan(50);
});
