// Compares what the reading modes of a room cost: `just low-js` measures it and writes the table in
// docs/low-js.md. Every figure is the median of five.
import { chromium, type Browser } from '@playwright/test';
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { befriend, postMessage, test, type Person } from '../story';
import { fast, Relay, type Speed } from './relay';
import { serverMemory } from './server';
import { tabMemory } from './tab';
import { allModes, Viewer, type Mode } from './viewer';

const runs = 5;
const slow: Speed = { kbit: 400, rtt: 400 };
const threeG: Speed = { kbit: 1600, rtt: 300 };

type Column = Mode | 'w3m';
const columns: Column[] = [...allModes, 'w3m'];
type Figures = Partial<Record<Column, string>>;

test('the reading modes of a room', async ({ join, own, browser }) => {
  test.setTimeout(1_800_000);
  const author = await join('ann', own.at);
  const readers = {} as Record<Mode, Person>;
  for (const mode of allModes) await befriend(author, readers[mode] = await join(mode.slice(0, 4), own.at));
  const room = await group(author, Object.values(readers));
  for (let i = 1; i <= 50; i++) await postMessage(i % 3 ? author : readers.scripts, room, `${i}: Shall we meet at the mill at ten, and go along the stream?`);

  const rows: Record<string, Figures> = {};
  const note = (row: string, column: Column, values: number[], show: (value: number) => string) => {
    rows[row] = { ...rows[row], [column]: show(median(values)) };
  };
  for (const mode of allModes) {
    const visits = await repeat(() => visit(readers[mode], browser, mode, room));
    note('first visit', mode, visits.map((v) => v.first), bytes);
    note('its requests', mode, visits.map((v) => v.requests), String);
    note('every later visit', mode, visits.map((v) => v.next), bytes);
    for (const [speed, name] of [[slow, '400 kbit/s, 400 ms'], [threeG, '3G']] as const) {
      note(`first message visible, ${name}`, mode, await repeat(() => firstMessage(readers[mode], browser, mode, room, speed)), seconds);
    }
    for (const [speed, name] of [[fast, 'no delay'], [slow, '400 kbit/s, 400 ms']] as const) {
      const { took, cost } = await news(author, readers[mode], browser, mode, room, speed);
      note(`a new message is visible, ${name}`, mode, took, seconds);
      if (speed === fast) note('bytes for that', mode, cost, bytes);
    }
  }
  for (const [mode, values] of Object.entries(await idle(readers, browser, room))) note('an idle minute', mode as Mode, values, bytes);
  const pages = await repeat(() => dump(readers.plain, room, fast));
  for (const row of ['first visit', 'every later visit']) note(row, 'w3m', pages.map((d) => d.cost), bytes);
  note('its requests', 'w3m', [1], String);
  for (const [speed, name] of [[slow, '400 kbit/s, 400 ms'], [threeG, '3G']] as const) {
    note(`first message visible, ${name}`, 'w3m', (await repeat(() => dump(readers.plain, room, speed))).map((d) => d.took), seconds);
  }
  const memory = await repeat(() => growth(author, readers, room));
  for (const mode of allModes) {
    note('memory of the tab, 50 messages', mode, memory.map((m) => m[mode][0]), bytes);
    note('memory of the tab, 1,000 more messages', mode, memory.map((m) => m[mode][1]), bytes);
  }
  const live = ['scripts', 'streamed', 'waiting'] as const;
  const server = await Promise.all(live.map((mode) => serverMemory(join, mode, runs)));
  live.forEach((mode, i) => note('memory of the server per reader', mode, server[i], bytes));
  rows['memory of the server per reader'].plain = rows['memory of the server per reader'].w3m = 'none';
  write(rows, browser.version());
});

async function group(owner: Person, friends: Person[]): Promise<string> {
  const form = new URLSearchParams([['name', 'By the mill'], ...friends.map(({ name }) => ['username', name])]);
  const answer = await owner.page.context().request.post(`${owner.at}/rooms`, {
    data: form.toString(), headers: { 'Content-Type': 'application/x-www-form-urlencoded' }, maxRedirects: 0,
  });
  return answer.headers().location;
}

async function repeat<T>(once: () => Promise<T>): Promise<T[]> {
  const all: T[] = [];
  for (let i = 0; i < runs; i++) all.push(await once());
  return all;
}

async function visit(reader: Person, browser: Browser, mode: Mode, room: string) {
  const viewer = await Viewer.as(reader, browser, mode, room);
  await viewer.open();
  await viewer.settle();
  const [first, requests] = [viewer.relay.down + viewer.relay.up, viewer.requests];
  await viewer.who.page.goto('about:blank');
  await viewer.relay.quiet();
  viewer.relay.reset();
  await viewer.open();
  await viewer.settle();
  const next = viewer.relay.down + viewer.relay.up;
  await viewer.close();
  return { first, next, requests };
}

