import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SessionCounters } from '../../../binder/session/session-counters.ts';
import { SessionReader } from '../../../binder/session/session-reader.ts';
import { encodePdu } from '../../../binder/smpp/encode.ts';
import { LAYOUTS } from '../../../binder/smpp/layout.ts';
import { createLog } from '../../../shared/log/log.ts';
import { bindPdu } from '../../fixtures/smpp-session.ts';
import { Core, written } from '../../unit/session/core.ts';

const MAX_LENGTH_OCTETS = 4_096;
const log = createLog({ level: 'error', now: () => 0, write: () => {} });

/** Reads octets in the given chunks into a bound session, as the supervisor does. */
function read(chunks: readonly Buffer[]): Core {
  const core = new Core({ deliverWindow: 1_000_000 });
  core.send({ kind: 'start', bind: bindPdu });
  core.send({ kind: 'connected' });
  core.receive({ command: 'bind_transceiver_resp', systemId: 'MC' }, core.sequence);
  const reader = new SessionReader({ maxLengthOctets: MAX_LENGTH_OCTETS, counters: new SessionCounters(), log });
  for (const chunk of chunks) {
    reader.push(chunk);
    for (let inbound = reader.take(); inbound !== undefined; inbound = reader.take()) {
      core.send({ kind: 'inbound', inbound });
    }
  }
  return core;
}

/** The same octets in other portions. */
function chop(octets: Buffer, sizes: readonly number[]): Buffer[] {
  const chunks: Buffer[] = [];
  let offset = 0;
  for (let i = 0; offset < octets.length; i += 1) {
    const size = sizes[i % sizes.length] ?? 1;
    chunks.push(octets.subarray(offset, offset + size));
    offset += size;
  }
  return chunks;
}

const octets = (maxLength: number) => fc.uint8Array({ maxLength }).map((array) => Buffer.from(array));
const sizes = fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 20 });
const unbinds = [LAYOUTS.unbind.commandId];
const commandId = fc
  .oneof(
    fc.constantFrom(...Object.values(LAYOUTS).map((layout) => layout.commandId)),
    fc.integer({ min: 0, max: 0xffffffff }),
  )
  .filter((id) => !unbinds.includes(id));

/** Framed as it should be, with anything at all inside. */
const frame = fc
  .record({
    commandId,
    status: fc.integer({ min: 0, max: 0xffffffff }),
    sequence: fc.integer({ min: 0, max: 90 }),
    body: octets(120),
  })
  .map(({ commandId, status, sequence, body }) => {
    const header = Buffer.alloc(16);
    header.writeUInt32BE(16 + body.length, 0);
    header.writeUInt32BE(commandId, 4);
    header.writeUInt32BE(status, 8);
    header.writeUInt32BE(sequence, 12);
    return Buffer.concat([header, body]);
  });

describe('no byte stream stalls the reader', () => {
  test('whatever PDUs say, in whatever portions they come, the enquire_link behind them is answered', () => {
    const probe = encodePdu({ command: 'enquire_link', status: 0, sequence: 0x7abcdef1 });
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 30 }), sizes, (frames, sizes) => {
        const core = read(chop(Buffer.concat([...frames, probe]), sizes));
        expect(core.phase).toBe('bound');
        expect(written(core.effects)).toEqual([{ command: 'enquire_link_resp', status: 0, sequence: 0x7abcdef1 }]);
      }),
      { numRuns: 500 },
    );
  });

  test('octets without any sense end in a refusal or in more to come, and then in a new connection', () => {
    fc.assert(
      fc.property(octets(600), sizes, (octets, sizes) => {
        const core = read(chop(octets, sizes));
        if (core.phase === 'bound') {
          // Silence is what follows a stream that is out of step, and silence has an end.
          core.passMs(core.state.settings.enquireLinkMs + core.state.settings.enquireLinkAnswerMs);
        } else {
          expect(core.state.phase).toMatchObject({ name: 'open' });
          core.passMs(core.state.settings.lingerMs);
        }
        expect(core.phase).toBe('closed');
      }),
      { numRuns: 500 },
    );
  });

  test('the portions make no difference', () => {
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 10 }), octets(40), sizes, (frames, rest, sizes) => {
        const stream = Buffer.concat([...frames, rest]);
        expect(read(chop(stream, sizes)).history).toEqual(read([stream]).history);
      }),
      { numRuns: 200 },
    );
  });
});
