// As much of RFC 6455 as a client needs that only counts: less work per message than any library, so
// that the server is what is measured.
import { randomBytes } from 'node:crypto';

export const opcodes = { text: 1, close: 8, ping: 9, pong: 10 } as const;

/** A frame from the server, as far as it is in the chunk. */
export interface Frame {
  opcode: number;
  /** Of the payload. */
  bytes: number;
  /** The payload, where all of it is in one chunk. */
  payload: Buffer | undefined;
}

/** Clients must mask; a mask of zeros leaves the bytes as they are. */
export const clientFrame = (opcode: number, payload: string | Buffer): Buffer => {
  const body = Buffer.from(payload);
  const long = body.length > 125;
  const head = Buffer.alloc(long ? 8 : 6);
  head[0] = 0x80 | opcode;
  head[1] = 0x80 | (long ? 126 : body.length);
  if (long) head.writeUInt16BE(body.length, 2);
  return Buffer.concat([head, body]);
};

export const upgradeRequest = (host: string): string =>
  [
    'GET /graphql HTTP/1.1',
    `host: ${host}`,
    'connection: Upgrade',
    'upgrade: websocket',
    'sec-websocket-version: 13',
    `sec-websocket-key: ${randomBytes(16).toString('base64')}`,
    'sec-websocket-protocol: graphql-transport-ws',
    '\r\n',
  ].join('\r\n');

export class FrameReader {
  /** Of a payload that has begun. */
  #left = 0;
  /** A header that is cut in two. */
  #head: Buffer = Buffer.alloc(0);

  read(chunk: Buffer, frame: (frame: Frame) => void): void {
    let bytes = chunk;
    if (this.#head.length > 0) {
      bytes = Buffer.concat([this.#head, chunk]);
      this.#head = Buffer.alloc(0);
    }
    let at = 0;
    if (this.#left > 0) {
      at = Math.min(this.#left, bytes.length);
      this.#left -= at;
    }
    while (at < bytes.length) {
      const short = bytes.length - at < 2 ? 0 : (bytes[at + 1] ?? 0) & 0x7f;
      const headBytes = short === 126 ? 4 : short === 127 ? 10 : 2;
      if (bytes.length - at < headBytes) {
        this.#head = bytes.subarray(at);
        return;
      }
      const opcode = (bytes[at] ?? 0) & 0x0f;
      const length =
        short < 126
          ? short
          : bytes.readUIntBE(at + headBytes - lengthBytes(short), lengthBytes(short));
      at += headBytes;
      const end = at + length;
      frame({
        opcode,
        bytes: length,
        payload: end <= bytes.length ? bytes.subarray(at, end) : undefined,
      });
      this.#left = Math.max(0, end - bytes.length);
      at = Math.min(end, bytes.length);
    }
  }
}

/** Of the length's last part: 8 bytes are never needed in full. */
const lengthBytes = (short: number): number => (short === 126 ? 2 : 6);
