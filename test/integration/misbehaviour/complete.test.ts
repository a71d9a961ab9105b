import { expect, test } from 'vitest';
import { answers } from './answers.ts';
import { binds } from './binds.ts';
import { links } from './links.ts';
import { receipts } from './receipts.ts';
import { MISBEHAVIOURS, SECTION_7 } from './section-7.ts';
import { throttling } from './throttling.ts';
import { wire } from './wire.ts';

test('every phrase of section 7 has a name here, in its order', () => {
  expect(Object.values(MISBEHAVIOURS)).toEqual(SECTION_7.split(/[,;] /));
});

test('every misbehaviour of section 7 has a test', () => {
  const tested = new Set([binds, links, wire, answers, throttling, receipts].flat().map(({ of }) => of));
  expect(Object.keys(MISBEHAVIOURS).filter((name) => !tested.has(name as keyof typeof MISBEHAVIOURS))).toEqual([]);
});
