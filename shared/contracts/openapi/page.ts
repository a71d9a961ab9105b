import type * as z from 'zod';
import { pageSchema } from '../page.ts';
import { type Component, component } from './operation.ts';

/** A page of a list. */
export function pageOf<S extends z.ZodType>(
  name: string,
  item: S,
  { description, example }: { description: string; example?: z.input<S> },
): Component {
  return component(name, pageSchema(item), {
    description,
    fields: PAGE_FIELDS,
    ...(example === undefined ? {} : { example: { data: [example], has_more: false, next_cursor: null } }),
  });
}

export const PAGE_FIELDS = {
  data: 'Newest first.',
  has_more: 'Whether another page follows. A page may be shorter than `limit`, even empty, and still have a next one.',
  next_cursor: 'Give it as `cursor` to get the next page; `null` on the last.',
} as const;