async function firstMessage(reader: Person, browser: Browser, mode: Mode, room: string, speed: Speed): Promise<number> {
  const viewer = await Viewer.as(reader, browser, mode, room, speed);
  const took = await viewer.open();
  await viewer.close();
  return took;
}

async function news(author: Person, reader: Person, browser: Browser, mode: Mode, room: string, speed: Speed) {
  const viewer = await Viewer.as(reader, browser, mode, room, speed);
  await viewer.open();
  await viewer.settle();
  const [took, cost] = [[] as number[], [] as number[]];
  for (let i = 0; i < runs; i++) {
    const text = `${mode}, ${speed.rtt}, ${i}`;
    viewer.relay.reset();
    const start = performance.now();
    await postMessage(author, room, text);
    await viewer.sees(text);
    took.push(performance.now() - start);
    await viewer.relay.quiet();
    cost.push(viewer.relay.down + viewer.relay.up);
  }
  await viewer.close();
  return { took, cost };
}

// All modes at once, with five pages each, so that it takes one minute instead of twenty.
async function idle(readers: Record<Mode, Person>, browser: Browser, room: string) {
  const viewers: Viewer[] = [];
  for (const mode of allModes) {
    for (let i = 0; i < runs; i++) viewers.push(await Viewer.as(readers[mode], browser, mode, room));
  }
  for (const viewer of viewers) await viewer.open();
  for (const viewer of viewers) await viewer.settle();
  for (const viewer of viewers) viewer.relay.reset();
  await new Promise((go) => setTimeout(go, 60_000));
  const found = Object.fromEntries(allModes.map((mode) => (
    [mode, viewers.filter((v) => v.mode === mode).map(({ relay }) => relay.down + relay.up)]
  )));
  await Promise.all(viewers.map((viewer) => viewer.close()));
  return found;
}

// A thousand messages arrive on open pages, each in a browser that shows nothing else.
async function growth(author: Person, readers: Record<Mode, Person>, room: string) {
  const pages = await Promise.all(allModes.map(async (mode) => {
    const browser = await chromium.launch({
      executablePath: process.env.RIG_CHROMIUM,
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking', '--disable-features=SpareRendererForSitePerProcess'],
    });
    const viewer = await Viewer.as(readers[mode], browser, mode, room);
    await viewer.open();
    await viewer.settle();
    return { mode, browser, viewer, before: await tabMemory(browser) };
  }));
  const last = `the last one ${Math.random()}`;
  for (let i = 1; i < 1000; i++) await postMessage(author, room, `${i}: Shall we meet at the mill at ten, and go along the stream?`);
  await postMessage(author, room, last);
  const found = {} as Record<Mode, [number, number]>;
  for (const { mode, browser, viewer, before } of pages) {
    await viewer.sees(last);
    await viewer.relay.quiet();
    found[mode] = [before, await tabMemory(browser)];
    await viewer.close();
    await browser.close();
  }
  return found;
}

// Loads one page in a text browser.
async function dump(reader: Person, room: string, speed: Speed) {
  const relay = await Relay.to(reader.at, speed);
  const [{ name, value }] = await reader.page.context().cookies();
  const start = performance.now();
  const { stdout } = await promisify(execFile)('w3m', ['-dump', '-header', `Cookie: ${name}=${value}`, relay.at + room]);
  const took = performance.now() - start;
  if (!stdout.includes('By the mill')) throw new Error(`w3m does not show the room: ${stdout.slice(0, 500)}`);
  const cost = relay.down + relay.up;
  await relay.close();
  return { took, cost };
}

const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const seconds = (ms: number) => (ms < 995 ? `${Math.round(ms / 10) / 100} s` : `${(ms / 1000).toFixed(1)} s`);

function bytes(n: number): string {
  if (n < 1000) return `${Math.round(n)} B`;
  return n < 1e6 ? `${(n / 1000).toFixed(1)} kB` : `${(n / 1e6).toFixed(1)} MB`;
}

function write(rows: Record<string, Figures>, version: string): void {
  const heads = { scripts: 'with scripts', streamed: 'streamed page', waiting: 'waiting page', plain: 'plain page', w3m: 'w3m' };
  const table = [
    `Measured on ${new Date().toISOString().slice(0, 10)} with Chromium ${version.split('.')[0]} on ${cpus().length} cores (${cpus()[0].model}).`, '',
    `| | ${columns.map((c) => heads[c]).join(' | ')} |`, `|---|${columns.map(() => '---').join('|')}|`,
    ...Object.entries(rows).map(([row, figures]) => `| ${row} | ${columns.map((c) => figures[c] ?? '').join(' | ')} |`),
  ].join('\n');
  const path = resolve(import.meta.dirname, '../../docs/low-js.md');
  const page = readFileSync(path, 'utf8');
  writeFileSync(path, page.replace(/(<!-- table -->\n)[^]*(\n<!-- end of table -->)/, (_, begin, end) => begin + table + end));
  console.log(table);
}
