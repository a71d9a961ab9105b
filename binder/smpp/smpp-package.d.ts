/** The parts of `smpp` 0.5.1 that binder/smpp/codec.ts uses; the package brings no types. */
declare module 'smpp/lib/defs.js' {
  const defs: {
    types: {
      cstring: {
        read: (buffer: Buffer, offset: number) => string;
        write: (value: string, buffer: Buffer, offset: number) => void;
      };
    };
  };
  export default defs;
}

declare module 'smpp/lib/pdu.js' {
  type Fields = Record<string, string | number | Buffer>;
  const pduModule: {
    PDU: {
      new (frame: Buffer): Fields;
      new (command: string, fields: Fields): { toBuffer(): Buffer };
      prototype: { _filter: () => void };
    };
  };
  export default pduModule;
}
