import type { ReceivedMessage } from '../../binder/simulator/reassembly.ts';
import type { ApiMessage } from '../../shared/contracts/message.ts';
import type { Problem } from '../../shared/contracts/problem.ts';
import type { RefusedMessage } from '../fixtures/messages.ts';
import type { BusRecord } from './bus-record.ts';
import { e164Of } from './fixture-operator.ts';
import { type Entry, isRefusable, type Ledger, type Sent } from './ledger.ts';

/** Each function here compares two views of the same messages, and says in one line a difference what does not agree. */
export type Differences = string[];

interface Refusal {
  code: string;
  /** The field at fault. */
  pointer: string;
}

function expectedRefusal({ to, from, text, expect }: RefusedMessage): Refusal {
  const empty = Object.entries({ to, from, text }).find(([, value]) => value === '');
  if (empty !== undefined) return { code: expect.code, pointer: `/${empty[0]}` };
  const pointer = { invalid_sender_id: '/from', too_many_segments: '/text' }[expect.code as string] ?? '/to';
  return { code: expect.code, pointer };
}

function refusalOf({ code, errors }: Problem): Refusal {
  return { code, pointer: errors?.map(({ pointer }) => pointer).join(' ') ?? '' };
}

function answerDifferences({ fixture, answer }: Sent): Differences {
  const about = `${fixture.lane} message to '${fixture.to}'`;
  if (answer.kind === 'refused') {
    const given = refusalOf(answer.problem);
    if (!isRefusable(fixture)) return [`${about}: refused, ${answer.status} ${given.code}: ${answer.problem.detail}`];
    const expected = expectedRefusal(fixture);
    return [
      ...differs(about, 'code', given.code, expected.code),
      ...differs(about, 'field', given.pointer, expected.pointer),
    ];
  }
  if (isRefusable(fixture)) return [`${about}: accepted, expected ${fixture.expect.code}`];
  const { expect } = fixture;
  const { to, encoding, segments } = answer.message;
  return [
    ...differs(about, 'number', to, expect.e164),
    ...differs(about, 'encoding', encoding, expect.encoding),
    ...differs(about, 'segments', segments.total, expect.segments),
  ];
}

function differs(about: string, what: string, is: unknown, expected: unknown): Differences {
  return is === expected ? [] : [`${about}: ${what} is ${String(is)}, expected ${String(expected)}`];
}

/** What the API answered against what the fixtures expect. */
export function answersAgainstFixtures(ledger: Ledger): Differences {
  return ledger.sent.flatMap(answerDifferences);
}

/** The final states against what the operator decided about each number. */
export function statesAgainstOutcomes(entries: readonly Entry[]): Differences {
  return entries.flatMap(({ fixture, accepted, final }) =>
    differs(`${accepted.id} (${fixture.lane})`, 'status', final?.status ?? accepted.status, fixture.outcome),
  );
}

/** What arrived at the operator, put together and decoded, against what was sent. No message may be missing or come twice. */
export function textsAgainstFixtures(received: readonly ReceivedMessage[], entries: readonly Entry[]): Differences {
  const byNumber = Map.groupBy(received, ({ destination }) => e164Of(destination));
  return entries.flatMap(({ fixture, accepted }) => {
    const arrived = byNumber.get(fixture.expect.e164) ?? [];
    const [message] = arrived;
    if (message === undefined || arrived.length > 1) return [`${accepted.id}: arrived ${arrived.length} times`];
    return [
      ...differs(accepted.id, 'complete', message.complete, true),
      ...differs(accepted.id, 'segments at the operator', message.segments, fixture.expect.segments),
      ...differs(accepted.id, 'repeated segments', message.repeatedSegments, 0),
      ...differs(accepted.id, 'sender', message.source, fixture.from),
      ...differs(accepted.id, 'text', message.text, fixture.text),
    ];
  });
}

/** The bus against each message's own timeline: every published change once, numbered from 1 without a gap (promise P8). */
export function eventsAgainstTimelines(bus: BusRecord, finals: readonly ApiMessage[]): Differences {
  return finals.flatMap((message) => {
    const onBus = bus.of(message.id).map(({ type, detail }) => `${detail.metadata.sequence} ${type}`);
    const published = message.timeline.filter(({ sequence }) => sequence !== null);
    const expected = published.map(({ status }, index) => `${index + 1} message.${status}`);
    const numbered = published.map(({ sequence, status }) => `${sequence} message.${status}`);
    return [
      ...differs(message.id, 'events', onBus.sort().join(', '), expected.join(', ')),
      ...differs(message.id, 'timeline', numbered.join(', '), expected.join(', ')),
    ];
  });
}
