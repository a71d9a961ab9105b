import { statSync } from 'node:fs';
import { join } from 'node:path';
import { DescribeSecretCommand, GetSecretValueCommand, PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { describe, expect, test } from 'vitest';
import { openClients, openLocalAws, stateDirectory } from './stack.ts';

async function openSecrets(directory = stateDirectory()) {
  const aws = await openLocalAws({ stateDirectory: directory });
  return { aws, client: (await openClients(aws)).secrets, directory };
}

describe('A secret', () => {
  test('is found by name, by ARN, and by ARN without its end', async () => {
    const { aws, client } = await openSecrets();
    const { arn } = await aws.secrets.createSecret({ Name: 'bindery/operator', SecretString: '{"password":"x"}' });
    expect(arn).toMatch(/^arn:aws:secretsmanager:ap-southeast-1:000000000000:secret:bindery\/operator-\w{6}$/);
    for (const SecretId of ['bindery/operator', arn, arn.slice(0, -7)]) {
      const value = await client.send(new GetSecretValueCommand({ SecretId }));
      expect(value).toMatchObject({ ARN: arn, Name: 'bindery/operator', SecretString: '{"password":"x"}' });
    }
  });

  test('is refused by a wrong name as AWS does', async () => {
    const { client } = await openSecrets();
    const get = client.send(new GetSecretValueCommand({ SecretId: 'none' }));
    await expect(get).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  test('takes a new value and keeps the one before', async () => {
    const { aws, client } = await openSecrets();
    await aws.secrets.createSecret({ Name: 's', SecretString: 'one' });
    const put = await client.send(new PutSecretValueCommand({ SecretId: 's', SecretString: 'two' }));
    const current = await client.send(new GetSecretValueCommand({ SecretId: 's' }));
    expect(current).toMatchObject({ SecretString: 'two', VersionId: put.VersionId, VersionStages: ['AWSCURRENT'] });
    const before = await client.send(new GetSecretValueCommand({ SecretId: 's', VersionStage: 'AWSPREVIOUS' }));
    expect(before).toMatchObject({ SecretString: 'one', VersionStages: ['AWSPREVIOUS'] });
    const described = await client.send(new DescribeSecretCommand({ SecretId: 's' }));
    expect(described.VersionIdsToStages).toEqual({
      [current.VersionId ?? '']: ['AWSCURRENT'],
      [before.VersionId ?? '']: ['AWSPREVIOUS'],
    });
  });

  test('that was generated keeps value and ARN over restarts, in a file that only the owner reads', async () => {
    const { aws, directory } = await openSecrets();
    const properties = {
      Name: 'admin',
      GenerateSecretString: {
        SecretStringTemplate: '{"user":"admin"}',
        GenerateStringKey: 'key',
        PasswordLength: 40,
        ExcludePunctuation: true,
        ExcludeCharacters: 'O0l1',
      },
    };
    const { arn } = await aws.secrets.createSecret(properties);
    const value = aws.secrets.getSecret('admin') ?? '';
    expect(JSON.parse(value)).toEqual({ user: 'admin', key: expect.stringMatching(/^[A-NP-Za-km-z2-9]{40}$/) });
    expect(statSync(join(directory, 'secrets.json')).mode & 0o777).toBe(0o600);
    await aws.close();
    const second = await openSecrets(directory);
    expect(await second.aws.secrets.createSecret(properties)).toEqual({ arn });
    expect(second.aws.secrets.getSecret(arn)).toBe(value);
  });

  test('without a value has none until one is set', async () => {
    const { aws, client } = await openSecrets();
    await aws.secrets.createSecret({ Name: 's' });
    const get = () => client.send(new GetSecretValueCommand({ SecretId: 's' }));
    await expect(get()).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await aws.secrets.setSecret('s', 'set');
    expect((await get()).SecretString).toBe('set');
    await expect(aws.secrets.setSecret('none', 'x')).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
  });
});
