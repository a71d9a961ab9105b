import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';

/**
 * Refuses `action` to everybody who asks for it without TLS; for the policy of a resource.
 * @param resource ARN; a resource whose policy is a part of it can't name itself, and `*` stands for it there
 */
export function tlsOnly(action: string, resource = '*'): PolicyStatement {
  return new PolicyStatement({
    sid: 'TlsOnly',
    effect: Effect.DENY,
    principals: [new AnyPrincipal()],
    actions: [action],
    resources: [resource],
    conditions: { Bool: { 'aws:SecureTransport': 'false' } },
  });
}
