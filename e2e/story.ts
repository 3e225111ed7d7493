// The people of the stories, each with their own browser context. In the projects with two processes,
// the first and the second person use different ones.
//
// Stories find things by id, role, field name and form action, so that rewording a page breaks none of
// them. They look for sentences only where the sentence is the point.
import { test as base, expect, type APIResponse, type Response, type Browser, type FrameLocator, type Locator, type Page } from '@playwright/test';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Provider } from './oidc';
import { freePort, Parley } from './parley';

export const password = 'plenty of marmalade 41';
export const canary = 'canary-that-no-log-may-hold';

// Why a story runs only with scripts (@scripts) or only without (@plain), for docs/stories.md.
export const apart = (why: string) => ({ annotation: { type: 'apart', description: why } });

export type Ways = { processes: 'one' | 'two' };

export class Person {
  constructor(
    readonly name: string,
    readonly page: Page,
    readonly at: string,
    readonly scripts: boolean,
  ) {}

  get path(): string { return new URL(this.page.url()).pathname; }
  get connection(): Locator { return this.page.locator('#connection'); }
  get composer(): Locator { return this.part('composer').locator('#composer textarea[name=body]'); }
  get send(): Locator { return this.part('composer').locator('#composer > button.primary'); }
  get refusal(): Locator { return this.part('composer').getByRole('alert'); }
  get log(): Locator { return this.part('messages').locator('#messages'); }
  get messages(): Locator { return this.log.locator('> li[data-author]'); }
  get older(): Locator { return this.part('messages').locator('a[href*="?before="]'); }
  get newer(): Locator { return this.page.locator('a[href*="?after="][href$="#older"]'); }
  get newest(): Locator { return this.newer.locator('~ a'); }
  get alert(): Locator { return this.page.getByRole('alert'); }
  get notice(): Locator { return this.page.locator('main [role=status]'); } // confirms what was just done
  get title(): Locator { return this.page.getByRole('heading', { level: 1 }); }

  // The room list, which is live in a frame if scripts are off.
  get rooms(): Locator {
    if (this.scripts) return this.page.locator('#rooms');
    return this.page.frameLocator('iframe[name=rooms]').locator('.state').last().locator('#rooms');
  }

  line(room: string): Locator { return this.rooms.locator(`a[href="${room}"]`); }
  unread(room: string): Locator { return this.line(room).locator('.unread'); }

  message(text: string): Locator { return this.messages.filter({ hasText: text }).first(); }
  reactions(text: string): Locator { return this.message(text).locator('.reactions button'); }

  // A form by its action, and a field of it by its name.
  form(action: string): Locator { return this.page.locator(`form[action="${action}"]`); }
  field(action: string, name: string): Locator {
    return this.form(action).locator(`:is(input, textarea, select)[name="${name}"]:not([type=hidden])`);
  }

  // Where this part of a room is: without scripts, a live room has each in a frame.
  part(name: 'messages' | 'composer'): Page | FrameLocator {
    const { pathname, search } = new URL(this.page.url());
    const framed = !this.scripts && /^\/rooms\/\d+$/.test(pathname) && !/before|after|around|reply|on=|as=plain/.test(search);
    return framed ? this.page.frameLocator(`iframe[name=${name}]`) : this.page;
  }

  // A page with a streamed frame never finishes loading.
  private get enough() { return { waitUntil: this.scripts ? 'load' : 'domcontentloaded' } as const; }
  async open(path: string): Promise<void> { await this.page.goto(this.at + path, this.enough); }
  async reload(): Promise<Response | null> { return this.page.reload(this.enough); }
  async back(): Promise<void> { await this.page.goBack(this.enough); }

  // Posts without a page, for what a story needs but does not test; again as long as the server is too busy.
  async post(path: string, form: Record<string, string> = {}): Promise<APIResponse> {
    for (;;) {
      const answer = await this.page.context().request.post(this.at + path, { form, maxRedirects: 0 });
      if (answer.status() !== 503) return answer;
      await this.page.waitForTimeout(1000 * Number(answer.headers()['retry-after'] ?? 1));
    }
  }

  async get(path: string): Promise<APIResponse> {
    return this.page.context().request.get(this.at + path, { maxRedirects: 0 });
  }

