import type { AwsAnswer, AwsCall } from '../../cdk/local/aws/call.ts';

type Entry = Readonly<Record<string, unknown>>;

interface Batched {
  /** What the service calls the answer for the entries that it did not take, merged into that for the others. */
  merge: (answer: Record<string, unknown>, place: { entries: readonly Entry[]; isDone: readonly boolean[] }) => object;
}

const FAULT = 'InternalFailure';

const BATCHED: Readonly<Record<string, Batched>> = {
  // Answered by place.
  PutEvents: {
    merge: (answer, { isDone }) => {
      const done = [...(answer['Entries'] as object[])];
      const failed = { ErrorCode: FAULT, ErrorMessage: 'not taken' };
      return {
        FailedEntryCount: isDone.filter((each) => !each).length,
        Entries: isDone.map((each) => (each ? done.shift() : failed)),
      };
    },
  },
  // Answered by id.
  SendMessageBatch: {
    merge: (answer, { entries, isDone }) => ({
      ...answer,
      Failed: entries.flatMap(({ Id }, index) =>
        isDone[index] === true ? [] : [{ Id, Code: FAULT, SenderFault: false, Message: 'not taken' }],
      ),
    }),
  },
};

/** Whether a service may do a part of this call and leave the rest. */
export function isBatched({ action }: AwsCall): boolean {
  return action in BATCHED;
}

/** Does a part of a call with several entries, and says of the others that they were not taken. The first is never taken. */
export async function doInPart(
  call: AwsCall,
  proceed: (call: AwsCall) => Promise<AwsAnswer>,
  random: () => number,
): Promise<AwsAnswer> {
  const batched = BATCHED[call.action];
  if (batched === undefined) return await proceed(call);
  const entries = call.input['Entries'] as readonly Entry[];
  const isDone = entries.map((_, index) => index > 0 && random() < 0.5);
  const input = { ...call.input, Entries: entries.filter((_, index) => isDone[index]) };
  // An empty batch is an error of its own.
  if (input.Entries.length === 0) {
    const body = JSON.stringify(batched.merge({ Entries: [], Successful: [] }, { entries, isDone }));
    return { status: 200, headers: { 'Content-Type': 'application/x-amz-json-1.1' }, body };
  }
  const answer = await proceed({ ...call, input, body: Buffer.from(JSON.stringify(input)) });
  if (answer.status !== 200) return answer;
  const merged = batched.merge(JSON.parse(String(answer.body)) as Record<string, unknown>, { entries, isDone });
  return { ...answer, body: JSON.stringify(merged) };
}
