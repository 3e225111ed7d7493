// A connection between a browser or process and a server that can fail like real ones do.
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

export class Link {
  private state: 'carries' | 'swallows' | 'refuses' = 'carries';
  private readonly ends = new Set<Socket>();

  private constructor(private readonly server: Server, readonly addr: string) {}

  // Forwards to a server at host:port.
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
      // Swallowed bytes are gone, so a connection that lost some is useless.
      from.on('data', (bytes) => { if (this.state === 'carries') to.write(bytes); });
      from.on('error', () => {});
      from.on('close', () => {
        this.ends.delete(from);
        if (this.state !== 'swallows') to.destroy();
      });
    }
  }

  // Nothing arrives in either direction, and neither side notices.
  swallow(): void { this.state = 'swallows'; }

  // Resets open connections, and refuses new ones.
  refuse(): void {
    this.state = 'refuses';
    this.reset();
  }

  // Resets open connections.
  reset(): void { for (const end of this.ends) end.resetAndDestroy(); }

  // Works again. Connections that lost bytes are reset.
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
