/** What the local stack and the process of an execution environment say to each other, as JSON over the IPC channel. */
export type ToEnvironment = {
  kind: 'invoke';
  requestId: string;
  /** The event as JSON text. */
  payload: string;
  deadlineEpochMs: number;
  functionArn: string;
};

export type FromEnvironment =
  | { kind: 'ready' }
  | { kind: 'init_failed'; error: FunctionError }
  | { kind: 'answered'; requestId: string; payload: string }
  | { kind: 'failed'; requestId: string; error: FunctionError };

/** An error as Lambda puts it into the answer of a failed invocation. */
export interface FunctionError {
  errorType: string;
  errorMessage: string;
  trace?: string[];
}
