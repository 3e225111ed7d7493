// The memory that a reader costs the server while the page is open.
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join as joinPath } from 'node:path';
import { out, Parley } from '../parley';
import { befriend, password, postMessage, type Person } from '../story';
import { type Mode } from './viewer';

type Join = (name: string, at: string) => Promise<Person>;

const readers = 200;
const settling = 11_000; // ms; fasthttp keeps the goroutine of a request for ten seconds

// How much less memory the program has allocated after the readers of a room have left, in bytes per
// reader. The kernel's buffers are not included.
export async function serverMemory(join: Join, mode: Mode, runs: number): Promise<number[]> {
  const folder = mkdtempSync(joinPath(out, 'memory-'));
  const server = await Parley.start(`memory-${mode}`, folder, {});
  const [ann, ben] = [await join('ann', server.at), await join('ben', server.at)];
  const room = await befriend(ann, ben);
  for (let i = 1; i <= 50; i++) await postMessage(i % 3 ? ann : ben, room, `${i}: Shall we meet at the mill at ten?`);
  const sessions = await signIns(server, ben);
  const found: number[] = [];
  for (let i = 0; i < runs; i++) {
    const page = await (await ben.get(room)).text();
    const requests = openRequests(mode, room, page.match(/data-cursor="([^"]+)"/)![1]);
    const sockets = await Promise.all(sessions.flatMap((cookie) => requests.map((path) => ask(server, cookie, path))));
    const open = await allocated(server);
    for (const socket of sockets) socket.destroy();
    found.push((open - await allocated(server)) / readers);
  }
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
  return found;
}

// Each reader has a session of their own: a session can have only two live pages without scripts.
async function signIns(server: Parley, who: Person): Promise<string[]> {
  const cookies: string[] = [];
  for (let i = 0; i < readers; i++) {
    const answer = await fetch(`${server.at}/sign-in`, {
      method: 'POST', body: new URLSearchParams({ username: who.name, password }), redirect: 'manual',
    });
    cookies.push(answer.headers.getSetCookie()[0].split(';')[0]);
  }
  return cookies;
}

// The requests that a page in this mode keeps open.
function openRequests(mode: Mode, room: string, cursor: string): string[] {
  switch (mode) {
    case 'scripts': return [`${room}/events?after=${cursor}`, `${room}/socket`];
    case 'streamed': return [`${room}/live`, `/rooms/live?room=${room.split('/').pop()}`];
    case 'waiting': return [`${room}/wait/frame?after=${cursor}`];
    default: return [];
  }
}

// Requests a path, and resolves when the first bytes arrive. The waiting page sends none.
async function ask(server: Parley, cookie: string, path: string): Promise<Socket> {
  const { host, hostname, port } = new URL(server.at);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => {});
  const upgrade = path.endsWith('/socket')
    ? `Connection: Upgrade\r\nUpgrade: websocket\r\nOrigin: ${server.at}\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OTAxMjM0NQ==\r\n`
    : '';
  socket.write(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\nCookie: ${cookie}\r\n${upgrade}\r\n`);
  await new Promise((go) => {
    socket.on('data', go); // and ignore everything after that
    if (path.includes('/wait')) setTimeout(go, 1000);
  });
  return socket;
}

async function allocated(server: Parley): Promise<number> {
  await new Promise((go) => setTimeout(go, settling));
  for (let i = 0; i < 3; i++) { // objects in pools survive one collection
    await fetch(`${server.admin}/debug/pprof/heap?gc=1`).then((r) => r.arrayBuffer());
  }
  const metrics = await fetch(`${server.admin}/metrics`).then((r) => r.text());
  const value = (name: string) => Number(metrics.match(new RegExp(`^${name} (.*)$`, 'm'))![1]);
  return value('go_memstats_heap_alloc_bytes') + value('go_memstats_stack_inuse_bytes');
}
