// A line between a browser and the server that counts the bytes on it, and can be as slow as the lines
// that people have. It knows nothing of HTTP: what it counts is what a wire would carry, heads and all.
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

export type Speed = { kbit: number; rtt: number }; // kbit/s each way; milliseconds there and back

export const fast: Speed = { kbit: Infinity, rtt: 0 };

export class Line {
  down = 0; // bytes to the browser
  up = 0;
  private last = Date.now();
  private readonly sockets = new Set<Socket>();
  private readonly toBrowser: Lane;
  private readonly toServer: Lane;

  private constructor(private readonly server: Server, readonly at: string, private readonly speed: Speed) {
    this.toBrowser = new Lane(speed);
    this.toServer = new Lane(speed);
  }

  static async to(target: string, speed = fast): Promise<Line> {
    const server = createServer({ allowHalfOpen: true });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const line = new Line(server, `http://127.0.0.1:${(server.address() as { port: number }).port}`, speed);
    const { hostname, port } = new URL(target);
    server.on('connection', (near) => line.join(near, connect({ host: hostname, port: Number(port), allowHalfOpen: true })));
    return line;
  }

  private join(near: Socket, far: Socket): void {
    // A handshake goes there and back before anything can be said.
    near.pause();
    setTimeout(() => near.resume(), this.speed.rtt);
    this.carry(near, far, this.toServer, (bytes) => { this.up += bytes; });
    this.carry(far, near, this.toBrowser, (bytes) => { this.down += bytes; });
  }

  private carry(from: Socket, to: Socket, lane: Lane, count: (bytes: number) => void): void {
    this.sockets.add(from);
    from.setNoDelay(true);
    from.on('data', (bytes) => {
      count(bytes.length);
      this.last = Date.now();
      lane.send(bytes, (piece) => to.write(piece));
    });
    from.on('end', () => lane.send(Buffer.alloc(0), () => to.end()));
    from.on('error', () => to.destroy());
    from.on('close', () => {
      this.sockets.delete(from);
      lane.send(Buffer.alloc(0), () => to.destroy());
    });
  }

  // Starts to count anew.
  reset(): void { this.down = this.up = 0; }

  // Waits until nothing has gone over the line for a while.
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

// One direction of a line. All connections share it, and nothing overtakes.
class Lane {
  private free = 0; // when the line has sent what it was given
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
