// What a team writes first: the `smpp` package, a regular expression, and the webhook posted at once. It keeps nothing, so that what
// comes while the endpoint is down is gone.
import smpp from 'smpp';
import { serve } from '../stage/remote.ts';

export interface PlainReceiver {
  url: string;
  credentials: { system_id: string; password: string };
  webhook: string;
}

const requests = {
  bind: async ({ url, credentials, webhook }: PlainReceiver): Promise<void> => {
    const session = smpp.connect({ url });
    session.on('deliver_sm', (pdu) => {
      const [, id, stat] = /id:(\S+).*stat:(\S+)/.exec(String(pdu.short_message?.message)) ?? [];
      session.send(pdu.response());
      void fetch(webhook, { method: 'POST', body: JSON.stringify({ id, stat }), headers: { 'webhook-id': id ?? '' } });
    });
    await new Promise<void>((resolve, reject) => {
      session.on('error', reject);
      session.bind_transceiver(credentials, () => resolve());
    });
  },
};
export type PlainReceiverRequests = typeof requests;
serve(requests);
