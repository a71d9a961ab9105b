// The session of the `smpp` package, as fast as a window lets it: what Bindery's is compared with. The package has no window;
// this one writes a submit for each answer.
import smpp, { type Session } from 'smpp';
import { PASSWORD, SYSTEM_ID } from '../stage/operator.ts';
import { plainFields } from '../stage/plain-fields.ts';
import { serve } from '../stage/remote.ts';
import { type SessionDrive, type SessionSpeed, SpeedMeter } from '../stage/session-run.ts';

async function bind(url: string): Promise<Session> {
  const session = smpp.connect({ url });
  session.on('deliver_sm', (pdu) => void session.send(pdu.response()));
  await new Promise<void>((resolve, reject) => {
    session.on('error', reject);
    session.bind_transceiver({ system_id: SYSTEM_ID, password: PASSWORD }, () => resolve());
  });
  return session;
}

async function drive(options: SessionDrive): Promise<SessionSpeed> {
  const session = await bind(options.url);
  const meter = new SpeedMeter();
  let over = false;
  const submit = (): void => {
    session.submit_sm(plainFields(), () => {
      meter.answered();
      if (!over) submit();
    });
  };
  for (let n = 0; n < options.window; n += 1) submit();
  const speed = await meter.measure(options);
  over = true;
  await new Promise<void>((resolve) => session.unbind({}, () => resolve()));
  session.close();
  return speed;
}

const requests = { drive };
export type SessionRequests = typeof requests;
serve(requests);
