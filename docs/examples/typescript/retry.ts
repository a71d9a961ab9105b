// Sends a message once, however often this program is run. The client tries again by itself where that may help.
import { bindery } from './connect.ts';

const message = await bindery.sendMessage(
  { to: '+639171234567', from: 'BINDERY', text: 'Order 1042 is on its way' },
  { idempotencyKey: process.argv[2] ?? 'order-1042-shipped' },
);
console.log(message.id, message.status);
