import * as z from 'zod';
import { CliError } from '../failure.ts';
import type { AwsAnswer } from '../stack/signed-call.ts';

const errorSchema = z.object({ __type: z.string() });

/** The name of an error; empty where it is none. */
export function errorOf({ status, headers, body }: AwsAnswer): string {
  if (status < 300) return '';
  const written = headers.get('x-amzn-errortype') ?? errorSchema.safeParse(body).data?.__type ?? `HTTP ${status}`;
  return written.replace(/^.*#/, '').replace(/:.*$/, '');
}

/** @throws CliError where it is an error, or not of that shape */
export function readAnswer<T>(answer: AwsAnswer, schema: z.ZodType<T>, action: string): T {
  const { data } = schema.safeParse(answer.body);
  if (answer.status < 300 && data !== undefined) return data;
  throw new CliError('aws_refused', `AWS refuses ${action} (${errorOf(answer) || 'an answer that cannot be read'})`, {
    next: 'docs/cli.md has the rights that `dlq` needs.',
  });
}
