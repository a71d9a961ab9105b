import { Secret, type SecretProps } from 'aws-cdk-lib/aws-secretsmanager';
import { Stack, Validations } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { Account } from '../../shared/config/account.ts';
import type { Keeping } from './keeping.ts';
import type { Program } from './program.ts';
import { tlsOnly } from './tls-only.ts';

const READ = ['secretsmanager:GetSecretValue'];

/** A secret that is asked for over TLS only. */
function keptSecret(scope: Construct, id: string, { key, onceMadePolicy }: Keeping, props: SecretProps): Secret {
  const secret = new Secret(scope, id, { ...props, removalPolicy: onceMadePolicy, ...(key && { encryptionKey: key }) });
  secret.addToResourcePolicy(tlsOnly('secretsmanager:*'));
  return secret;
}

/**
 * One secret an account for `system_id` and `password`, made with placeholders and filled in after the first deploy; where the
 * operator asks for a certificate, `tls_cert` and `tls_key` are added to it.
 */
export class OperatorCredentials extends Construct {
  readonly secrets: ReadonlyMap<string, Secret>;

  readonly #keeping: Keeping;

  constructor(scope: Construct, id: string, accounts: readonly Pick<Account, 'name'>[], keeping: Keeping) {
    super(scope, id);
    this.#keeping = keeping;
    this.secrets = new Map(accounts.map(({ name }) => [name, this.#secret(name)]));
  }

  #secret(account: string): Secret {
    const secret = keptSecret(this, account, this.#keeping, {
      description: `SMPP credentials of account ${account}: {"system_id", "password"}`,
      // Generated, not written out: CloudFormation makes a generated value once and never touches what an operator filled in.
      generateSecretString: {
        secretStringTemplate: JSON.stringify({ system_id: 'REPLACE_ME' }),
        generateStringKey: 'password',
        passwordLength: 8, // the most that SMPP 3.4 section 5.2.2 allows
        excludePunctuation: true,
      },
    });
    Validations.of(secret).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason:
        'The operator issues these credentials in his portal; no program can change them, so nothing could rotate them.',
    });
    return secret;
  }

  /** Lets `program` read the credentials of every account. */
  open(program: Program): void {
    const arns = [...this.secrets].map(([account, secret]) => [account, secret.secretArn] as const);
    const value = Stack.of(this).toJsonString(Object.fromEntries(arns));
    const read = { actions: READ, resources: arns.map(([, arn]) => arn) };
    program.open('ACCOUNT_SECRETS', value, read, ...this.#keeping.rights('secretsmanager', 'read'));
  }
}

/** The secret part of the first API key, made at deploy time; the sweep installs it under the id `admin`. */
export class AdminKey extends Construct {
  readonly secret: Secret;

  readonly #keeping: Keeping;

  constructor(scope: Construct, id: string, keeping: Keeping) {
    super(scope, id);
    this.#keeping = keeping;
    this.secret = keptSecret(this, 'Secret', keeping, {
      description: 'Secret part of the admin API key; the key is bk_live_admin_<this>',
      generateSecretString: { excludePunctuation: true, passwordLength: 40 },
    });
    Validations.of(this.secret).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason:
        'API keys are exchanged by making a new one and deleting the old one; a rotation by timer would cut clients off.',
    });
  }

  /** Lets `program` read the key. */
  open(program: Program): void {
    const { secretArn } = this.secret;
    const read = { actions: READ, resources: [secretArn] };
    program.open('ADMIN_KEY_SECRET', secretArn, read, ...this.#keeping.rights('secretsmanager', 'read'));
  }
}
