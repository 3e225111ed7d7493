// A link between a browser, or a process, and a server that can break in the ways that links do.
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

export class Link {
  private state: 'carries' | 'swallows' | 'refuses' = 'carries';
  private readonly ends = new Set<Socket>();

  private constructor(private readonly server: Server, readonly addr: string) {}

  // Leads to a server on host:port.
  static async to(target: string): Promise<Link> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const link = new Link(server, `127.0.0.1:${port}`);
    const [host, there] = target.split(':');
    server.on('connection', (near) => link.join(near, connect(Number(there), host)));
    return link;
  }

  private join(near: Socket, far: Socket): void {
    if (this.state === 'refuses') {
      near.resetAndDestroy();
      far.destroy();
      return;
    }
    for (const [from, to] of [[near, far], [far, near]]) {
      this.ends.add(from);
      // Bytes that are swallowed are gone: a connection is of no use any more once it has lost some.
      from.on('data', (bytes) => { if (this.state === 'carries') to.write(bytes); });
      from.on('error', () => {});
      from.on('close', () => {
        this.ends.delete(from);
        if (this.state !== 'swallows') to.destroy();
      });
    }
  }

  // Nothing arrives any more, in either direction, and nobody is told.
  swallow(): void { this.state = 'swallows'; }

  // Whatever is open breaks, and nothing new is taken.
  refuse(): void {
    this.state = 'refuses';
    this.reset();
  }

  // What is open breaks.
  reset(): void { for (const end of this.ends) end.resetAndDestroy(); }

  // Works again. What was open while bytes were lost breaks.
  mend(): void {
    if (this.state === 'swallows') this.reset();
    this.state = 'carries';
  }

  async close(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    this.reset();
    await closed;
  }
}
