import { describe, expect, test } from 'vitest';
import { type ClaimResult, claimMessage } from '../../../binder/outbound/claim.ts';
import { type OptOutCheck, optOutCheck } from '../../../binder/outbound/opt-out-check.ts';
import { accountSchema, type Lane } from '../../../shared/config/account.ts';
import type { Message, MessageStatus, Segment } from '../../../shared/domain/message.ts';
import type { OptOutScope } from '../../../shared/domain/opt-out.ts';
import { CREATED_AT, queuedMessage } from '../../fixtures/message.ts';
import { SimulatedClock } from '../../fixtures/simulated-clock.ts';
import { accountInput } from '../../fixtures/smpp-session.ts';
import { MemoryMessages, type TableFate } from './memory-messages.ts';

const account = accountSchema.parse({ ...accountInput, name: 'main' });
const holdSeconds = () => 0;
const optOut: OptOutCheck = async () => await Promise.resolve(undefined);
const at = CREATED_AT + 5_000;
const ours = { owner: 'us', fence: 7, at };
const waiting: Segment = { state: 'waiting', resends: 0 };
const submitting: Segment = { state: 'submitting', resends: 0 };

/** Tables that answer at once, with one message in them. */
function tableWith(message: Message) {
  const messages = new MemoryMessages(new SimulatedClock());
  messages.fate = () => ({ tookMs: 0, outcome: 'ok' });
  messages.add(message);
  const claim = (): Promise<ClaimResult> =>
    claimMessage(messages, { messageId: message.messageId, account, claim: ours, optOut, holdSeconds });
  return { messages, claim, stored: () => messages.of(message.messageId) };
}

/** A message that somebody claimed and, for all that is stored, was about to submit. */
function claimedBy(fence: number, lane: Lane, different: Partial<Message> = {}): Message {
  return queuedMessage({
    lane,
    status: 'sending',
    claim: { owner: fence === 7 ? 'us' : 'another', fence, at: CREATED_AT + 1_000 },
    segments: [submitting],
    ...different,
  });
}

