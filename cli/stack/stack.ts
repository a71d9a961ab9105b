import type { Account } from '../../shared/config/account.ts';

/** How clients of the SDK reach the AWS services of a stack. */
export interface AwsSettings {
  region?: string;
  profile?: string;
  endpoint?: string;
  credentials?: { accessKeyId: string; secretAccessKey: string };
}

/** A stack that runs, wherever it does. */
export interface Stack {
  kind: 'local' | 'deployed';
  name: string;
  /** Of its template, by name. */
  outputs: Readonly<Record<string, string>>;
  aws: AwsSettings;
  /** Those at operators: of the local stack as it runs, of a deployed one as this checkout would deploy it. */
  accounts(): Promise<readonly Account[]>;
}
