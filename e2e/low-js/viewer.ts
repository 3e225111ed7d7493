// Somebody who looks at a room in one of the ways there are, over a line of their own.
import { type Browser, type BrowserContext, type Locator } from '@playwright/test';
import { expect, password, Person } from '../story';
import { Line, type Speed } from './line';

export const ways = {
  scripts: { name: 'with scripts', choice: '' },
  streamed: { name: 'streamed page', choice: '' },
  waiting: { name: 'waiting page', choice: '?as=wait' },
  plain: { name: 'plain page', choice: '?as=plain' },
} as const;

export type Way = keyof typeof ways;
export const everyWay = Object.keys(ways) as Way[];

export class Viewer {
  requests = 0;

  private constructor(
    readonly way: Way,
    readonly who: Person,
    readonly line: Line,
    private readonly context: BrowserContext,
    private readonly room: string,
  ) {
    context.on('request', () => { this.requests++; });
    who.page.on('websocket', () => { this.requests++; });
  }

  // Has nothing in its cache, and a session of its own.
  static async as(member: Person, browser: Browser, way: Way, room: string, speed?: Speed): Promise<Viewer> {
    const line = await Line.to(member.at, speed);
    const context = await browser.newContext({ javaScriptEnabled: way === 'scripts' });
    const answer = await context.request.post(`${member.at}/sign-in`, { form: { username: member.name, password }, maxRedirects: 0 });
    expect(answer.status()).toBe(303);
    const who = new Person(member.name, await context.newPage(), line.at, way === 'scripts');
    return new Viewer(way, who, line, context, room);
  }

  // Opens the room, and answers after how many milliseconds its newest message was to be seen.
  async open(): Promise<number> {
    const start = performance.now();
    await this.who.page.goto(this.who.at + this.room + ways[this.way].choice, { waitUntil: 'commit' });
    await seen(this.who.messages.last());
    return performance.now() - start;
  }

  // Is open, and all that belongs to it has come.
  async settle(): Promise<void> {
    await this.who.isLive();
    await this.line.quiet();
  }

  // Waits until a text is there; on a plain page one has to look for it.
  async sees(text: string): Promise<void> {
    if (this.way === 'plain') await this.who.page.goto(this.who.page.url(), { waitUntil: 'commit' });
    await seen(this.who.messages.filter({ hasText: text }).last());
  }

  async close(): Promise<void> {
    await this.context.close();
    await this.line.close();
  }
}

// Playwright's own waiting looks ever more rarely, twice a second in the end.
async function seen(what: Locator): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!(await what.isVisible().catch(() => false))) { // a page that is just going away
    if (Date.now() > deadline) throw new Error(`never seen: ${what}`);
    await new Promise((go) => setTimeout(go, 5));
  }
}
