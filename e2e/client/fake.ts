import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { basename, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gap, message, older, receipt, recorded, refusal, roomPage } from './markup';
import { Socket } from './socket';

const dist = fileURLToPath(new URL('../../assets/dist', import.meta.url));

export type Post = { body: string; key: string; times: number; replyTo?: string };
type Answer = (request: IncomingMessage, response: ServerResponse) => void;

// A server with one room, in memory. It behaves like the real one until a test makes it misbehave in one
// respect.
export class Fake {
  origin = '';
  epoch = 'e1';
  patience = ''; // seconds of silence that the page tolerates; '' is the script's default
  log: string[] = []; // message n is log[n - 1]
  opensWith = [1, Infinity]; // the first and the last message on the page
  partSize = 20; // messages
  posts: Post[] = []; // each key once, with the number of times it was sent
  requests: string[] = [];
  streams = new Set<ServerResponse>();
  sockets = new Set<Socket>();

  // A test may replace these.
  onConnect: Answer | null = null; // instead of a stream
  onPost: (post: Post, socket: Socket) => void = (post, socket) => this.acknowledge(post, socket);
  onPart: (send: () => void) => void = (send) => send(); // a part of the log has been read and can be sent
  onForm: Answer | null = null; // instead of storing a form that the browser posts
  refusesSockets = false;
  stallsSockets = false; // neither accepts nor refuses them

  private readonly server: Server = createServer((request, response) => this.route(request, response));

  static async start(): Promise<Fake> {
    const fake = new Fake();
    fake.server.on('upgrade', (request, wire) => {
      fake.wires.add(wire);
      fake.requests.push(`SOCKET ${request.url}`);
      if (fake.refusesSockets) return wire.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n');
      if (fake.stallsSockets) return;
      const socket = new Socket(request, wire);
      fake.sockets.add(socket);
      socket.onText = (text) => fake.received(JSON.parse(text), socket);
      socket.onEnd = () => fake.sockets.delete(socket);
    });
    await new Promise<void>((done) => fake.server.listen(0, '127.0.0.1', done));
    fake.origin = `http://127.0.0.1:${(fake.server.address() as AddressInfo).port}`;
    return fake;
  }

  async stop() {
    for (const wire of this.wires) wire.destroy();
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }

  // Events in the room.

  say(text: string, author = 'bea'): number {
    const seq = this.log.push(message(this.log.length + 1, author, text));
    for (const stream of this.streams) this.write(stream, seq);
    return seq;
  }

  event(name: string, data: string) {
    for (const stream of this.streams) stream.write(`event: ${name}\n${lines(data)}\n`);
  }

  update(html: string) {
    for (const stream of this.streams) stream.write(`${lines(html)}\n`);
  }

  hangUpStreams() {
    for (const stream of this.streams) stream.destroy();
  }

  cutSockets() {
    for (const socket of this.sockets) socket.cut();
  }

  cursor(seq = this.log.length) {
    return `${this.epoch}-${seq}`;
  }

  // Answers to posts.

  acknowledge(post: Post, socket: Socket) {
    const seq = this.store(post);
    socket.send(receipt(post.key, seq));
  }

  refuse(post: Post, socket: Socket, status: number, sentence: string, originalGone = false) {
    socket.send(refusal(post.key, status, sentence, originalGone));
  }

  // store is idempotent by key, as in the real server.
  store(post: Post): number {
    const known = this.stored.get(post.key);
    if (known) return known;
    const seq = this.say(post.body, 'ann');
    this.stored.set(post.key, seq);
    return seq;
  }

  count(start: string): number {
    return this.requests.filter((request) => request.startsWith(start)).length;
  }

  private readonly wires = new Set<Duplex>();
  private readonly stored = new Map<string, number>();

  private received({ body, key, reply_to: replyTo, writing }: Record<string, string>, socket: Socket) {
    if (writing) return; // a typing notification has no answer
    let post = this.posts.find((known) => known.key === key);
    if (!post) this.posts.push(post = { body, key, times: 0, replyTo });
    post.times++;
    this.onPost(post, socket);
  }

