/** The parts of `smpp` 0.5.1 that binder/smpp/codec.ts uses; the package brings no types. */
declare module 'smpp/lib/defs.js' {
  type Value = string | number | Buffer;
  /** How one kind of value lies on the wire; `size` in octets. */
  interface WireType {
    read: (buffer: Buffer, offset: number) => Value;
    write: (value: Value, buffer: Buffer, offset: number) => void;
    size: (value: Value) => number;
  }
  const defs: {
    types: {
      cstring: {
        read: (buffer: Buffer, offset: number) => string;
        write: (value: string, buffer: Buffer, offset: number) => void;
      };
    };
    commands: Record<string, { id: number; params?: Record<string, { type: WireType }> }>;
  };
  export default defs;
}

declare module 'smpp/lib/pdu.js' {
  const pduModule: {
    PDU: {
      new (frame: Buffer): Record<string, string | number | Buffer>;
      prototype: { _filter: () => void };
    };
  };
  export default pduModule;
}
