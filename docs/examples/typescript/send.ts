// Sends a message, and says why where it is refused.
import { BinderyError } from '../../client/bindery.ts';
import { bindery } from './connect.ts';

try {
  const message = await bindery.sendMessage({
    to: '0917 123 4567',
    from: 'BINDERY',
    text: 'Your code is 493021',
    lane: 'otp',
  });
  console.log(message.id, message.status);
} catch (error) {
  if (!(error instanceof BinderyError)) throw error;
  console.error(error.code, error.message);
  process.exitCode = 1;
}
