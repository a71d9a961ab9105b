import * as z from 'zod';
import { parsedJson } from '../parsed-json.ts';

/** What Lambda parks of changes that a function did not manage in time: where they stand in a table's stream, not the changes. */
const byLambdaSchema = z.object({
  requestContext: z.object({ functionArn: z.string() }),
  DDBStreamBatchInfo: z.object({
    streamArn: z.string(),
    shardId: z.string(),
    startSequenceNumber: z.string(),
    endSequenceNumber: z.string(),
  }),
});

/** What a function parks of a change that no repetition helps: functions/middleware/parked-records.ts writes it. */
const byFunctionSchema = z.object({
  function: z.string(),
  stream: z.string(),
  sequence_number: z.string(),
  keys: z.record(z.string(), z.unknown()),
});

/** Which changes of a table a function could not work on. */
export interface ParkedPlace {
  functionName: string;
  region: string;
  streamArn: string;
  changes:
    | { kind: 'in_shard'; shardId: string; first: string; last: string }
    /** Sequence numbers belong to a shard, which a function is not told: the keys say whether it is the right one. */
    | { kind: 'one'; sequenceNumber: string; keys: Readonly<Record<string, unknown>> };
}

/** @returns undefined for a body that does not say it */
export function placeOf(body: string): ParkedPlace | undefined {
  const written = parsedJson(body);
  const byLambda = byLambdaSchema.safeParse(written).data;
  if (byLambda !== undefined) return placeByLambda(byLambda);
  const byFunction = byFunctionSchema.safeParse(written).data;
  return byFunction && placeByFunction(byFunction);
}

function placeByLambda({
  requestContext: { functionArn },
  DDBStreamBatchInfo: { streamArn, shardId, startSequenceNumber: first, endSequenceNumber: last },
}: z.output<typeof byLambdaSchema>): ParkedPlace | undefined {
  // arn:aws:lambda:REGION:ACCOUNT:function:NAME, perhaps with a version behind it
  const functionName = functionArn.split(':')[6];
  const region = regionOf(streamArn);
  if (functionName === undefined || region === undefined) return undefined;
  return { functionName, region, streamArn, changes: { kind: 'in_shard', shardId, first, last } };
}

function placeByFunction({
  function: functionName,
  stream: streamArn,
  sequence_number: sequenceNumber,
  keys,
}: z.output<typeof byFunctionSchema>): ParkedPlace | undefined {
  const region = regionOf(streamArn);
  // Compared as a number.
  if (region === undefined || !/^\d+$/.test(sequenceNumber)) return undefined;
  return { functionName, region, streamArn, changes: { kind: 'one', sequenceNumber, keys } };
}

/** A function and the streams that call it are of one region. */
function regionOf(arn: string): string | undefined {
  return arn.split(':')[3];
}