  // Clicks the button of a form, which may be inside a closed menu.
  async press(action: string): Promise<void> {
    const form = this.form(action);
    const menu = this.page.locator('details:not([open])', { has: form });
    if (await menu.count()) await menu.locator('> summary').click();
    await form.locator('button:not([type=button])').click();
  }

  // Opens a section by its id.
  async unfold(section: string): Promise<void> { await this.page.locator(`#${section}:not([open]) > summary`).click(); }

  // Fills in a form, which may be in a closed section, and sends it.
  async submit(action: string, fields: Record<string, string>): Promise<void> {
    const section = this.page.locator('details:not([open])', { has: this.form(action) });
    if (await section.count()) await section.locator('> summary').click();
    for (const [name, value] of Object.entries(fields)) await this.field(action, name).fill(value);
    await this.press(action);
  }

  async signIn(username = this.name): Promise<void> { await this.submit('/sign-in', { username, password }); }

  // Opens the page of a message. Its form actions start with the path of that page.
  async more(text: string): Promise<void> {
    await this.open((await this.message(text).locator('a.do').getAttribute('href'))!);
    await expect(this.page.locator('#react-heading')).toBeVisible();
  }

  // The menu at a message, which a script opens.
  get menu(): Locator { return this.page.locator('#menu'); }
  get editor(): Locator { return this.page.locator('#editor textarea'); }
  async openMenu(text: string): Promise<void> {
    await this.isComplete();
    if (await this.menu.count()) await this.page.keyboard.press('Escape');
    await this.message(text).hover();
    await this.message(text).locator('a.do').click();
    await expect(this.menu).toBeVisible();
  }

  // Waits for what a script adds to a room when the page is idle.
  async isComplete(): Promise<void> { await expect(this.page.locator('#messages > li[tabindex="0"]')).toHaveCount(1); }

  // On the page of a message, and the first in its menu.
  async react(emoji: string): Promise<void> { await this.page.locator(`.hand button[value="${emoji}"]`).click(); }
  async reply(body: string): Promise<void> {
    await this.page.locator('.acts a[href*="?reply="]').click();
    await this.page.waitForURL(/[?&]reply=/, this.enough);
    await this.isLive();
    await this.composer.fill(body);
    await this.enter();
    await expect(this.part('messages').locator('#messages')).toContainText(body);
  }

  // Sends what is in the composer. On a page that was just opened by a click, Enter is a line break until the
  // script has run.
  async enter(): Promise<void> {
    await this.page.waitForLoadState('domcontentloaded');
    if (this.scripts) await this.composer.press('Enter');
    else await this.send.click();
  }

  // Sends a message as a person does, and sees that it was accepted.
  async say(text: string): Promise<void> {
    await this.composer.fill(text);
    await this.enter();
    await expect(this.composer).toHaveValue('');
    await expect(this.messages.filter({ hasText: text })).toHaveCount(1);
  }

  // Sees this message arrive by itself, with scripts and without.
  async sees(text: string): Promise<void> {
    await expect(this.messages.filter({ hasText: text })).toHaveCount(1);
  }

  // Waits until the page is live. Without scripts it is as soon as the frame has started.
  async isLive(): Promise<void> {
    if (!this.scripts) {
      return expect(this.path === '/rooms' ? this.rooms : this.log).toBeAttached();
    }
    await expect(this.connection).toHaveAttribute('data-state', 'live');
    await expect(this.connection).toBeEmpty();
  }
}

type Cast = {
  // Where the first, the second, ... person of a story is served.
  places: string[];
  // Signs up somebody new. The suffix keeps people of different stories apart.
  join: (name: string, at?: string, suffix?: string) => Promise<Person>;
  // A visitor who is not signed in.
  visitor: Person;
  // Two friends and their room.
  friends: { ann: Person; ben: Person; room: string };
  // A process of this story's own, which it may restart.
  own: Parley;
  // Another, with two providers of single sign-on, corp and club.
  sso: { at: string; provider: Provider };
};

