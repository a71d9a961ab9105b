import { AccessDenied } from '../iam/denial.ts';
import type { Policies } from '../iam/policies.ts';
import { type Principal, rolePrincipal } from '../iam/principals.ts';
import { type AwsCall, AwsError, type Caller } from './call.ts';
import { demandsOf } from './demands.ts';

/** The principal that a caller is; undefined for the local stack itself and for tests, which stand for the account's administrator. */
function principalOf({ program, role, service }: Caller): Principal | undefined {
  if (service !== undefined) return { kind: 'service', ...service };
  return role === undefined ? undefined : rolePrincipal(role, program);
}

/** Services put the same denial differently: SQS keeps the code of its older protocol for clients that know that one. */
function denialOf(service: AwsCall['service'], { message }: AccessDenied): AwsError {
  if (service !== 'sqs') return new AwsError('AccessDeniedException', message);
  return new AwsError('AccessDeniedException', message, 403, { 'x-amzn-query-error': 'AccessDenied;Sender' });
}

/**
 * Stands before every service and lets only those calls pass that the policies allow.
 * @param secretArn whole ARN of a secret that is named by name, by ARN or by a part of it
 * @returns a check that throws the AwsError of a denial
 */
export function guard(policies: Policies, secretArn: (id: string) => string | undefined): (call: AwsCall) => void {
  return ({ service, action, input, caller }) => {
    const principal = principalOf(caller);
    if (principal === undefined) return;
    try {
      const demands = demandsOf({ service, action, input, secretArn }).flatMap((demand) => policies.withKeys(demand));
      for (const demand of demands) policies.require(principal, demand);
    } catch (fault) {
      throw fault instanceof AccessDenied ? denialOf(service, fault) : fault;
    }
  };
}
