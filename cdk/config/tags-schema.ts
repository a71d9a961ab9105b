import * as z from 'zod';

/** What AWS lets stand in a tag. */
const CHARACTERS = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
const words = z.string().regex(CHARACTERS, 'letters, digits, blanks and _ . : / = + - @');
const MOST = 50;

/** Tags of the stack, which CloudFormation hands on to everything in it. */
export const tagsSchema = z
  .record(
    words
      .min(1)
      .max(128)
      .regex(/^(?!aws:)/i, 'a name that does not begin with aws:, which AWS keeps to itself'),
    words.max(256),
  )
  .refine((tags) => Object.keys(tags).length <= MOST, `at most ${MOST} tags`);