describe('claiming a message', () => {
  test('that is queued marks it as ours and its first segment as about to be written', async () => {
    const { claim, stored } = tableWith(queuedMessage({ segmentCount: 2 }));

    const result = await claim();

    expect(result).toEqual({ kind: 'claimed', message: stored(), index: 0 });
    expect(stored()).toMatchObject({ status: 'sending', claim: ours });
    expect(stored().segments).toEqual([submitting, waiting]);
  });

  test('that was given back in part continues with the first segment that waits', async () => {
    const accepted: Segment = { state: 'accepted', resends: 0, acceptedAt: at };
    const { claim } = tableWith(queuedMessage({ status: 'sending', segments: [accepted, waiting, waiting] }));

    expect(await claim()).toMatchObject({ kind: 'claimed', index: 1 });
  });

  test.each<MessageStatus>(['sent', 'delivered', 'undelivered', 'expired', 'unknown', 'failed', 'canceled'])(
    'that is %s is not done, and its queue message may go',
    async (status) => {
      const { claim, messages } = tableWith(queuedMessage({ status }));

      expect(await claim()).toMatchObject({ kind: 'done' });
      expect(messages.changes).toEqual([]);
    },
  );

  test('whose batch is paused is left to its batch, which queues it again', async () => {
    const { claim, stored } = tableWith(queuedMessage({ held: true }));
    expect(await claim()).toEqual({ kind: 'done', reason: 'held' });
    expect(stored()).toMatchObject({ status: 'queued', held: true });
  });

  test('that is scheduled and due is released first, so that its event tells when it was queued', async () => {
    const scheduled = queuedMessage({ status: 'scheduled', sequence: 0, timeline: [], sendAt: at });
    const { claim, stored } = tableWith(scheduled);

    expect(await claim()).toMatchObject({ kind: 'claimed', index: 0 });
    expect(stored()).toMatchObject({ status: 'sending', sequence: 1, queuedAt: at, claim: ours });
    expect(stored().timeline).toEqual([
      { status: 'queued', at, sequence: 1 },
      { status: 'sending', at },
    ]);
  });

  test.each([
    ['a moment later waits for it', 1, { kind: 'later', delaySeconds: 1 }],
    ['a minute later waits for it', 60_000, { kind: 'later', delaySeconds: 60 }],
    ['tomorrow is queued again by the sweep', 86_400_000, { kind: 'done', reason: 'scheduled for later' }],
  ])('that is scheduled for %s', async (_name, ahead, result) => {
    const { claim, messages } = tableWith(
      queuedMessage({ status: 'scheduled', sendAt: at + ahead, expiresAt: at + 1e9 }),
    );

    expect(await claim()).toEqual(result);
    expect(messages.changes).toEqual([]);
  });

  test('that is not there is poison', async () => {
    const { messages } = tableWith(queuedMessage());

    expect(await claimMessage(messages, { messageId: 'msg_none', account, claim: ours, optOut, holdSeconds })).toEqual({
      kind: 'poison',
      reason: 'no_such_message',
    });
  });

  test("that is another account's is poison, and left alone", async () => {
    const { claim, messages } = tableWith(queuedMessage({ account: 'other' }));

    expect(await claim()).toEqual({ kind: 'poison', reason: 'other_account' });
    expect(messages.changes).toEqual([]);
  });

  test('whose sender id the operator refuses waits, and is not touched', async () => {
    const message = queuedMessage();
    const { messages } = tableWith(message);
    const asked: Message[] = [];
    const hold = (of: Message): number => {
      asked.push(of);
      return 60;
    };
    const { messageId } = message;

    expect(await claimMessage(messages, { messageId, account, claim: ours, optOut, holdSeconds: hold })).toEqual({
      kind: 'later',
      delaySeconds: 60,
    });
    expect(asked).toEqual([message]);
    expect(messages.changes).toEqual([]);
  });

  test.each<[string, Partial<Message>, Partial<ClaimResult>]>([
    ['that has expired meanwhile ends all the same', { expiresAt: at }, { kind: 'done' }],
    [
      'of which a part has arrived is finished all the same',
      { status: 'sending', segments: [{ state: 'accepted', resends: 0 }, waiting] },
      { kind: 'claimed' },
    ],
  ])('whose sender id the operator refuses and %s', async (_, different, result) => {
    const message = queuedMessage(different);
    const { messages } = tableWith(message);
    const { messageId } = message;

    expect(
      await claimMessage(messages, { messageId, account, claim: ours, optOut, holdSeconds: () => 60 }),
    ).toMatchObject(result);
  });

  test('whose time has passed ends it', async () => {
    const { claim, stored } = tableWith(queuedMessage({ expiresAt: at }));

    expect(await claim()).toEqual({ kind: 'done', reason: 'expired' });
    expect(stored()).toMatchObject({ status: 'expired', error: { code: 'expired_in_queue' } });
  });

  test.each<Segment>([
    { state: 'accepted', resends: 0 },
    { state: 'unanswered', resends: 1 },
  ])('whose time has passed goes on where a part may have arrived: $state', async (begun) => {
    const { claim } = tableWith(queuedMessage({ status: 'sending', expiresAt: at, segments: [begun, waiting] }));

    expect(await claim()).toMatchObject({ kind: 'claimed', index: 1 });
  });

  test('whose time has passed after an unknown outcome is unknown, not expired', async () => {
    const resend: Segment = { state: 'waiting', resends: 1 };
    const { claim, stored } = tableWith(queuedMessage({ segments: [resend], expiresAt: at }));

    expect(await claim()).toEqual({ kind: 'done', reason: 'unknown' });
    expect(stored().error).toBeUndefined();
  });

  test('one millisecond before its time has passed is still a claim', async () => {
    const { claim } = tableWith(queuedMessage({ expiresAt: at + 1 }));

    expect(await claim()).toMatchObject({ kind: 'claimed' });
  });
});