export const test = base.extend<Ways & Cast & { problems: string[] }>({
  processes: ['one', { option: true }],

  places: async ({ processes }, use) => {
    await use(processes === 'one' ? [process.env.RIG_ONE!] : process.env.RIG_TWO!.split(' '));
  },

  // A script error or a violation of the content security policy fails the story it happens in.
  problems: async ({}, use) => {
    const problems: string[] = [];
    await use(problems);
    expect(problems).toEqual([]);
  },

  join: async ({ browser, places, javaScriptEnabled, problems }, use) => {
    const pages: Page[] = [];
    await use(async (name, at = places[pages.length % places.length], suffix = `-${random()}`) => {
      const page = await watchedPage(browser, problems);
      pages.push(page);
      const person = new Person(name + suffix, page, at, javaScriptEnabled !== false);
      const answer = await person.post('/sign-up', { username: person.name, password });
      expect(answer.status(), await answer.text()).toBe(303);
      return person;
    });
    for (const page of pages) await page.context().close();
  },

  visitor: async ({ browser, places, javaScriptEnabled, problems }, use) => {
    const page = await watchedPage(browser, problems);
    await use(new Person(`visitor-${random()}`, page, places[0], javaScriptEnabled !== false));
    await page.context().close();
  },

  friends: async ({ join: signUp }, use) => {
    const [ann, ben] = [await signUp('ann'), await signUp('ben')];
    await use({ ann, ben, room: await befriend(ann, ben) });
  },

  own: async ({ processes }, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'parley-own-'));
    const settings = processes === 'one' ? {} : JSON.parse(process.env.RIG_SHARED!);
    const own = await Parley.start(`own-${random()}`, folder, settings);
    await use(own);
    await own.stop();
    rmSync(folder, { recursive: true, force: true });
  },

  sso: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'parley-sso-'));
    const [provider, port] = [await Provider.start(), await freePort()];
    const own = await Parley.start(`sso-${random()}`, folder, {
      ...provider.settings(labels), PARLEY_ADDR: `127.0.0.1:${port}`, PARLEY_PUBLIC_URL: `http://127.0.0.1:${port}`,
    });
    await use({ at: own.at, provider });
    await own.stop();
    provider.stop();
    rmSync(folder, { recursive: true, force: true });
  },
});

export const labels = { corp: 'Example Corporation', club: 'Chess Club' };

async function watchedPage(browser: Browser, problems: string[]): Promise<Page> {
  const context = await browser.newContext();
  context.on('weberror', (e) => problems.push(String(e.error())));
  context.on('console', (m) => { if (m.text().includes('Content Security Policy')) problems.push(m.text()); });
  return context.newPage();
}

// Makes two people friends and returns the path of their room.
export async function befriend(one: Person, other: Person): Promise<string> {
  expect((await one.post('/friends', { username: other.name })).status()).toBe(303);
  expect((await other.post(`/friends/${one.name}/accept`)).status()).toBe(303);
  return roomWith(one, other);
}

// The path of the room that two friends share.
export async function roomWith(one: Person, other: Person): Promise<string> {
  const lists = await (await one.get('/friends')).text();
  const line = lists.split('<li').find((li) => li.includes(`data-username="${other.name}"`));
  const room = line?.match(/href="(\/rooms\/\d+)"/)?.[1];
  expect(room, 'a link to the room beside the friend').toBeTruthy();
  return room!;
}

// Creates a group and returns its path.
export async function makeGroup(owner: Person, name: string, friends: Person[]): Promise<string> {
  const form = new URLSearchParams([['name', name], ...friends.map((friend) => ['username', friend.name])]);
  const answer = await owner.page.context().request.post(`${owner.at}/rooms`, {
    data: form.toString(), headers: { 'Content-Type': 'application/x-www-form-urlencoded' }, maxRedirects: 0,
  });
  expect(answer.status()).toBe(303);
  return answer.headers().location;
}

// Waits until the connection status shows one of these sentences, which it has as attributes.
export async function status(page: Page, sentences: ('lost' | 'unsent' | 'signedOut' | 'closed')[], options?: { timeout: number }): Promise<void> {
  await expect.poll(() => page.locator('#connection').evaluate((place: HTMLElement, keys) => (
    keys.some((key) => place.dataset[key] && place.textContent!.startsWith(place.dataset[key]!))
  ), sentences), options).toBe(true);
}

// Posts without a page, as a browser without scripts would.
export async function postMessage(person: Person, room: string, body: string): Promise<void> {
  const answer = await person.post(`${room}/messages`, { body, key: randomBytes(16).toString('hex') });
  expect(answer.status()).toBe(303);
}

export function random(): string { return randomBytes(4).toString('hex'); }

export { expect };
