// Who binds? The operator cannot see which of two binders is at the other end of a connection. So each task is given a
// password of its own when it reads the account's secret, and the operator reads the task off the bind.
import type { CallHooks } from '../../cdk/local/aws/api.ts';
import type { AwsAnswer, AwsCall } from '../../cdk/local/aws/call.ts';

type Proceed = Parameters<NonNullable<CallHooks['intercept']>>[1];

/** Eight characters is all that SMPP has room for (5.2.2). */
const SIGNED = /^tsk(\d{5})$/;
const TASK = /\/(\d+)$/;

/** A task's own password. */
export function signedPassword(task: number): string {
  return `tsk${String(task).padStart(5, '0')}`;
}

/** The task that a password belongs to, or undefined where it is nobody's. */
export function signerOf(password: string): number | undefined {
  const digits = SIGNED.exec(password)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** Performs a call, and puts the task's own password in the place of the account's where it read the secret. */
export async function signing(call: AwsCall, proceed: Proceed): Promise<AwsAnswer> {
  const answer = await proceed(call);
  const task = TASK.exec(call.caller.program)?.[1];
  if (call.action !== 'GetSecretValue' || task === undefined || answer.status !== 200) return answer;
  const output = JSON.parse(answer.body.toString()) as { SecretString: string };
  const credentials = JSON.parse(output.SecretString) as Record<string, string>;
  const signed = { ...credentials, password: signedPassword(Number(task)) };
  return { ...answer, body: JSON.stringify({ ...output, SecretString: JSON.stringify(signed) }) };
}