describe('claiming a message that somebody else had claimed', () => {
  test.each<Lane>(['otp', 'transactional'])('a dead claim in the %s lane is resent once', async (lane) => {
    const { claim, stored, messages } = tableWith(claimedBy(6, lane));

    expect(await claim()).toMatchObject({ kind: 'claimed', index: 0 });
    expect(stored()).toMatchObject({ claim: ours, segments: [{ state: 'submitting', resends: 1 }] });
    expect(messages.kindsOf(stored().messageId)).toEqual(['abandoned', 'claimed']);
  });

  test.each<Lane>(['otp', 'transactional'])('a dead claim on a resend in the %s lane is held', async (lane) => {
    const { claim, stored } = tableWith(claimedBy(6, lane, { segments: [{ state: 'submitting', resends: 1 }] }));

    expect(await claim()).toEqual({ kind: 'done', reason: 'unknown' });
    expect(stored().segments).toEqual([{ state: 'unanswered', resends: 1 }]);
  });

  test('a dead claim in the bulk lane is held for the receipt', async () => {
    const { claim, stored } = tableWith(claimedBy(6, 'bulk'));

    expect(await claim()).toEqual({ kind: 'done', reason: 'unknown' });
    expect(stored()).toMatchObject({ status: 'unknown', segments: [{ state: 'unanswered', resends: 0 }] });
  });

  test('of a bulk message in parts the rest goes on behind the part that is held', async () => {
    const { claim, stored } = tableWith(claimedBy(6, 'bulk', { segments: [submitting, waiting] }));

    expect(await claim()).toMatchObject({ kind: 'claimed', index: 1 });
    expect(stored().segments.map(({ state }) => state)).toEqual(['unanswered', 'submitting']);
  });

  test('a dead claim on a message whose time has passed meanwhile ends it', async () => {
    const { claim } = tableWith(claimedBy(6, 'otp', { expiresAt: at - 1 }));

    expect(await claim()).toEqual({ kind: 'done', reason: 'unknown' });
  });

  test('a claim of this owner that nobody works on any more is as dead', async () => {
    const { claim, stored } = tableWith(claimedBy(7, 'otp'));

    expect(await claim()).toMatchObject({ kind: 'claimed' });
    expect(stored().segments).toEqual([{ state: 'submitting', resends: 1 }]);
  });

  test('a newer claim is left alone', async () => {
    const { claim, messages } = tableWith(claimedBy(8, 'otp'));

    expect(await claim()).toMatchObject({ kind: 'not_ours' });
    expect(messages.changes).toEqual([]);
  });

  test('a claim that comes between reading and writing wins', async () => {
    const { claim, messages, stored } = tableWith(queuedMessage());
    const change = messages.change.bind(messages);
    messages.change = async (messageId, ...rest) => {
      messages.apply(messageId, { kind: 'claimed', owner: 'newer', fence: 9, at });
      return await change(messageId, ...rest);
    };

    expect(await claim()).toMatchObject({ kind: 'not_ours' });
    expect(stored().claim?.owner).toBe('newer');
  });

  test('a cancellation that comes between reading and writing wins', async () => {
    const { claim, messages } = tableWith(queuedMessage());
    const change = messages.change.bind(messages);
    messages.change = async (messageId, ...rest) => {
      messages.apply(messageId, { kind: 'canceled', at });
      return await change(messageId, ...rest);
    };

    expect(await claim()).toEqual({ kind: 'done', reason: 'canceled' });
  });
});

