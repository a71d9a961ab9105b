import { undocumented } from '../fixtures/documented.ts';

export interface DocumentedFetch {
  fetch: typeof globalThis.fetch;
  /** In what the answers so far differed from the OpenAPI document; forgotten once told. */
  faults: () => string[];
}

/** A fetch that compares every answer with the document. */
export function documentedFetch(): DocumentedFetch {
  let faults: string[] = [];
  return {
    fetch: async (input, init) => {
      const response = await fetch(input, init);
      const body = await response.clone().text();
      const { pathname, search } = new URL(input instanceof Request ? input.url : input);
      const { status, headers } = response;
      const answer = { method: init?.method ?? 'GET', path: pathname + search, status, body };
      if (!isOfGateway(status, body)) faults.push(...undocumented({ ...answer, headers: Object.fromEntries(headers) }));
      return response;
    },
    faults: () => {
      const told = faults;
      faults = [];
      return told;
    },
  };
}

/** API Gateway answers in its own words where a function cannot be reached. */
function isOfGateway(status: number, body: string): boolean {
  return status >= 500 && body.startsWith('{"message":');
}
