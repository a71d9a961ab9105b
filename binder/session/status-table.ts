import { STANDARD_BIND_ANSWERS, STANDARD_SUBMIT_ANSWERS } from '../../shared/config/standard-statuses.ts';
import type { BindAnswer, Statuses, SubmitAnswer } from '../../shared/config/statuses.ts';

interface Range<Value> {
  first: number;
  last: number;
  value: Value;
}

/** The two readings of a command_status: as the answer to a bind and as the answer to a submit_sm, by profile. */
export class StatusTable {
  readonly #bind: (commandStatus: number) => BindAnswer;
  readonly #submit: (commandStatus: number) => SubmitAnswer;
  readonly #words: (commandStatus: number) => string | undefined;

  constructor({ bind, submit, words }: Statuses) {
    this.#bind = reading(STANDARD_BIND_ANSWERS, bind);
    this.#submit = reading(STANDARD_SUBMIT_ANSWERS, submit);
    this.#words = reading<string | undefined>({ other: undefined }, words);
  }

  /** What a refused bind asks for. */
  bindAnswer(commandStatus: number): BindAnswer {
    return this.#bind(commandStatus);
  }

  /** What a refused submit_sm asks for. */
  submitAnswer(commandStatus: number): SubmitAnswer {
    return this.#submit(commandStatus);
  }

  /** What the operator calls it, if he says. */
  words(commandStatus: number): string | undefined {
    return this.#words(commandStatus);
  }
}

/** The SMPP standard, with nothing of any operator's. */
export const STANDARD_STATUSES = new StatusTable({ words: {}, bind: {}, submit: {} });

/** Looks a status up: the operator's entry before the standard's, and one for fewer statuses before one for more. */
function reading<Value>(
  standard: Readonly<Record<string, Value> & { other: Value }>,
  own: Readonly<Record<string, Value>>,
): (commandStatus: number) => Value {
  const ranges = [...narrowestFirst(own), ...narrowestFirst(standard)];
  const other = own['other'] ?? standard.other;
  return (commandStatus) => {
    const range = ranges.find(({ first, last }) => first <= commandStatus && commandStatus <= last);
    return range === undefined ? other : range.value;
  };
}

function narrowestFirst<Value>(table: Readonly<Record<string, Value>>): Range<Value>[] {
  return Object.entries(table)
    .filter(([key]) => key !== 'other')
    .map(([key, value]) => {
      const [first = 0, last = first] = key.split('-').map(Number);
      return { first, last, value };
    })
    .sort((a, b) => a.last - a.first - (b.last - b.first));
}
