import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Assembly, assemblyOf, joined } from '../../../shared/domain/inbound-assembly.ts';
import { firstInboundIdAt, type InboundPart } from '../../../shared/domain/inbound-message.ts';
import { inboundText } from '../../../shared/encoding/inbound-text.ts';
import { segmentText } from '../../../shared/encoding/segment.ts';
import { userData } from '../../../shared/encoding/user-data.ts';
import { inboundPart } from '../../fixtures/inbound.ts';
import { CREATED_AT } from '../../fixtures/message.ts';

const WITHIN_MS = 600_000;

/** A message, and the order in which its parts come; an index twice is a part that is repeated. */
interface Written {
  text: string;
  from: string;
  to: string;
  reference: number;
}

/** The parts of a message of two parts or more, as an operator hands them over. */
function partsOf({ text, from, to, reference }: Written): InboundPart[] {
  const segmentation = segmentText({ text, encoding: 'auto' });
  if (segmentation.kind !== 'ok') throw new Error('not encodable');
  const { encoding, segments } = segmentation;
  return userData({ segments, encoding, reference: { width: '8bit', value: reference } }).map((raw, i) =>
    inboundPart({
      from,
      to,
      reference,
      raw,
      total: segments.length,
      index: i + 1,
      esmClass: 0x40,
      dataCoding: encoding === 'ucs2' ? 8 : 0,
    }),
  );
}

/** Parts in the order in which they come, a second apart. */
function arriving(parts: readonly InboundPart[]): InboundPart[] {
  return parts.map((part, i) => {
    const at = CREATED_AT + i * 1_000;
    return { ...part, at, partId: firstInboundIdAt(at) };
  });
}

/** What becomes of parts that are looked at one after the other, as they come. */
function assembled(parts: readonly InboundPart[]): Assembly[] {
  const stored: InboundPart[] = [];
  const whole: Assembly[] = [];
  for (const part of parts) {
    stored.push({ ...part });
    const assembly = assemblyOf(part.partId, stored, WITHIN_MS);
    if (assembly?.length !== part.total) continue;
    whole.push(assembly);
    for (const one of assembly) one.joinedIn = joined(assembly).messageId;
  }
  return whole;
}

const textOf = (assembly: Assembly) => inboundText(joined(assembly)).text;

const longText = fc
  .array(fc.constantFrom('kumusta ', 'ñandú ', '€{}', '😀🇵🇭', '₱100 ', 'see you at nine. '), {
    minLength: 12,
    maxLength: 40,
  })
  .map((words) => words.join(''))
  .map((text) => text.padEnd(180, 'x'));

const writtenBy = (from: string) =>
  fc.record({
    text: longText,
    from: fc.constant(from),
    to: fc.constantFrom('21581234', 'BINDERY'),
    reference: fc.constantFrom(1, 2),
  });

describe('a message in parts', () => {
  test('is whole once, in whatever order its parts come and however often they are repeated', () => {
    fc.assert(
      fc.property(
        writtenBy('639171234567').chain((written) => {
          const parts = partsOf(written);
          const repeats = fc.array(fc.constantFrom(...parts), { maxLength: 4 });
          const order = repeats.chain((more) =>
            fc.shuffledSubarray([...parts, ...more], { minLength: parts.length + more.length }),
          );
          return order.map((ordered) => ({ written, ordered }));
        }),
        ({ written, ordered }) => {
          const whole = assembled(arriving(ordered));
          expect(whole.map(textOf)).toEqual([written.text]);
        },
      ),
      { numRuns: 200 },
    );
  });

  test('takes no part of another sender or recipient, however their parts interleave', () => {
    const senders = ['639171234567', '639181234567', '639191234567'];
    fc.assert(
      fc.property(
        fc.tuple(...senders.map(writtenBy)).chain((messages) => {
          const parts = messages.flatMap(partsOf);
          return fc.shuffledSubarray(parts, { minLength: parts.length }).map((ordered) => ({ messages, ordered }));
        }),
        ({ messages, ordered }) => {
          const whole = assembled(arriving(ordered));
          expect(whole).toHaveLength(messages.length);
          const made = new Map(whole.map((assembly) => [assembly[0].from, textOf(assembly)]));
          expect(made).toEqual(new Map(messages.map(({ from, text }) => [from, text])));
        },
      ),
      { numRuns: 100 },
    );
  });

  // Unless the parts that came of both make a whole before the later one is: nobody could tell those from one message.
  test('may have the reference of an earlier one, be that whole or not, in any order', () => {
    const lettered = fc
      .constantFrom('a', 'b')
      .chain((letter) => fc.tuple(fc.constant(letter), fc.shuffledSubarray([0, 1, 2], { minLength: 3 })));
    fc.assert(
      fc.property(fc.subarray([0, 1, 2], { minLength: 1 }), lettered, (came, [letter, order]) => {
        fc.pre(came.length === 3 || !came.includes(order.at(-1) ?? 0));
        const common = { from: '639171234567', to: '4343', reference: 7 };
        const earlier = partsOf({ ...common, text: '1'.repeat(400) });
        const later = partsOf({ ...common, text: letter.repeat(400) });
        expect([earlier.length, later.length]).toEqual([3, 3]);
        const ordered = [...came.flatMap((i) => earlier[i] ?? []), ...order.flatMap((i) => later[i] ?? [])];
        expect(assembled(arriving(ordered)).map(textOf)).toContain(letter.repeat(400));
      }),
    );
  });
});

describe('which parts belong together', () => {
  const at = (ms: number, different: Partial<InboundPart>) =>
    inboundPart({ at: CREATED_AT + ms, raw: Buffer.from(`part at ${ms}`), ...different });
  const found = (part: InboundPart, parts: InboundPart[]) =>
    assemblyOf(part.partId, parts, WITHIN_MS)?.map(({ partId }) => partId);

  test('is only those that came within the time limit of the first', () => {
    const first = at(0, { index: 1 });
    const late = at(WITHIN_MS, { index: 2 });
    const last = at(WITHIN_MS - 1, { index: 3 });
    expect(found(first, [first, late, last])).toEqual([first.partId, last.partId]);
    expect(found(late, [first, late, last])).toEqual([late.partId]);
  });

  test('is the same whichever of them is asked for', () => {
    const parts = [at(0, { index: 2 }), at(1, { index: 3 }), at(2, { index: 1 })];
    const ids = parts.map(({ partId }) => partId);
    for (const part of parts) expect(found(part, parts)).toEqual(ids);
  });

  test('is not asked of what is gone, stands in a message, or repeats what does', () => {
    const [gone, standing] = [at(0, { index: 1 }), at(1, { index: 2, joinedIn: 'in_1' })];
    const repeat = { ...standing, ...at(9, { index: 2, raw: standing.raw }) };
    delete repeat.joinedIn;
    expect(found(gone, [standing])).toBeUndefined();
    expect(found(standing, [standing])).toBeUndefined();
    expect(found(repeat, [standing, repeat])).toBeUndefined();
  });

  test('is that of the first where a part is repeated again and again', () => {
    const raw = Buffer.from('same');
    const repeats = [0, 400_000, 800_000].map((ms) => at(ms, { index: 1, raw }));
    const [first] = repeats;
    for (const repeat of repeats) expect(found(repeat, repeats)).toEqual([first?.partId]);
  });
});
