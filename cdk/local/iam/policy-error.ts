/** A policy says something that is not understood here. To read it as a denial or as an allowance would both be a guess. */
export class PolicyError extends Error {
  readonly code = 'policy_unsupported';
}
