import * as z from 'zod';
import { compileFilterCriteria, type Matcher } from '../../cdk/local/aws/patterns.ts';
import { awsEndpoint, type CallAws } from '../stack/signed-call.ts';
import { readAnswer } from './aws-answer.ts';
import { type ParkedPlace, placeOf } from './parked-place.ts';
import { type StreamRecord, TableStream } from './table-stream.ts';

export type BroughtAgain =
  | { kind: 'done' }
  /** The stream has them no more. */
  | { kind: 'gone' }
  /** The function does not manage it this time either. */
  | { kind: 'failed' }
  /** It does not say which change of which stream it is of. */
  | { kind: 'no_place' };

const mappingsSchema = z.object({
  EventSourceMappings: z.array(
    z.object({ FilterCriteria: z.object({ Filters: z.array(z.object({ Pattern: z.string() })) }).optional() }),
  ),
});
const resultSchema = z.object({ batchItemFailures: z.array(z.unknown()) });

/** As many as a trigger gives a function at a time. */
const BATCH = 100;

/** Gives functions once more what they could not work on, as long as its table's stream has it: a day. */
export class ParkedChanges {
  readonly #call: CallAws;
  readonly #endpoint: string | undefined;
  readonly #filters = new Map<string, Promise<Matcher>>();

  /** @param endpoint of all services, in place of those of AWS */
  constructor(call: CallAws, endpoint?: string) {
    this.#call = call;
    this.#endpoint = endpoint;
  }

  /**
   * Calls the function with the changes of one parked message. Where several were parked, others that stand between them come
   * again as well: all that follows from them has ids, and is known.
   * @throws CliError where AWS refuses
   */
  async bringAgain(body: string): Promise<BroughtAgain> {
    const place = placeOf(body);
    if (place === undefined) return { kind: 'no_place' };
    const records = await new TableStream(this.#call, place, this.#endpoint).read(place.changes);
    if (records === undefined) return { kind: 'gone' };
    const matches = await this.#filterOf(place);
    const wanted = records
      .map((record) => ({ ...record, eventSourceARN: place.streamArn }))
      .filter((record) => matches(record));
    for (let start = 0; start < wanted.length; start += BATCH) {
      if (!(await this.#invoke(place, wanted.slice(start, start + BATCH)))) return { kind: 'failed' };
    }
    return { kind: 'done' };
  }

  /** Which changes the function's trigger lets through: it knows nothing of the others. */
  async #filterOf(place: ParkedPlace): Promise<Matcher> {
    const name = `${place.functionName} ${place.streamArn}`;
    const known = this.#filters.get(name) ?? this.#askFilter(place);
    this.#filters.set(name, known);
    return await known;
  }

  async #askFilter({ functionName: FunctionName, streamArn: EventSourceArn, region }: ParkedPlace): Promise<Matcher> {
    const answer = await this.#call({
      ...this.#lambda(region),
      method: 'GET',
      path: '/2015-03-31/event-source-mappings/',
      query: { EventSourceArn, FunctionName },
    });
    const { EventSourceMappings: mappings } = readAnswer(answer, mappingsSchema, 'lambda:ListEventSourceMappings');
    return compileFilterCriteria(mappings[0]?.FilterCriteria);
  }

  /** @returns whether it managed all of them */
  async #invoke({ functionName, region }: ParkedPlace, records: readonly StreamRecord[]): Promise<boolean> {
    const answer = await this.#call({
      ...this.#lambda(region),
      method: 'POST',
      path: `/2015-03-31/functions/${functionName}/invocations`,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ Records: records }),
    });
    if (answer.headers.has('x-amz-function-error')) return false;
    return readAnswer(answer, resultSchema, 'lambda:InvokeFunction').batchItemFailures.length === 0;
  }

  #lambda(region: string) {
    return { service: 'lambda', endpoint: this.#endpoint ?? awsEndpoint('lambda', region), region } as const;
  }
}
