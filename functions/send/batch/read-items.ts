import type * as z from 'zod';
import { type BatchItem, type BatchRequest, batchItemSchema } from '../../../shared/contracts/batch-request.ts';
import type { ErrorCode } from '../../../shared/contracts/error-codes.ts';
import { fieldErrors } from '../../../shared/contracts/field-errors.ts';
import { type MessageRequest, messageRequestSchema } from '../../../shared/contracts/message-request.ts';
import type { FieldError } from '../../../shared/contracts/problem.ts';
import { fillTemplate } from '../../../shared/domain/template.ts';
import { type Meaning, type MeaningContext, meaningOf } from '../meaning.ts';

export interface SendableItem {
  kind: 'sendable';
  index: number;
  request: MessageRequest;
  meaning: Extract<Meaning, { kind: 'sendable' }>;
}

export interface RefusedItem {
  kind: 'refused';
  index: number;
  clientRef?: string | undefined;
  code: ErrorCode;
  /** At least one; pointers are into the body of the batch. */
  errors: FieldError[];
}

export type ItemReading = SendableItem | RefusedItem;

/** Reads each item as the single message that it stands for, with what the batch says for all. */
export function readItems(request: BatchRequest, context: MeaningContext): ItemReading[] {
  return request.items.map((written, index) => readItem(written, { index, batch: request, context }));
}

/** @param pointers of `errors` are into the item */
export function refuseItem(
  { index, clientRef }: { index: number; clientRef?: string | undefined },
  code: ErrorCode,
  errors: readonly FieldError[],
): RefusedItem {
  const pointed = errors.map((error) => ({ ...error, pointer: `/items/${index}${error.pointer}` }));
  return { kind: 'refused', index, clientRef, code, errors: pointed };
}

function readItem(
  written: unknown,
  { index, batch, context }: { index: number; batch: BatchRequest; context: MeaningContext },
): ItemReading {
  const shaped = batchItemSchema.safeParse(written);
  if (!shaped.success) return refuseItem({ index }, 'invalid_request', fieldErrors(shaped.error, written));
  const item = shaped.data;
  const place = { index, clientRef: item.client_ref };
  const filled = fill(item, batch.defaults);
  if (filled.kind === 'refused') return refuseItem(place, filled.error[0].code, filled.error);
  const merged = mergeItem(item, filled.text, batch);
  const request = messageRequestSchema.safeParse(merged);
  if (!request.success) return refuseItem(place, 'invalid_request', fieldErrors(request.error, merged));
  const meaning = meaningOf(request.data, context);
  if (meaning.kind === 'sendable') return { kind: 'sendable', index, request: request.data, meaning };
  return refuseItem(place, meaning.faults[0]?.code ?? 'invalid_request', meaning.faults);
}

/** When it is sent is the batch's matter. */
function mergeItem(
  { variables: _own, ...item }: BatchItem,
  text: string | undefined,
  { defaults: { variables: _shared, ...defaults }, lane, ttl_seconds }: BatchRequest,
): z.input<typeof messageRequestSchema> | Record<string, unknown> {
  return { ...defaults, ...item, text, lane, ttl_seconds };
}

type FilledText =
  | { kind: 'filled'; text: string | undefined }
  | { kind: 'refused'; error: [VariableError, ...VariableError[]] };

interface VariableError extends FieldError {
  code: 'missing_variable' | 'unknown_variable' | 'invalid_placeholder';
}

function fill({ text, variables = {} }: BatchItem, defaults: BatchRequest['defaults']): FilledText {
  const template = text ?? defaults.text;
  if (template === undefined) return { kind: 'filled', text: undefined };
  const filled = fillTemplate(template, variables, defaults.variables ?? {});
  switch (filled.kind) {
    case 'filled':
      return filled;
    case 'no_variable': {
      const detail = 'it has a {{ that begins no variable such as {{name}}; a value of a variable may hold one';
      return { kind: 'refused', error: [{ pointer: '/text', code: 'invalid_placeholder', detail }] };
    }
    case 'variables': {
      const at = (code: VariableError['code'], detail: string) => (name: string) => ({
        pointer: `/variables/${name}`,
        code,
        detail,
      });
      const [first, ...others]: VariableError[] = [
        ...filled.missing.map(at('missing_variable', 'the text uses it, and it has no value')),
        ...filled.unknown.map(at('unknown_variable', 'the text does not use it')),
      ];
      if (first === undefined) throw new TypeError('a text was refused without a reason');
      return { kind: 'refused', error: [first, ...others] };
    }
  }
}
