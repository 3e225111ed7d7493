// A user who reads a room in one reading mode, through a relay of their own.
import { type Browser, type BrowserContext, type Locator } from '@playwright/test';
import { expect, password, Person } from '../story';
import { Relay, type Speed } from './relay';

export const modes = {
  scripts: { name: 'with scripts', query: '' },
  streamed: { name: 'streamed page', query: '' },
  waiting: { name: 'waiting page', query: '?as=wait' },
  plain: { name: 'plain page', query: '?as=plain' },
} as const;

export type Mode = keyof typeof modes;
export const allModes = Object.keys(modes) as Mode[];

export class Viewer {
  requests = 0;

  private constructor(
    readonly mode: Mode,
    readonly who: Person,
    readonly relay: Relay,
    private readonly context: BrowserContext,
    private readonly room: string,
  ) {
    context.on('request', () => { this.requests++; });
    who.page.on('websocket', () => { this.requests++; });
  }

  // A viewer starts with an empty cache and a session of its own.
  static async as(member: Person, browser: Browser, mode: Mode, room: string, speed?: Speed): Promise<Viewer> {
    const relay = await Relay.to(member.at, speed);
    const context = await browser.newContext({ javaScriptEnabled: mode === 'scripts' });
    const answer = await context.request.post(`${member.at}/sign-in`, { form: { username: member.name, password }, maxRedirects: 0 });
    expect(answer.status()).toBe(303);
    const who = new Person(member.name, await context.newPage(), relay.at, mode === 'scripts');
    return new Viewer(mode, who, relay, context, room);
  }

  // Opens the room, and returns the milliseconds until its newest message was visible.
  async open(): Promise<number> {
    const start = performance.now();
    await this.who.page.goto(this.who.at + this.room + modes[this.mode].query, { waitUntil: 'commit' });
    await visible(this.who.messages.last());
    return performance.now() - start;
  }

  // Waits until the page is live and everything on it has loaded.
  async settle(): Promise<void> {
    await this.who.isLive();
    await this.relay.quiet();
  }

  // Waits until a text is visible; a plain page has to be reloaded for that.
  async sees(text: string): Promise<void> {
    if (this.mode === 'plain') await this.who.page.goto(this.who.page.url(), { waitUntil: 'commit' });
    await visible(this.who.messages.filter({ hasText: text }).last());
  }

  async close(): Promise<void> {
    await this.context.close();
    await this.relay.close();
  }
}

// Playwright's own waiting polls less and less often, in the end only twice a second.
async function visible(what: Locator): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!(await what.isVisible().catch(() => false))) { // while the page navigates
    if (Date.now() > deadline) throw new Error(`timed out waiting for ${what}`);
    await new Promise((go) => setTimeout(go, 5));
  }
}