  private route(request: IncomingMessage, response: ServerResponse) {
    const { pathname, searchParams } = new URL(request.url!, this.origin);
    this.requests.push(`${request.method} ${request.url}`);
    switch (`${request.method} ${pathname}`) {
      case 'GET /rooms/1': {
        if (request.headers['hx-request']) return this.part(response, searchParams);
        const [first, last] = this.opensWith;
        if (first > 1 || last < this.log.length) {
          const items = [...this.log.slice(first - 1, last), gap(last, this.cursor())];
          return page(response, roomPage('room.html', this.cursor(), this.patience, items, first > 1 ? older(first) : ''));
        }
        const name = searchParams.has('reply') ? 'reply.html' : 'room.html';
        return page(response, roomPage(name, this.cursor(), this.patience, this.log));
      }
      case 'GET /rooms': return page(response, recorded('rooms.html'));
      case 'GET /friends': return page(response, recorded('friends.html'));
      case 'GET /profile': return page(response, recorded('profile.html'));
      case 'GET /sign-in': return page(response, recorded('sign-in.html'));
      case 'GET /sign-up': return page(response, recorded('sign-up.html'));
      case 'GET /me.css': return send(response, 'text/css', recorded('me.css'));
      case 'GET /events':
      case 'GET /rooms/1/events': return this.connect(request, response, searchParams.get('after') ?? '');
      case 'POST /rooms/1/messages': return this.form(request, response);
      case 'POST /rooms/1/read': return this.read(request, response);
      case 'POST /sign-out': return void response.writeHead(303, { Location: '/sign-in' }).end();
    }
    if (pathname.startsWith('/assets/')) return asset(response, pathname);
    response.writeHead(404).end();
  }

  // part sends a stretch of the log, as it was when it was asked for.
  private part(response: ServerResponse, query: URLSearchParams) {
    const after = Number(query.get('after') ?? Math.max(0, Number(query.get('before')) - 1 - this.partSize));
    const last = query.has('before') ? Number(query.get('before')) - 1 : Math.min(after + this.partSize, this.log.length);
    const items = this.log.slice(after, last);
    if (last < this.log.length) items.push(gap(last, this.cursor()));
    const html = `${after > 0 ? older(after + 1) : ''}<ol id="messages" data-cursor="${this.cursor()}">${items.join('')}</ol>`;
    this.onPart(() => send(response, 'text/html; charset=utf-8', html));
  }

  private connect(request: IncomingMessage, response: ServerResponse, after: string) {
    if (this.onConnect) return this.onConnect(request, response);
    this.stream(request, response, after);
  }

  stream(request: IncomingMessage, response: ServerResponse, after: string) {
    response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
    response.flushHeaders();
    const [, seq] = String(request.headers['last-event-id'] ?? after).split('-');
    for (let next = Number(seq) + 1; next <= this.log.length; next++) this.write(response, next);
    this.streams.add(response);
    response.on('close', () => this.streams.delete(response));
  }

  private write(stream: ServerResponse, seq: number) {
    stream.write(`id: ${this.cursor(seq)}\n${lines(this.log[seq - 1])}\n`);
  }

  private async form(request: IncomingMessage, response: ServerResponse) {
    const type = request.headers['content-type']!;
    const fields = await new Response(await body(request), { headers: { 'Content-Type': type } }).formData();
    if (this.onForm) return this.onForm(request, response);
    const post = { body: String(fields.get('body')), key: String(fields.get('key')), times: 1 };
    this.posts.push(post);
    const seq = this.store(post);
    if (request.headers['hx-request']) return page(response, receipt(post.key, seq));
    response.writeHead(303, { Location: '/rooms/1' }).end();
  }

  private async read(request: IncomingMessage, response: ServerResponse) {
    this.requests[this.requests.indexOf('POST /rooms/1/read')] += ' ' + await body(request);
    response.writeHead(204).end();
  }

}

function page(response: ServerResponse, html: string) {
  response.setHeader('Cache-Control', 'no-store');
  response.setHeader('Content-Security-Policy', recorded('policy'));
  send(response, 'text/html; charset=utf-8', html);
}

function asset(response: ServerResponse, path: string) {
  const types: Record<string, string> = { '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.png': 'image/png' };
  send(response, types[extname(path)] ?? 'application/octet-stream', readFileSync(join(dist, basename(path))));
}

function send(response: ServerResponse, type: string, content: string | Buffer) {
  response.writeHead(200, { 'Content-Type': type }).end(content);
}

// The data of a server-sent event.
const lines = (data: string) => data.split('\n').map((line) => `data: ${line}\n`).join('');

async function body(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}
