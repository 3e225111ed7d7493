import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { friendsPage, message, refusal, receipt, roomPage, signInPage } from './markup';
import { Socket } from './socket';

const dist = fileURLToPath(new URL('../../assets/dist', import.meta.url));

export type Post = { body: string; key: string; times: number };
type Answer = (request: IncomingMessage, response: ServerResponse) => void;

// One room of the real server's contract, kept in memory. By default it behaves; a test takes away
// one virtue at a time.
export class Fake {
  origin = '';
  epoch = 'e1';
  patience = ''; // seconds of silence that the page puts up with; '' is its own default
  log: string[] = []; // message n is log[n - 1]
  posts: Post[] = []; // each key once, with how often it came
  requests: string[] = [];
  streams = new Set<ServerResponse>();
  sockets = new Set<Socket>();

  // What a test may replace.
  onConnect: Answer | null = null; // instead of a stream
  onPost: (post: Post, socket: Socket) => void = (post, socket) => this.acknowledge(post, socket);
  onForm: Answer | null = null; // instead of storing what a browser posts
  refusesSockets = false;
  stallsSockets = false; // neither opens them nor refuses

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

  // Things that happen in the room.

  say(text: string, author = 'bea'): number {
    const seq = this.log.push(message(this.log.length + 1, author, text));
    for (const stream of this.streams) this.write(stream, seq);
    return seq;
  }

  event(name: string, data: string) {
    for (const stream of this.streams) stream.write(`event: ${name}\ndata: ${data}\n\n`);
  }

  state(html: string) {
    for (const stream of this.streams) stream.write(`data: ${html}\n\n`);
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

  // Answers to what was posted.

  acknowledge(post: Post, socket: Socket) {
    const seq = this.store(post);
    socket.send(receipt(post.key, seq));
  }

  refuse(post: Post, socket: Socket, status: number, sentence: string) {
    socket.send(refusal(post.key, status, sentence));
  }

  // store is idempotent by key, as the real one.
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

  private received({ body, key, writing }: { body: string; key: string; writing?: boolean }, socket: Socket) {
    if (writing) return; // somebody types, and is owed no answer
    let post = this.posts.find((known) => known.key === key);
    if (!post) this.posts.push(post = { body, key, times: 0 });
    post.times++;
    this.onPost(post, socket);
  }

  private route(request: IncomingMessage, response: ServerResponse) {
    const { pathname, searchParams } = new URL(request.url!, this.origin);
    this.requests.push(`${request.method} ${request.url}`);
    switch (`${request.method} ${pathname}`) {
      case 'GET /rooms/5': return page(response, roomPage(this));
      case 'GET /friends': return page(response, friendsPage());
      case 'GET /sign-in': return page(response, signInPage());
      case 'GET /assets/parley.js': return this.script(response);
      case 'GET /events':
      case 'GET /rooms/5/events': return this.connect(request, response, searchParams.get('after') ?? '');
      case 'POST /rooms/5/messages': return this.form(request, response);
      case 'POST /rooms/5/read': return this.read(request, response);
      case 'POST /sign-out': return void response.writeHead(303, { Location: '/sign-in' }).end();
    }
    response.writeHead(404).end();
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
    stream.write(`id: ${this.cursor(seq)}\ndata: ${this.log[seq - 1]}\n\n`);
  }

  private async form(request: IncomingMessage, response: ServerResponse) {
    const fields = new URLSearchParams(await body(request));
    if (this.onForm) return this.onForm(request, response);
    this.store({ body: fields.get('body')!, key: fields.get('key')!, times: 1 });
    response.writeHead(303, { Location: '/rooms/5' }).end();
  }

  private async read(request: IncomingMessage, response: ServerResponse) {
    this.requests[this.requests.indexOf('POST /rooms/5/read')] += ' ' + await body(request);
    response.writeHead(204).end();
  }

  private script(response: ServerResponse) {
    const manifest = JSON.parse(readFileSync(join(dist, 'manifest.json'), 'utf8'));
    response.writeHead(200, { 'Content-Type': 'text/javascript' });
    response.end(readFileSync(join(dist, manifest['parley.js'])));
  }
}

// The policy is the strict one of the real server: a script that needs more fails here.
function page(response: ServerResponse, html: string) {
  response.writeHead(200, {
    'Content-Type': 'text/html; charset=utf-8',
    'Cache-Control': 'no-store',
    'Content-Security-Policy': "default-src 'none'; script-src 'self'; connect-src 'self'; form-action 'self'; img-src 'self' data:",
  });
  response.end(html);
}

async function body(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text;
}
