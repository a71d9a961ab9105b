// Lists all messages to a number, page by page.
import { bindery } from './connect.ts';

let cursor: string | undefined;
do {
  const page = await bindery.listMessages({ to: '+639171234567', limit: 50, cursor });
  for (const { id, status } of page.data) console.log(id, status);
  cursor = page.next_cursor ?? undefined;
} while (cursor !== undefined);
