/** Why the local stack can't start, in words for the person who started it; a stack trace would bury them. */
export class StartError extends Error {
  readonly code = 'start_failed';
}
