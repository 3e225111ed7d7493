// What a reader costs the server: memory, for as long as the page is open.
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join as path } from 'node:path';
import { out, Parley } from '../parley';
import { befriend, password, postMessage, type Person } from '../story';
import { type Way } from './viewer';

type Join = (name: string, at: string) => Promise<Person>;

const crowd = 200;
const rest = 11_000; // ms; fasthttp keeps the goroutine of a request for ten seconds

// How much less the program has allocated once so many readers of a room have gone, in bytes for one
// of them. The kernel's own buffers are not in it.
export async function serverMemory(join: Join, way: Way, runs: number): Promise<number[]> {
  const folder = mkdtempSync(path(out, 'memory-'));
  const server = await Parley.start(`memory-${way}`, folder, {});
  const [ann, ben] = [await join('ann', server.at), await join('ben', server.at)];
  const room = await befriend(ann, ben);
  for (let i = 1; i <= 50; i++) await postMessage(i % 3 ? ann : ben, room, `${i}: Shall we meet at the mill at ten?`);
  const sessions = await signIns(server, ben);
  const found: number[] = [];
  for (let i = 0; i < runs; i++) {
    const page = await (await ben.get(room)).text();
    const lines = openLines(way, room, page.match(/data-cursor="([^"]+)"/)![1]);
    const sockets = await Promise.all(sessions.flatMap((cookie) => lines.map((line) => ask(server, cookie, line))));
    const open = await allocated(server);
    for (const socket of sockets) socket.destroy();
    found.push((open - await allocated(server)) / crowd);
  }
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
  return found;
}

// Each reader has a session of their own: one session has two live pages without scripts, no more.
async function signIns(server: Parley, who: Person): Promise<string[]> {
  const cookies: string[] = [];
  for (let i = 0; i < crowd; i++) {
    const answer = await fetch(`${server.at}/sign-in`, {
      method: 'POST', body: new URLSearchParams({ username: who.name, password }), redirect: 'manual',
    });
    cookies.push(answer.headers.getSetCookie()[0].split(';')[0]);
  }
  return cookies;
}

// What a page of this kind keeps open.
function openLines(way: Way, room: string, cursor: string): string[] {
  switch (way) {
    case 'scripts': return [`${room}/events?after=${cursor}`, `${room}/socket`];
    case 'streamed': return [`${room}/live`, `/rooms/live?room=${room.split('/').pop()}`];
    case 'waiting': return [`${room}/wait/frame?after=${cursor}`];
    default: return [];
  }
}

// Asks for an address, and resolves when the first bytes are there; of the waiting page none come.
async function ask(server: Parley, cookie: string, line: string): Promise<Socket> {
  const { host, hostname, port } = new URL(server.at);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => {});
  const upgrade = line.endsWith('/socket')
    ? `Connection: Upgrade\r\nUpgrade: websocket\r\nOrigin: ${server.at}\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OTAxMjM0NQ==\r\n`
    : '';
  socket.write(`GET ${line} HTTP/1.1\r\nHost: ${host}\r\nCookie: ${cookie}\r\n${upgrade}\r\n`);
  await new Promise((go) => {
    socket.on('data', go); // and drops all that comes later
    if (line.includes('/wait')) setTimeout(go, 1000);
  });
  return socket;
}

async function allocated(server: Parley): Promise<number> {
  await new Promise((go) => setTimeout(go, rest));
  for (let i = 0; i < 3; i++) { // what lies in pools survives one collection
    await fetch(`${server.admin}/debug/pprof/heap?gc=1`).then((r) => r.arrayBuffer());
  }
  const metrics = await fetch(`${server.admin}/metrics`).then((r) => r.text());
  const value = (name: string) => Number(metrics.match(new RegExp(`^${name} (.*)$`, 'm'))![1]);
  return value('go_memstats_heap_alloc_bytes') + value('go_memstats_stack_inuse_bytes');
}
