import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/** Thrown by every step of a process that is dead: whatever the code would still do for its request, it cannot. */
export class Dead extends Error {}

/** The life of one process, counted in steps that reach outside. */
export class Life {
  #stepsLeft: number;
  #isLastDone: boolean;
  steps = 0;

  /** @param isLastDone whether the step at which it dies still takes effect: its answer is lost in any case */
  constructor({ stepsLeft = Number.POSITIVE_INFINITY, isLastDone = false } = {}) {
    this.#stepsLeft = stepsLeft;
    this.#isLastDone = isLastDone;
  }

  async step<T>(act: () => Promise<T>): Promise<T> {
    this.steps += 1;
    this.#stepsLeft -= 1;
    if (this.#stepsLeft > 0) return await act();
    if (this.#stepsLeft === 0 && this.#isLastDone) await act();
    throw new Dead();
  }

  /** A client of the database whose every call is a step of this life. */
  client(document: DynamoDBDocumentClient): DynamoDBDocumentClient {
    const send = document.send.bind(document) as (command: unknown) => Promise<unknown>;
    return {
      send: async (command: unknown) => await this.step(async () => await send(command)),
    } as DynamoDBDocumentClient;
  }
}
