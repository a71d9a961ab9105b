// The cheapest message centre that there can be: it reads lengths and commands, and answers with octets made in advance.
// For benches of a session, which must not wait for their peer.
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { commandOfId, HEADER_OCTETS, LAYOUTS } from '../../../binder/smpp/layout.ts';
import type { Command } from '../../../binder/smpp/pdu.ts';
import { serve } from '../stage/remote.ts';

const BODIES: Partial<Record<Command, string>> = {
  bind_transceiver_resp: 'MC\0',
  submit_sm_resp: '1795343200000001\0',
};

function templateFor(command: Command): Buffer {
  const body = BODIES[command] ?? '';
  const template = Buffer.alloc(HEADER_OCTETS + body.length);
  template.writeUInt32BE(template.length, 0);
  template.writeUInt32BE(LAYOUTS[command].commandId, 4);
  template.write(body, HEADER_OCTETS, 'latin1');
  return template;
}

const templates = new Map(
  (['bind_transceiver', 'submit_sm', 'enquire_link', 'unbind'] as const).map((command) => [
    LAYOUTS[command].commandId,
    templateFor(`${command}_resp`),
  ]),
);

function answerTo(octets: Buffer, at: number): Buffer {
  const commandId = octets.readUInt32BE(at + 4);
  const template = templates.get(commandId);
  if (template === undefined) throw new Error(`no answer to ${commandOfId(commandId) ?? commandId}`);
  const answer = Buffer.from(template);
  octets.copy(answer, 12, at + 12, at + HEADER_OCTETS);
  return answer;
}

function welcome(socket: Socket): void {
  let rest: Buffer = Buffer.alloc(0);
  socket.on('error', () => undefined);
  socket.on('data', (chunk: Buffer) => {
    const octets = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const answers: Buffer[] = [];
    let at = 0;
    while (octets.length - at >= HEADER_OCTETS && octets.length - at >= octets.readUInt32BE(at)) {
      answers.push(answerTo(octets, at));
      at += octets.readUInt32BE(at);
    }
    rest = octets.subarray(at);
    if (answers.length > 0) socket.write(Buffer.concat(answers));
  });
}

const server = createServer({ noDelay: true }, welcome);

const requests = {
  listen: async (): Promise<{ port: number }> => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return { port: (server.address() as AddressInfo).port };
  },
};
export type PeerRequests = typeof requests;
serve(requests);
