// Shows a message and how it got there: node get.ts msg_...
import { bindery } from './connect.ts';

const message = await bindery.getMessage(process.argv[2] ?? '');
console.log(message.id, message.status);
for (const { at, status } of message.timeline) console.log(at, status);
