type Undo = () => Promise<unknown>;

const pending: Undo[] = [];

/** What must happen when the test is over, however it ends. Runs once, the latest first. */
export function whenOver(undo: Undo): void {
  pending.push(undo);
}

/** To be given to afterAll or afterEach. A failed one does not keep the others from running. */
export async function tearDown(): Promise<void> {
  const faults: unknown[] = [];
  for (let undo = pending.pop(); undo !== undefined; undo = pending.pop()) {
    await undo().catch((fault: unknown) => faults.push(fault));
  }
  if (faults.length > 0) throw new AggregateError(faults, 'not everything could be torn down');
}
