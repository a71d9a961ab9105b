import { expect } from 'vitest';
import {
  answersReversed,
  answersTwice,
  answersUnknownSequence,
  errorsWithBody,
  lateAnswers,
  okWithoutId,
  refuseFirst,
} from '../../misbehaviours/answers.ts';
import type { Encounter } from './encounter.ts';
import { MIXED, type Outgoing } from './outgoing.ts';
import type { Scenario } from './scenario.ts';

/** Of MIXED and AFTERWARDS. */
const SEGMENTS = 11;

function resends({ messages }: Encounter): number {
  return messages.flatMap(({ segments }) => segments).reduce((sum, segment) => sum + segment.resends, 0);
}

/** The simulated message centre refuses numbers with this end for good, with 0x0E. */
const REFUSED = '+639175550006';
const oneRefused: readonly Outgoing[] = [{ lane: 'transactional', text: 'To nobody', to: REFUSED }, ...MIXED];

function withErrors(of: 'with' | 'without'): Scenario {
  return {
    of: 'error answer',
    title: `${of} a body: final where the code is, tried again later where it is temporary`,
    behaviours: () => [refuseFirst(0x64, 1), ...(of === 'with' ? [errorsWithBody()] : [])],
    outgoing: oneRefused,
    ends: ({ to }) => (to === REFUSED ? 'failed' : undefined),
    shown: ({ counters, messages, sent }) => {
      expect(counters.read).toMatchObject({ 'submit_sm_resp 0x64': 1, 'submit_sm_resp 0xe': 1 });
      expect(counters).toMatchObject({ malformed: {}, closed: {} });
      expect(messages.find(({ to }) => to === REFUSED)?.error).toMatchObject({
        code: 'recipient_refused',
        operatorCode: '0x0E',
      });
      const refusals = messages.flatMap(({ segments }) =>
        segments.flatMap(({ temporaryRefusals = 0 }) => temporaryRefusals),
      );
      expect(refusals.reduce((sum, count) => sum + count, 0)).toBe(1);
      expect(sent).toHaveLength(11);
    },
  };
}

function withoutId(body: boolean): Scenario {
  return {
    of: 'OK without id',
    title: `${body ? 'but with' : 'and without'} a body: sent, once, and never to be matched with a receipt`,
    behaviours: () => [okWithoutId({ body })],
    ends: () => 'sent',
    shown: ({ operator, messages }) => {
      expect(operator.submits).toHaveLength(SEGMENTS);
      const ids = messages.flatMap(({ segments }) => segments.flatMap(({ mcMessageId }) => mcMessageId ?? []));
      expect(ids).toEqual([]);
    },
  };
}

export const answers: readonly Scenario[] = [
  {
    of: 'unknown sequence number',
    title: 'besides each right answer: counted and passed over',
    behaviours: () => [answersUnknownSequence()],
    shown: (encounter) => {
      expect(encounter.counters).toMatchObject({ notes: { unmatched_answer: SEGMENTS }, closed: {} });
      expect(resends(encounter)).toBe(0);
    },
  },
  {
    of: 'answer late',
    title: 'but in time: waited for, and nothing is sent twice',
    behaviours: () => [lateAnswers(1_000)],
    shown: (encounter) => {
      expect(encounter.counters).toMatchObject({ submits: { answered: SEGMENTS }, closed: {} });
      expect(encounter.operator.submits).toHaveLength(SEGMENTS);
      expect(resends(encounter)).toBe(0);
    },
  },
  {
    of: 'answer after its timeout',
    title: 'still settles its segment, be it held or already sent again, and the session stays',
    behaviours: () => [lateAnswers(700)],
    account: { timers: { submitAnswerMs: 300, enquireLinkAnswerMs: 2_000 } },
    shown: (encounter) => {
      const { counters, messages } = encounter;
      expect(counters.submits['timeout']).toBeGreaterThan(5);
      expect(counters.lateAnswers).toBe(counters.submits['timeout']);
      expect(counters.closed).toEqual({});
      expect(new Set(messages.map(({ status }) => status))).toEqual(new Set(['delivered']));
    },
  },
  {
    of: 'answers out of order',
    title: 'each finds its own submit',
    behaviours: () => [answersReversed(3, 700)],
    shown: (encounter) => {
      const answered = encounter.operator.events.flatMap((event) =>
        event.kind === 'submit_answered' ? [event.submit.sequence] : [],
      );
      expect(answered).not.toEqual(answered.toSorted((one, other) => one - other));
      expect(resends(encounter)).toBe(0);
    },
  },
  {
    of: 'answer twice',
    title: 'the second one counts for nothing',
    behaviours: () => [answersTwice()],
    shown: (encounter) => {
      expect(encounter.counters).toMatchObject({ notes: { unmatched_answer: SEGMENTS }, closed: {} });
      expect(resends(encounter)).toBe(0);
    },
  },
  withErrors('without'),
  withErrors('with'),
  withoutId(true),
  withoutId(false),
];
