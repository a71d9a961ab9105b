import { type CursorBinding, readCursor } from '../../shared/domain/cursor.ts';
import { Refusal } from './refusal.ts';

/** Where a page begins, undefined for the first. @throws Refusal where the cursor is not one of this list */
export function positionIn(cursor: string | undefined, binding: CursorBinding): string | undefined {
  if (cursor === undefined) return undefined;
  const position = readCursor(cursor, binding);
  if (position === undefined) throw noSuchCursor();
  return position;
}

export function noSuchCursor(): Refusal {
  return new Refusal({
    code: 'invalid_cursor',
    detail: 'give next_cursor of a page of this list as it is, with the same filters and the same key',
    errors: [{ pointer: '/cursor', code: 'invalid_cursor', detail: 'not a cursor of this list' }],
  });
}
