import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

// The server's side of a WebSocket (RFC 6455), as far as these tests need it: unfragmented text up to
// 64 KB, close, and cutting the connection.
export class Socket {
  onText: (text: string) => void = () => {};
  onEnd: () => void = () => {};

  constructor(request: IncomingMessage, private readonly wire: Duplex) {
    const accept = createHash('sha1')
      .update(request.headers['sec-websocket-key'] + '258EAFA5-E914-47DA-95CA-C5AB0DC85B11')
      .digest('base64');
    wire.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n'
      + `Sec-WebSocket-Accept: ${accept}\r\n\r\n`);
    let unread = Buffer.alloc(0);
    wire.on('data', (bytes: Buffer) => { unread = this.read(Buffer.concat([unread, bytes])); });
    wire.on('close', () => this.onEnd());
    wire.on('error', () => {});
  }

  send(text: string) {
    this.frame(1, Buffer.from(text));
  }

  close(code: number) {
    if (!this.wire.writable) return; // this side closed it first
    const reason = Buffer.alloc(2);
    reason.writeUInt16BE(code);
    this.frame(8, reason);
    this.wire.end();
  }

  // cut ends the connection without a close frame, as a crashed server does.
  cut() {
    this.wire.destroy();
  }

  private frame(opcode: number, payload: Buffer) {
    const head = payload.length < 126
      ? Buffer.from([0x80 | opcode, payload.length])
      : Buffer.from([0x80 | opcode, 126, payload.length >> 8, payload.length & 255]);
    this.wire.write(Buffer.concat([head, payload]));
  }

  // read handles the complete frames and returns the bytes after them.
  private read(bytes: Buffer): Buffer {
    while (bytes.length >= 2) {
      const short = bytes[1] & 127;
      const start = short === 126 ? 8 : 6; // after head, length and mask
      if (bytes.length < start) break;
      const length = short === 126 ? bytes.readUInt16BE(2) : short;
      if (bytes.length < start + length) break;
      const mask = bytes.subarray(start - 4, start);
      const payload = Buffer.from(bytes.subarray(start, start + length).map((byte, i) => byte ^ mask[i % 4]));
      const opcode = bytes[0] & 15;
      if (opcode === 1) this.onText(payload.toString());
      if (opcode === 8) this.close(1000);
      bytes = bytes.subarray(start + length);
    }
    return bytes;
  }
}
