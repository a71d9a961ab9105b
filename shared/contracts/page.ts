import * as z from 'zod';

/** A page of a list. It may hold fewer than `limit`, even none, where `has_more` says that more follow. */
export function pageSchema<S extends z.ZodType>(item: S) {
  return z.strictObject({
    data: z.array(item),
    has_more: z.boolean(),
    /** `cursor` of the next page; null on the last. */
    next_cursor: z.string().nullable(),
  });
}

/** A list that is always whole, in the form of a page. */
export function wholeListSchema<S extends z.ZodType>(item: S) {
  return z.strictObject({ data: z.array(item), has_more: z.literal(false), next_cursor: z.null() });
}
