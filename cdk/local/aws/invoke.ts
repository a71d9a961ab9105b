import { outputOf } from './answer.ts';
import type { InsideCall } from './api.ts';
import type { Caller } from './call.ts';
import type { Dispatcher } from './dispatcher.ts';

/** Calls from inside: the way of every other call, without HTTP. */
export function invoker(dispatcher: Dispatcher, local: Caller) {
  return async ({ service, action, input, caller = local, signal }: InsideCall): Promise<Record<string, unknown>> => {
    const answer = await dispatcher.dispatch({
      scope: service,
      action,
      caller,
      headers: {},
      body: Buffer.from(JSON.stringify(input)),
      signal: signal ?? new AbortController().signal,
    });
    return outputOf(answer);
  };
}
