import { addressOf, type InboundMessage, type InboundPart } from './inbound-message.ts';

/** Parts that make one message, or will when the rest has come: at most one of each index, in the order in which they came. */
export type Assembly = [InboundPart, ...InboundPart[]];

/**
 * The message that a part belongs to, out of all stored parts of its sender around that time. undefined where there is
 * nothing to be done for it: it stands in a message already, repeats one that does, or is not there any more.
 *
 * Parts belong together by sender, recipient, reference and total (3GPP TS 23.040, 9.2.3.24.1), if they came within
 * `withinMs` of the first. A reference is used again sooner or later, by some phones for each message: so a message is made
 * of the latest part of each index, for the parts of one come close together, and what is left over is another message, or
 * waits to be. The same octets once more are a repeat, which no message is made of.
 */
export function assemblyOf(partId: string, parts: readonly InboundPart[], withinMs: number): Assembly | undefined {
  const asked = parts.find((part) => part.partId === partId);
  if (asked === undefined) return undefined;
  const alike = parts.filter((part) => isAlike(part, asked)).sort(byId);
  const repeatedBy = (part: InboundPart) => alike.find((one) => isRepeat(part, one, withinMs));
  let original = asked;
  for (let earlier = repeatedBy(original); earlier !== undefined; earlier = repeatedBy(original)) original = earlier;
  const open = alike.filter((part) => part.joinedIn === undefined && repeatedBy(part) === undefined);
  return assemblies(open, withinMs).find((assembly) => assembly.includes(original));
}

/**
 * The same, filled up from what was taken for repeats of another message. Who writes a long text again with another ending, from
 * a phone that gives all messages one reference, begins it with the same octets; so each goes to the message in whose midst it
 * came. Only for one whose time is over: until then the part that is missing may still come.
 */
export function filledUp(assembly: Assembly, parts: readonly InboundPart[], withinMs: number): Assembly {
  const alike = parts.filter((part) => isAlike(part, assembly[0])).sort(byId);
  const repeats = alike.filter(
    (part) => !assembly.includes(part) && alike.some((one) => isRepeat(part, one, withinMs)),
  );
  const others = alike.filter((part) => !repeats.includes(part));
  const filled: Assembly = [...assembly];
  for (const repeat of repeats) {
    const nearest = others.toSorted((one, other) => Math.abs(one.at - repeat.at) - Math.abs(other.at - repeat.at))[0];
    if (nearest === undefined || !assembly.includes(nearest)) continue;
    if (filled.every(({ index }) => index !== repeat.index)) filled.push(repeat);
  }
  return filled;
}

/** The message of an assembly, whole or not. */
export function joined(assembly: Assembly): InboundMessage {
  const [{ partId: messageId, account, from, to, test, total, at }] = assembly;
  const parts = assembly
    .toSorted((a, b) => a.index - b.index)
    .map(({ partId, index, esmClass, dataCoding, raw }) => ({ partId, index, esmClass, dataCoding, raw }));
  return { kind: 'inbound', messageId, account, from, to, test, parts, total, at };
}

/** @param parts in the order of their ids; each comes to stand in one assembly */
function assemblies(parts: readonly InboundPart[], withinMs: number): Assembly[] {
  const whole: Assembly[] = [];
  let left: InboundPart[] = [];
  for (const part of parts) {
    const made = wholeWith(part, left, withinMs);
    if (made === undefined) {
      left.push(part);
    } else {
      whole.push(made);
      left = left.filter((one) => !made.includes(one));
    }
  }
  const waiting: Assembly[] = [];
  for (const part of left) place(part, waiting, withinMs);
  return [...whole, ...waiting];
}

/** The message that is whole by this part. */
function wholeWith(part: InboundPart, left: readonly InboundPart[], withinMs: number): Assembly | undefined {
  const made: Assembly = [part];
  for (let index = 1; index <= part.total; index += 1) {
    if (index === part.index) continue;
    const other = left.findLast((one) => one.index === index && part.at < one.at + withinMs);
    if (other === undefined) return undefined;
    made.push(other);
  }
  return made.sort(byId);
}

function place(part: InboundPart, open: Assembly[], withinMs: number): void {
  const room = open.findLast(
    (assembly) => part.at < assembly[0].at + withinMs && !assembly.some(({ index }) => index === part.index),
  );
  if (room === undefined) open.push([part]);
  else room.push(part);
}

function byId(one: InboundPart, other: InboundPart): number {
  return one.partId < other.partId ? -1 : 1;
}

function isAlike(one: InboundPart, other: InboundPart): boolean {
  return (
    one.reference === other.reference &&
    one.total === other.total &&
    addressOf(one.to) === addressOf(other.to) &&
    addressOf(one.from) === addressOf(other.from)
  );
}

/** Whether `part`, of which nothing is made yet, says once more what `one` does. */
function isRepeat(part: InboundPart, one: InboundPart, withinMs: number): boolean {
  if (part.joinedIn !== undefined || one === part || one.index !== part.index) return false;
  const comesFirst = one.joinedIn !== undefined || one.partId < part.partId;
  const isClose = Math.abs(part.at - one.at) < withinMs;
  return comesFirst && isClose && one.dataCoding === part.dataCoding && Buffer.compare(one.raw, part.raw) === 0;
}
