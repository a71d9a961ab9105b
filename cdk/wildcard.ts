import type { Construct } from 'constructs';

/** Kind of the metadata by which a reason comes into the cloud assembly, and so into the report of `npm run grants`. */
export const WILDCARD_REASON = 'bindery:wildcard';

/** Why something is allowed with a wildcard in it. */
export interface WildcardReason {
  /** As the policy has them, e.g. `ecr:GetAuthorizationToken`. */
  actions: readonly string[];
  reason: string;
}

/**
 * Says beside the code why a policy at or below `scope` has a wildcard. One without a reason fails a test (wildcards.test.ts).
 */
export function explainWildcard(scope: Construct, reason: WildcardReason): void {
  scope.node.addMetadata(WILDCARD_REASON, reason);
}