describe('claiming while the table fails', () => {
  const failing = (...outcomes: TableFate['outcome'][]) => {
    const parts = tableWith(queuedMessage({ lane: 'bulk' }));
    parts.messages.fate = ({ kind }) => ({
      tookMs: 0,
      outcome: kind === 'change' ? (outcomes.shift() ?? 'ok') : 'ok',
    });
    return parts;
  };

  test('throws, and the same request is repeated without harm', async () => {
    const { claim, stored } = failing('lost');

    await expect(claim()).rejects.toThrow();
    expect(await claim()).toMatchObject({ kind: 'claimed', index: 0 });
    expect(stored().segments).toEqual([submitting]);
  });

  test('a claim whose answer was lost is found to be ours, not taken for a dead one', async () => {
    const { claim, stored, messages } = failing('unanswered');

    await expect(claim()).rejects.toThrow();
    expect(await claim()).toMatchObject({ kind: 'claimed', index: 0 });
    expect(stored().status).toBe('sending');
    expect(messages.kindsOf(stored().messageId)).toEqual(['claimed']);
  });

  test('so is one that the SDK wrote twice, because it did not hear of the first time', async () => {
    const { claim, stored, messages } = failing('repeated');

    expect(await claim()).toMatchObject({ kind: 'claimed', index: 0 });
    expect(messages.kindsOf(stored().messageId)).toEqual(['claimed']);
  });
});

describe('a recipient who opted out after the message was accepted', () => {
  const optOut = (scope: OptOutScope) => ({
    get: async (of: string, number: string) =>
      await Promise.resolve({ account: of, number, scope, source: 'api' as const, createdAt: at, updatedAt: at }),
  });
  const asked = (message: Message, check: OptOutCheck) => {
    const { messages, stored } = tableWith(message);
    const { messageId } = message;
    return { stored, answer: claimMessage(messages, { messageId, account, claim: ours, holdSeconds, optOut: check }) };
  };

  test.each<[Lane, OptOutScope]>([
    ['bulk', 'promotional'],
    ['bulk', 'all'],
    ['transactional', 'all'],
  ])('gets nothing more on lane %s where he wants no %s messages', async (lane, scope) => {
    const { answer, stored } = asked(queuedMessage({ lane }), optOutCheck(optOut(scope)));
    expect(await answer).toEqual({ kind: 'done', reason: 'failed' });
    expect(stored()).toMatchObject({ status: 'failed', error: { code: 'recipient_opted_out', retryable: false } });
    expect(stored().segments).toEqual([waiting]);
  });

  test('gets nothing of what was scheduled before', async () => {
    const message = queuedMessage({ lane: 'bulk', status: 'scheduled', sendAt: at - 1 });
    const { answer, stored } = asked(message, optOutCheck(optOut('all')));
    expect(await answer).toEqual({ kind: 'done', reason: 'failed' });
    expect(stored().timeline.map(({ status }) => status)).toEqual(['queued', 'queued', 'failed']);
  });

  test.each<[string, Partial<Message>]>([
    ['one-time passwords', { lane: 'otp' }],
    ['the answer to his own word', { lane: 'transactional', confirmsKeyword: true }],
    [
      'the rest of what he got a part of',
      { lane: 'bulk', status: 'sending', segments: [{ ...waiting, state: 'accepted' }, waiting] },
    ],
  ])('still gets %s', async (_what, different) => {
    const { answer } = asked(queuedMessage(different), optOutCheck(optOut('all')));
    expect(await answer).toMatchObject({ kind: 'claimed' });
  });

  test('still gets transactional messages where he wants no promotional ones', async () => {
    const { answer } = asked(queuedMessage({ lane: 'transactional' }), optOutCheck(optOut('promotional')));
    expect(await answer).toMatchObject({ kind: 'claimed' });
  });

  test('is not sent to while nobody can say whether he did', async () => {
    const { answer, stored } = asked(queuedMessage({ lane: 'bulk' }), async () => {
      throw await Promise.resolve(new Error('the table failed'));
    });
    await expect(answer).rejects.toThrow('the table failed');
    expect(stored()).toMatchObject({ status: 'queued', segments: [waiting] });
  });
});
