import type { PeerRequests } from '../programs/peer.ts';
import type { SessionRequests } from '../programs/plain-session.ts';
import { Remote } from './remote.ts';

/** The two sessions that are compared, and the peer that both speak with. */
export interface Sides {
  url: string;
  bindery: Remote<SessionRequests>;
  plain: Remote<SessionRequests>;
  close(): void;
}

export async function startSides(): Promise<Sides> {
  const peer = new Remote<PeerRequests>('peer.ts');
  const bindery = new Remote<SessionRequests>('bindery-session.ts');
  const plain = new Remote<SessionRequests>('plain-session.ts');
  const { port } = await peer.call('listen');
  const close = (): void => {
    for (const each of [peer, bindery, plain]) each.close();
  };
  return { url: `smpp://127.0.0.1:${port}`, bindery, plain, close };
}
