// A client as the operator's guide suggests it: the `smpp` package, and a timer that keeps "under 10 TPS". It answers receipts, as
// it must, and nothing else.
import smpp, { type Session } from 'smpp';
import { plainFields } from '../stage/plain-fields.ts';
import { serve } from '../stage/remote.ts';
import { recipient } from '../stage/sample.ts';

export interface PlainRun {
  url: string;
  /** A session for each. */
  systemIds: readonly string[];
  password: string;
  intervalMs: number;
  submitsEach: number;
}

async function bind(url: string, credentials: { system_id: string; password: string }): Promise<Session> {
  const session = smpp.connect({ url });
  session.on('deliver_sm', (pdu) => void session.send(pdu.response()));
  await new Promise<void>((resolve, reject) => {
    session.on('error', reject);
    session.bind_transceiver(credentials, () => resolve());
  });
  return session;
}

/** Resolves when everything is answered. */
async function submitEvenly(session: Session, { intervalMs, submitsEach }: PlainRun): Promise<void> {
  let answered = 0;
  let sent = 0;
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      session.submit_sm(plainFields(recipient(sent)), () => {
        answered += 1;
        if (answered === submitsEach) resolve();
      });
      sent += 1;
      if (sent === submitsEach) clearInterval(timer);
    }, intervalMs);
  });
}

const requests = {
  run: async (run: PlainRun): Promise<void> => {
    const { url, systemIds, password } = run;
    const sessions = await Promise.all(systemIds.map((system_id) => bind(url, { system_id, password })));
    await Promise.all(sessions.map((session) => submitEvenly(session, run)));
    for (const session of sessions) session.close();
  },
};
export type PlainClientRequests = typeof requests;
serve(requests);
