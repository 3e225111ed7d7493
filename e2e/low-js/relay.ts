// A relay between a browser and the server that counts bytes, and can be as slow as a mobile connection.
// It works below HTTP, so the bytes include headers and chunking.
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

export type Speed = { kbit: number; rtt: number }; // kbit/s in each direction; round trip in milliseconds

export const fast: Speed = { kbit: Infinity, rtt: 0 };

export class Relay {
  down = 0; // bytes to the browser
  up = 0;
  private last = Date.now();
  private readonly sockets = new Set<Socket>();
  private readonly toBrowser: Direction;
  private readonly toServer: Direction;

  private constructor(private readonly server: Server, readonly at: string, private readonly speed: Speed) {
    this.toBrowser = new Direction(speed);
    this.toServer = new Direction(speed);
  }

  static async to(target: string, speed = fast): Promise<Relay> {
    const server = createServer({ allowHalfOpen: true });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const relay = new Relay(server, `http://127.0.0.1:${(server.address() as { port: number }).port}`, speed);
    const { hostname, port } = new URL(target);
    server.on('connection', (browser) => relay.connected(browser, connect({ host: hostname, port: Number(port), allowHalfOpen: true })));
    return relay;
  }

  private connected(browser: Socket, server: Socket): void {
    // A TCP handshake takes a round trip before the first byte.
    browser.pause();
    setTimeout(() => browser.resume(), this.speed.rtt);
    this.forward(browser, server, this.toServer, (bytes) => { this.up += bytes; });
    this.forward(server, browser, this.toBrowser, (bytes) => { this.down += bytes; });
  }

  private forward(from: Socket, to: Socket, direction: Direction, count: (bytes: number) => void): void {
    this.sockets.add(from);
    from.setNoDelay(true);
    from.on('data', (bytes) => {
      count(bytes.length);
      this.last = Date.now();
      direction.send(bytes, (piece) => to.write(piece));
    });
    from.on('end', () => direction.send(Buffer.alloc(0), () => to.end()));
    from.on('error', () => to.destroy());
    from.on('close', () => {
      this.sockets.delete(from);
      direction.send(Buffer.alloc(0), () => to.destroy());
    });
  }

  // Sets the counters to zero.
  reset(): void { this.down = this.up = 0; }

  // Waits until nothing has been sent for a while.
  async quiet(ms = 1500): Promise<void> {
    while (Date.now() - this.last < ms) await new Promise((go) => setTimeout(go, 50));
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }
}

const packet = 1460; // bytes

// One direction of a relay. All connections share its bandwidth, and the order is kept.
class Direction {
  private free = 0; // when everything so far has been sent
  private readonly queue: { due: number; piece: Buffer; deliver: (piece: Buffer) => void }[] = [];
  private waiting = false;

  constructor(private readonly speed: Speed) {}

  send(bytes: Buffer, deliver: (piece: Buffer) => void): void {
    for (let at = 0; at < bytes.length || at === 0; at += packet) {
      const piece = bytes.subarray(at, at + packet);
      this.free = Math.max(performance.now(), this.free) + (piece.length * 8) / this.speed.kbit;
      this.queue.push({ due: this.free + this.speed.rtt / 2, piece, deliver });
    }
    if (!this.waiting) this.deliver();
  }

  private deliver(): void {
    this.waiting = false;
    while (this.queue.length > 0 && this.queue[0].due <= performance.now()) {
      const { piece, deliver } = this.queue.shift()!;
      deliver(piece);
    }
    if (this.queue.length === 0) return;
    this.waiting = true;
    setTimeout(() => this.deliver(), this.queue[0].due - performance.now());
  }
}
