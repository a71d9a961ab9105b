import * as z from 'zod';
import { OPT_OUT_SCOPES } from '../domain/opt-out.ts';
import { keywordOf } from '../domain/subscriber-keyword.ts';

/** How long the parts of a long inbound message are waited for, where an account says nothing of it. */
export const USUAL_PARTS_SECONDS = 600;

/** Three segments in the GSM alphabet, seven in UCS-2. */
const LONGEST_ANSWER = 459;

const keywordSchema = z
  .strictObject({
    /** In place of those of shared/domain/subscriber-keyword.ts; none at all where the list is empty. */
    words: z.array(z.string().trim().min(1).max(40)).max(100).optional(),
    /** What is sent back, once a day at the most; absent means nothing. */
    answer: z
      .string()
      .trim()
      .min(1)
      .max(LONGEST_ANSWER)
      .refine((text) => text.isWellFormed(), 'has half of a character')
      .optional(),
  })
  .prefault({});

/** Words by which subscribers opt out and in. */
export const keywordsSchema = z
  .strictObject({
    stop: keywordSchema,
    start: keywordSchema,
    /** What a stop word stops: `all` but one-time passwords, or `promotional` messages only. */
    scope: z.enum(OPT_OUT_SCOPES).default('all'),
    /** Sender id of the answers; absent means the number to which the subscriber wrote. */
    answersFrom: z
      .string()
      .regex(/^[A-Za-z0-9._-]{3,15}$/, '3 to 15 letters, digits and - . _')
      .optional(),
  })
  .check((context) => {
    const { value, issues } = context;
    const { stop, start } = value;
    const asStart = { ...value, stop: { words: [] } };
    const both = stop.words?.find((word) => keywordOf(word, asStart) === 'start');
    const shadowed = start.words?.find((word) => keywordOf(word, value) === 'stop');
    const message = 'stands for stop and for start';
    if (both !== undefined) issues.push({ code: 'custom', path: ['stop', 'words'], message, input: undefined });
    if (shadowed !== undefined) issues.push({ code: 'custom', path: ['start', 'words'], message, input: undefined });
    for (const kind of ['stop', 'start'] as const) {
      // A phone that sends back what it gets would opt its owner out, or in.
      if (keywordOf(value[kind].answer ?? '', value) === undefined) continue;
      issues.push({ code: 'custom', path: [kind, 'answer'], message: 'is itself one of the words', input: undefined });
    }
  })
  .prefault({});
export type Keywords = z.output<typeof keywordsSchema>;
