/** Looked at for one page at the most, so that a filter which nothing matches costs no more than one that all do. */
const MOST_EXAMINED = 1_000;
/** A function's answer may have 6 MB; a page of long texts ends early. */
const MOST_OCTETS = 3_000_000;
/** Read at a time where a filter may drop most of it. */
const CHUNK_TO_FILTER = 200;
/** What is looked for is of all sources in equal parts, more or less. */
const LEAST_CHUNK = 10;

/** Whatever has an id in the order of time. */
interface Listed {
  messageId: string;
}

export interface Page<T> {
  messages: T[];
  /** Id of the last message that was looked at, where more follow. */
  position?: string;
}

/** Takes from `newestFirst` what fits on one page, and looks whether anything follows. */
export async function pageOf<T extends Listed>(
  newestFirst: AsyncIterator<T, undefined>,
  { limit, matches }: { limit: number; matches: (message: T) => boolean },
): Promise<Page<T>> {
  const messages: T[] = [];
  let octets = 0;
  let last: string | undefined;
  for (let examined = 0; ; examined += 1) {
    const next = await newestFirst.next();
    if (next.done) return { messages };
    const full = messages.length === limit || examined === MOST_EXAMINED || octets >= MOST_OCTETS;
    if (full && last !== undefined) return { messages, position: last };
    last = next.value.messageId;
    if (!matches(next.value)) continue;
    messages.push(next.value);
    octets += Buffer.byteLength(JSON.stringify(next.value));
  }
}

/** What each of several sources reads at a time for one page. One more than a page has tells whether another follows. */
export function chunkOf({
  limit,
  sources,
  isFiltered,
}: {
  limit: number;
  sources: number;
  isFiltered: boolean;
}): number {
  return isFiltered ? CHUNK_TO_FILTER : Math.max(LEAST_CHUNK, Math.ceil((limit + 2) / Math.max(1, sources)));
}

/** Several lists, each newest first, as one. Never more than one element of each is taken ahead of its turn. */
export async function* merged<T extends Listed>(sources: AsyncIterator<T, undefined>[]): AsyncGenerator<T, undefined> {
  const heads: (T | undefined)[] = await Promise.all(sources.map(async (source) => (await source.next()).value));
  for (;;) {
    const next = newestOf(heads);
    if (next === undefined) return undefined;
    yield next.message;
    heads[next.index] = (await sources[next.index]?.next())?.value;
  }
}

function newestOf<T extends Listed>(heads: readonly (T | undefined)[]): { message: T; index: number } | undefined {
  let newest: { message: T; index: number } | undefined;
  for (const [index, message] of heads.entries()) {
    if (message === undefined) continue;
    if (newest === undefined || message.messageId > newest.message.messageId) newest = { message, index };
  }
  return newest;
}
