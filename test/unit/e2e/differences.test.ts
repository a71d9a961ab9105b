import { describe, expect, test } from 'vitest';
import type { ReceivedMessage } from '../../../binder/simulator/reassembly.ts';
import type { ApiMessage } from '../../../shared/contracts/message.ts';
import { BusRecord } from '../../e2e/bus-record.ts';
import {
  answersAgainstFixtures,
  eventsAgainstTimelines,
  statesAgainstOutcomes,
  textsAgainstFixtures,
} from '../../e2e/differences.ts';
import { type Entry, Ledger } from '../../e2e/ledger.ts';
import { acceptedMessages, refusedMessages } from '../../fixtures/messages.ts';

const fixture = acceptedMessages.find(({ outcome }) => outcome === 'delivered')!;

const accepted = {
  id: 'msg_1',
  status: 'queued',
  to: fixture.expect.e164,
  encoding: fixture.expect.encoding,
  segments: { total: fixture.expect.segments, sent: 0, delivered: 0, failed: 0 },
} as ApiMessage;

const entry = (status: ApiMessage['status']): Entry => ({ fixture, accepted, final: { ...accepted, status } });

const received: ReceivedMessage = {
  systemId: 'x',
  source: fixture.from,
  destination: `0${fixture.expect.e164.slice(3)}`,
  text: fixture.text,
  segments: fixture.expect.segments,
  complete: true,
  messageIds: [],
  repeatedSegments: 0,
};

describe('texts at the operator', () => {
  test('agree when each arrived once, whole and equal', () => {
    expect(textsAgainstFixtures([received], [entry('delivered')])).toEqual([]);
  });

  test.each<[string, ReceivedMessage[]]>([
    ['is missing', []],
    ['arrived twice', [received, received]],
    ['lost a character', [{ ...received, text: fixture.text.slice(1) }]],
    ['is incomplete', [{ ...received, complete: false }]],
    ['had a segment repeated', [{ ...received, repeatedSegments: 1 }]],
    ['has another sender', [{ ...received, source: 'Someone' }]],
  ])('differ when one %s', (_, messages) => {
    expect(textsAgainstFixtures(messages, [entry('delivered')])).toHaveLength(1);
  });
});

test('states differ where the operator decided otherwise', () => {
  expect(statesAgainstOutcomes([entry('delivered')])).toEqual([]);
  expect(statesAgainstOutcomes([entry('expired')])).toHaveLength(1);
  expect(statesAgainstOutcomes([{ fixture, accepted }])).toHaveLength(1);
});

describe('answers', () => {
  const ledgerWith = (...sent: Ledger['sent']) => Object.assign(new Ledger(), { sent });
  const refusal = (code: string, pointer: string) =>
    ({ kind: 'refused', status: 422, problem: { code, errors: [{ pointer }] } }) as never;
  const landline = refusedMessages.find(({ expect }) => expect.code === 'landline_number')!;
  const empty = refusedMessages.find(({ text }) => text === '')!;

  test('agree with the fixtures', () => {
    const ledger = ledgerWith(
      { fixture, answer: { kind: 'accepted', message: accepted } },
      { fixture: landline, answer: refusal('landline_number', '/to') },
      { fixture: empty, answer: refusal('invalid_request', '/text') },
    );
    expect(answersAgainstFixtures(ledger)).toEqual([]);
  });

  test.each<[string, Ledger['sent'][number]]>([
    ['a good message was refused', { fixture, answer: refusal('landline_number', '/to') }],
    ['a bad one was accepted', { fixture: landline, answer: { kind: 'accepted', message: accepted } }],
    ['the code is another', { fixture: landline, answer: refusal('invalid_number', '/to') }],
    ['the field is another', { fixture: landline, answer: refusal('landline_number', '/from') }],
  ])('differ when %s', (_, sent) => {
    expect(answersAgainstFixtures(ledgerWith(sent))).toHaveLength(1);
  });
});

describe('events', () => {
  const final = {
    ...accepted,
    timeline: [
      { status: 'queued', sequence: 1 },
      { status: 'sending', sequence: null },
      { status: 'sent', sequence: 2 },
    ],
  } as ApiMessage;
  const busWith = (...events: [sequence: number, type: string][]) =>
    Object.assign(new BusRecord(), {
      events: events.map(([sequence, type]) => ({
        type,
        detail: { metadata: { sequence }, data: { message_id: 'msg_1' } },
      })),
    });

  test('agree with the timeline, in whatever order they came', () => {
    expect(eventsAgainstTimelines(busWith([2, 'message.sent'], [1, 'message.queued']), [final])).toEqual([]);
  });

  test.each<[string, [number, string][]]>([
    ['one is missing', [[1, 'message.queued']]],
    [
      'one came twice',
      [
        [1, 'message.queued'],
        [1, 'message.queued'],
        [2, 'message.sent'],
      ],
    ],
    [
      'there is a gap',
      [
        [1, 'message.queued'],
        [3, 'message.sent'],
      ],
    ],
    [
      'one is of another change',
      [
        [1, 'message.queued'],
        [2, 'message.failed'],
      ],
    ],
  ])('differ when %s', (_, events) => {
    expect(eventsAgainstTimelines(busWith(...events), [final])).toHaveLength(1);
  });
});
