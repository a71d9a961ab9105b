/**
 * Events are delivered at least once: on the bus and by webhook each may come again, with the same `event_id`. This remembers
 * which were handled.
 */
export interface SeenStore {
  /**
   * Takes an event, for whoever comes first, until `done`, `release`, or a while has passed.
   * - `taken`: handle it
   * - `done`: it was handled
   * - `running`: somebody else is at it
   */
  take(eventId: string): Promise<'taken' | 'done' | 'running'>;
  /** It was handled. */
  done(eventId: string): Promise<void>;
  /** It was not: whoever gets it next may. */
  release(eventId: string): Promise<void>;
}

/** Another run is at the same event. Let it come again later: should that run die, the event must not be lost. */
export class EventRunning extends Error {
  readonly code = 'event_running';
}

/**
 * Does the work of an event once. Where the work fails the event is released, and the error goes on, so that the event comes
 * again. Where a process dies after the work and before `done` the work is done a second time: let it stand that.
 * @throws EventRunning where somebody else is at it
 */
export async function once(eventId: string, store: SeenStore, work: () => Promise<void>): Promise<'done' | 'repeated'> {
  const found = await store.take(eventId);
  if (found === 'done') return 'repeated';
  if (found === 'running') throw new EventRunning(`event ${eventId} is being handled`);
  try {
    await work();
  } catch (error) {
    await store.release(eventId);
    throw error;
  }
  await store.done(eventId);
  return 'done';
}

/** For one process: it remembers so many events, and forgets the oldest first. */
export class MemorySeenStore implements SeenStore {
  readonly #states = new Map<string, 'running' | 'done'>();
  readonly #most: number;

  constructor({ most = 100_000 }: { most?: number } = {}) {
    this.#most = most;
  }

  async take(eventId: string): Promise<'taken' | 'done' | 'running'> {
    const state = this.#states.get(eventId);
    if (state === undefined) this.#set(eventId, 'running');
    return await Promise.resolve(state ?? 'taken');
  }

  async done(eventId: string): Promise<void> {
    await Promise.resolve(this.#set(eventId, 'done'));
  }

  async release(eventId: string): Promise<void> {
    await Promise.resolve(this.#states.delete(eventId));
  }

  #set(eventId: string, state: 'running' | 'done'): void {
    this.#states.set(eventId, state);
    const oldest = this.#states.keys().next();
    if (this.#states.size > this.#most && !oldest.done) this.#states.delete(oldest.value);
  }
}
