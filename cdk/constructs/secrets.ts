import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { RemovalPolicy, Stack, Validations } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { Account } from '../../shared/config/account.ts';
import type { Program } from './program.ts';

const READ = ['secretsmanager:GetSecretValue'];

/**
 * One secret an account for `system_id` and `password`, made with placeholders and filled in after the first deploy; where the
 * operator asks for a certificate, `tls_cert` and `tls_key` are added to it.
 */
export class OperatorCredentials extends Construct {
  readonly secrets: ReadonlyMap<string, Secret>;

  constructor(scope: Construct, id: string, accounts: readonly Pick<Account, 'name'>[]) {
    super(scope, id);
    this.secrets = new Map(accounts.map(({ name }) => [name, this.#secret(name)]));
  }

  #secret(account: string): Secret {
    const secret = new Secret(this, account, {
      description: `SMPP credentials of account ${account}: {"system_id", "password"}`,
      // Generated, not written out: CloudFormation makes a generated value once and never touches what an operator filled in.
      generateSecretString: {
        secretStringTemplate: JSON.stringify({ system_id: 'REPLACE_ME' }),
        generateStringKey: 'password',
        passwordLength: 8, // the most that SMPP 3.4 section 5.2.2 allows
        excludePunctuation: true,
      },
      removalPolicy: RemovalPolicy.RETAIN,
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
    program.open('ACCOUNT_SECRETS', value, { actions: READ, resources: arns.map(([, arn]) => arn) });
  }
}

/** The secret part of the first API key, made at deploy time; the sweep installs it under the id `admin`. */
export class AdminKey extends Construct {
  readonly secret: Secret;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.secret = new Secret(this, 'Secret', {
      description: 'Secret part of the admin API key; the key is bk_live_admin_<this>',
      generateSecretString: { excludePunctuation: true, passwordLength: 40 },
      removalPolicy: RemovalPolicy.DESTROY,
    });
    Validations.of(this.secret).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason:
        'API keys are exchanged by making a new one and deleting the old one; a rotation by timer would cut clients off.',
    });
  }

  /** Lets `program` read the key. */
  open(program: Program): void {
    program.open('ADMIN_KEY_SECRET', this.secret.secretArn, { actions: READ, resources: [this.secret.secretArn] });
  }
}
