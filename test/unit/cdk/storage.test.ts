import { describe, expect, test } from 'vitest';
import type { Shapes } from './resource-shapes.ts';
import { Template } from './stack-under-test.ts';

const template = new Template();

type Table = Shapes['AWS::DynamoDB::GlobalTable'];

const tables = template.ofType('AWS::DynamoDB::GlobalTable');
const keysOf = (owner: Pick<Table, 'KeySchema'>): string[] => owner.KeySchema.map((key) => key.AttributeName);

describe('tables', () => {
  test('there are three, with the keys that the stores use', () => {
    expect(tables.map(([place, table]) => [place, keysOf(table.Properties)])).toEqual([
      ['Storage/Messages/Table', ['messageId']],
      ['Storage/Receipts/Table', ['key', 'row']],
      ['Storage/Control/Table', ['pk', 'sk']],
    ]);
  });

  test('every table outlives its stack, is encrypted, recoverable, protected and lets items expire', () => {
    for (const [place, table] of tables) {
      expect(table, place).toMatchObject({
        DeletionPolicy: 'Retain',
        UpdateReplacePolicy: 'Retain',
        Properties: {
          BillingMode: 'PAY_PER_REQUEST',
          SSESpecification: { SSEEnabled: true },
          TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
          Replicas: [
            {
              DeletionProtectionEnabled: true,
              PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
            },
          ],
        },
      });
    }
  });

  test('messages are found by account, recipient, client reference and batch and, of those that are due, by time', () => {
    const indexes = template.at('AWS::DynamoDB::GlobalTable', 'Storage/Messages/Table').Properties
      .GlobalSecondaryIndexes;
    expect(indexes?.map((index) => [index.IndexName, keysOf(index), index.Projection.ProjectionType])).toEqual([
      ['by-account', ['account', 'messageId'], 'ALL'],
      ['by-recipient', ['to', 'messageId'], 'ALL'],
      ['by-client-ref', ['clientRef', 'messageId'], 'KEYS_ONLY'],
      ['by-batch', ['batchId', 'messageId'], 'KEYS_ONLY'],
      ['due', ['dueAccount', 'dueAt'], 'KEYS_ONLY'],
    ]);
  });

  test('every table streams both images', () => {
    const streams = tables.map(([, table]) => table.Properties.StreamSpecification?.StreamViewType);
    expect(streams).toEqual(['NEW_AND_OLD_IMAGES', 'NEW_AND_OLD_IMAGES', 'NEW_AND_OLD_IMAGES']);
  });
});

describe('secrets', () => {
  test("the operator's credentials are generated placeholders, so that a deploy never overwrites what was filled in", () => {
    const secret = template.at('AWS::SecretsManager::Secret', 'Credentials/smpp-asia');
    expect(secret).toMatchObject({ DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' });
    expect(secret.Properties).toEqual({
      Description: expect.stringContaining('smpp-asia'),
      GenerateSecretString: {
        SecretStringTemplate: '{"system_id":"REPLACE_ME"}',
        GenerateStringKey: 'password',
        PasswordLength: 8,
        ExcludePunctuation: true,
      },
    });
  });

  test('the admin key is 40 characters without punctuation, and an output tells how to read it', () => {
    expect(template.at('AWS::SecretsManager::Secret', 'AdminKey/Secret').Properties).toMatchObject({
      GenerateSecretString: { ExcludePunctuation: true, PasswordLength: 40 },
    });
    expect(template.text(template.outputs['AdminKeyCommand']?.Value)).toMatch(
      /bk_live_admin_\$\(aws secretsmanager get-secret-value --secret-id AdminKey\/Secret /,
    );
  });
});
