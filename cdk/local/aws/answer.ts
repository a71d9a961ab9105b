import { type AwsAnswer, AwsError } from './call.ts';

/** The parsed output of a successful answer; throws an AwsError for any other. */
export function outputOf({ status, body }: AwsAnswer): Record<string, unknown> {
  const output = JSON.parse(body.toString()) as ErrorOutput & Record<string, unknown>;
  if (status === 200) return output;
  const { __type: type = 'InternalFailure', message = output.Message ?? '' } = output;
  throw new AwsError(type.slice(type.lastIndexOf('#') + 1), message, status);
}

/** Services disagree on the case of `message`. */
interface ErrorOutput {
  __type?: string;
  message?: string;
  Message?: string;
}
