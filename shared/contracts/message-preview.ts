import * as z from 'zod';
import { LANES } from '../config/account.ts';
import { messageSchema, presentMessage, replacementSchema } from './message.ts';
import { messageRequestSchema } from './message-request.ts';
import { fieldErrorSchema } from './problem.ts';

/** The body of `POST /v1/messages/preview`: a message as it would be sent, be it that nobody has said yet to whom or from whom. */
export const previewRequestSchema = messageRequestSchema.omit({ dry_run: true }).partial({ to: true, from: true });
export type PreviewRequest = z.output<typeof previewRequestSchema>;

/** A character, as a reader sees it, that the GSM alphabet lacks; positions are UTF-16 indexes of each occurrence in `text`. */
export const offendingCharacterSchema = z.strictObject({
  character: z.string(),
  positions: z.array(z.int()),
});

/** What would become of a message. Nothing is stored, counted or sent. */
export const previewSchema = z.strictObject({
  /** As far as the message itself goes: limits and quotas count when it is sent. */
  would_be_accepted: z.boolean(),
  /** Everything that it would be refused for, as POST /v1/messages would say it. */
  errors: z.array(fieldErrorSchema),
  account: z.string(),
  lane: z.enum(LANES),
  /** E.164; null where it is no number that can be reached, or none was given. */
  to: z.string().nullable(),
  from: z.string().nullable(),
  /** Null where the text cannot be written in the encoding that was asked for. */
  encoding: z.enum(['gsm7', 'ucs2']).nullable(),
  segments: z.int().nullable(),
  /** Septets (gsm7) or UTF-16 code units (ucs2) of the text. */
  units: z.int().nullable(),
  /** Why a text is not gsm7: at most 20 characters. */
  outside_gsm7: z.array(offendingCharacterSchema),
  /** What smart encoding would change; null where it would gain nothing. */
  smart_encoding: z
    .strictObject({
      /** Whether it would be used for this message; the fields above then are of the text that it makes. */
      applied: z.boolean(),
      text: z.string(),
      encoding: z.enum(['gsm7', 'ucs2']),
      segments: z.int(),
      replacements: z.array(replacementSchema),
    })
    .nullable(),
  /** When it would go to the operator at the earliest; null where at once. */
  send_at: z.iso.datetime({ precision: 3 }).nullable(),
  /** How long it would wait in its lane; null where that is not known. */
  estimated_wait_seconds: z.int().nullable(),
});
export type MessagePreview = z.output<typeof previewSchema>;

/** The answer to `POST /v1/messages` with `dry_run`: the message as it would be. It has no id, for it does not exist. */
export const dryRunSchema = messageSchema.extend({ id: z.null() });
export type DryRun = z.output<typeof dryRunSchema>;

export function presentDryRun(...message: Parameters<typeof presentMessage>): DryRun {
  return { ...presentMessage(...message), id: null };
}
