import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const MOST_OCTETS = 50_000_000;

/** One PDU as tshark reads it. */
export interface DissectedPdu {
  /** TCP connections of the capture, counted from 1. */
  connection: number;
  by: 'esme' | 'message centre';
  /** The specification's name. */
  command: string;
  /** 0 in requests. */
  status: number;
  sequence: number;
  lengthOctets: number;
  /** In the order of the wire, those of a user data header included. */
  fields: readonly Field[];
}

export interface Field {
  /** Wireshark's name for it. */
  name: string;
  /** What Wireshark says of it to people. */
  says: string;
  /** Its octets in hexadecimal; where it is some bits of an octet, the whole octet. */
  hex: string;
}

export interface Dissection {
  pdus: readonly DissectedPdu[];
  /** Whatever tshark found fault with, in its own words. */
  faults: readonly string[];
}

/**
 * Reads a capture as SMPP.
 * @param capture pcapng
 * @param port of the message centre
 */
export async function dissect(capture: Buffer, port: number): Promise<Dissection> {
  const folder = await mkdtemp(join(tmpdir(), 'bindery-interop-'));
  try {
    const file = join(folder, 'capture.pcapng');
    await writeFile(file, capture);
    const { stdout } = await run('tshark', ['-r', file, '-d', `tcp.port==${port},smpp`, '-T', 'pdml'], {
      // Without the preferences of whoever runs this.
      env: { ...process.env, WIRESHARK_CONFIG_DIR: folder },
      maxBuffer: MOST_OCTETS,
    });
    return readPdml(stdout, port);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The octets of a PDU's fields of one name, in order. */
export function hexOf(pdu: DissectedPdu | undefined, name: string): string[] {
  return (pdu?.fields ?? []).filter((field) => field.name === name).map(({ hex }) => hex);
}

/** PDML has a line for each element: `<proto …>` for a layer and `<field …>` for something in it. */
function readPdml(pdml: string, port: number): Dissection {
  const faults: string[] = [];
  const pdus: { connection: number; by: DissectedPdu['by']; fields: Field[] }[] = [];
  let layer = '';
  let connection = 0;
  let by: DissectedPdu['by'] = 'esme';
  for (const line of pdml.split('\n')) {
    const element = /^\s*<(proto|field) /.exec(line)?.[1];
    if (element === undefined) continue;
    const { name = '', show = '', showname: says = show, value = '', unmaskedvalue: hex = value } = attributesOf(line);
    if (element === 'proto') layer = name;
    if (isFault(name, layer)) faults.push(says);
    else if (element === 'proto' && layer === 'smpp') pdus.push({ connection, by, fields: [] });
    else if (name === 'tcp.stream') connection = Number(show) + 1;
    else if (name === 'tcp.srcport') by = Number(show) === port ? 'message centre' : 'esme';
    else if (element === 'field' && /^(?:smpp|gsm_sms)/.test(layer)) pdus.at(-1)?.fields.push({ name, says, hex });
  }
  return { pdus: pdus.map((pdu) => ({ ...pdu, ...headerOf(pdu.fields) })), faults };
}

/** What TCP has to say of itself, such as that a connection ends, is no fault; octets that are in no PDU are one. */
function isFault(name: string, layer: string): boolean {
  return name === '_ws.malformed' || name === 'data.data' || (name === '_ws.expert' && layer !== 'tcp');
}

function headerOf(fields: readonly Field[]): Omit<DissectedPdu, 'connection' | 'by' | 'fields'> {
  const field = (name: string): Field | undefined => fields.find((each) => each.name === name);
  const number = (name: string): number => Number.parseInt(field(name)?.hex ?? '0', 16);
  // "Operation: Submit_sm - resp (0x80000004)"
  const command = /^Operation: (.+) \(/.exec(field('smpp.command_id')?.says ?? '')?.[1] ?? 'nameless';
  return {
    command: command.toLowerCase().replace(' - ', '_'),
    status: number('smpp.command_status'),
    sequence: number('smpp.sequence_number'),
    lengthOctets: number('smpp.command_length'),
  };
}

function attributesOf(line: string): Record<string, string> {
  return Object.fromEntries(
    Array.from(line.matchAll(/(\w+)="([^"]*)"/g), ([, name = '', value = '']) => [name, value]),
  );
}
