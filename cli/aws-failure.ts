import { EXIT } from './exit-codes.ts';
import type { Failure } from './failure.ts';

const SIGN_IN = 'Sign in (`aws sso login`, `aws configure`), or name a profile with --profile.';
const WHERE = 'Give the region with --region, or set it for the profile.';

/** What errors of AWS and its SDK ask for, by name. */
const NEXT: Readonly<Record<string, string>> = {
  CredentialsProviderError: SIGN_IN,
  ExpiredToken: SIGN_IN,
  ExpiredTokenException: SIGN_IN,
  TokenProviderError: SIGN_IN,
  UnrecognizedClientException: SIGN_IN,
  InvalidClientTokenId: SIGN_IN,
  SignatureDoesNotMatch: SIGN_IN,
  AccessDenied: 'These AWS credentials may not do that. docs/cli.md lists the permissions that each command needs.',
  AccessDeniedException:
    'These AWS credentials may not do that. docs/cli.md lists the permissions that each command needs.',
  ECONNREFUSED: 'Nothing listens there. Does the local stack still run (`npm start`)?',
  ENOTFOUND: 'There is no such host. Check the region, and the way to the internet.',
};

/** A failure of a call of AWS; undefined where the error is none. */
export function awsFailure(error: unknown): Failure | undefined {
  if (!(error instanceof Error)) return undefined;
  const { name, message } = error;
  const { code: system, $metadata: metadata } = error as { code?: string; $metadata?: { requestId?: string } };
  if (message.startsWith('Region is missing')) {
    return { code: 'region_missing', detail: 'no AWS region is known', next: WHERE, exitCode: EXIT.unreachable };
  }
  const next = NEXT[name] ?? NEXT[system ?? ''];
  if (next === undefined && metadata === undefined) return undefined;
  return {
    code: name === 'Error' ? (system ?? name) : name,
    detail: message === '' ? `no answer (${system ?? name})` : message,
    next,
    requestId: metadata?.requestId,
    exitCode: next === undefined ? EXIT.failed : EXIT.unreachable,
  };
}
