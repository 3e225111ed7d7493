// The people of the stories: each has a browser context of their own, and in the projects with two
// processes each is served by another one.
import { test as base, expect, type APIResponse, type Browser, type FrameLocator, type Locator, type Page } from '@playwright/test';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { out, Parley } from './parley';

export const password = 'plenty of marmalade 41';
export const canary = 'canary-that-no-log-may-hold';

// Why a story is told only with scripts (@scripts) or only without (@plain); docs/stories.md shows it.
export const apart = (why: string) => ({ annotation: { type: 'apart', description: why } });

export type Ways = { processes: 'one' | 'two' };

export class Person {
  constructor(
    readonly name: string,
    readonly page: Page,
    readonly at: string,
    readonly scripts: boolean,
  ) {}

  get connection(): Locator { return this.page.locator('#connection'); }
  get composer(): Locator { return this.part('composer').locator('#composer textarea[name=body]'); }
  get send(): Locator { return this.part('composer').locator('#composer > button.primary'); }
  get refusal(): Locator { return this.part('composer').getByRole('alert'); }
  get log(): Locator { return this.part('messages').locator('#messages'); }
  get messages(): Locator { return this.log.locator('> li[data-author]'); }
  get older(): Locator { return this.part('messages').locator('a[href*="?before="]'); }
  get alert(): Locator { return this.page.getByRole('alert'); }

  // The room list, which is live in a frame where scripts are off.
  get rooms(): Locator {
    if (this.scripts) return this.page.locator('#rooms');
    return this.page.frameLocator('iframe[name=rooms]').locator('.state').last().locator('#rooms');
  }

  // Where this part of a room is: without scripts, a live room has each in a frame.
  part(name: 'messages' | 'composer'): Page | FrameLocator {
    const { pathname, search } = new URL(this.page.url());
    const framed = !this.scripts && /^\/rooms\/\d+$/.test(pathname) && !/before|after|around|reply|as=plain/.test(search);
    return framed ? this.page.frameLocator(`iframe[name=${name}]`) : this.page;
  }

  // A page with a streamed frame is never loaded to its end.
  private get enough() { return { waitUntil: this.scripts ? 'load' : 'domcontentloaded' } as const; }
  async open(path: string): Promise<void> { await this.page.goto(this.at + path, this.enough); }
  async reload(): Promise<void> { await this.page.reload(this.enough); }
  async back(): Promise<void> { await this.page.goBack(this.enough); }

  // Sends a form without the page, for what a story presupposes rather than tells.
  async post(path: string, form: Record<string, string> = {}): Promise<APIResponse> {
    return this.page.context().request.post(this.at + path, { form, maxRedirects: 0 });
  }

  async get(path: string): Promise<APIResponse> {
    return this.page.context().request.get(this.at + path, { maxRedirects: 0 });
  }

  // Presses the button of the form with this action, which may be behind "More".
  async press(action: string): Promise<void> {
    const form = this.form(action);
    const more = this.page.locator('details:not([open])', { has: form });
    if (await more.count()) await more.locator('summary').click();
    await form.getByRole('button').click();
  }

  form(action: string): Locator { return this.page.locator(`form[action="${action}"]`); }

  async enter(): Promise<void> {
    if (this.scripts) await this.composer.press('Enter');
    else await this.send.click();
  }

  // Says it as a person does, and sees that it was taken.
  async say(text: string): Promise<void> {
    await this.composer.fill(text);
    await this.enter();
    await expect(this.composer).toHaveValue('');
    await expect(this.messages.filter({ hasText: text })).toHaveCount(1);
  }

  // Sees this message come by itself, with scripts and without.
  async sees(text: string): Promise<void> {
    await expect(this.messages.filter({ hasText: text })).toHaveCount(1);
  }

  // Sees that what happens from now on will come by itself. Without scripts it does as soon as the
  // frame has begun.
  async isLive(): Promise<void> {
    if (!this.scripts) {
      const inRoom = new URL(this.page.url()).pathname !== '/rooms';
      return expect(inRoom ? this.log : this.rooms).toBeAttached();
    }
    await expect(this.connection).toHaveAttribute('data-state', 'live');
    await expect(this.connection).toBeEmpty();
  }
}

type Cast = {
  // Where the first, the second, ... person of a story is served.
  places: string[];
  // Signs somebody new up. The second name keeps people of different stories apart.
  join: (name: string, at?: string, second?: string) => Promise<Person>;
  // A visitor who is not signed in.
  visitor: Person;
  // Two friends and their room.
  friends: { ann: Person; ben: Person; room: string };
  // A process that belongs to this story alone and may be restarted.
  own: Parley;
};

export const test = base.extend<Ways & Cast & { problems: string[] }>({
  processes: ['one', { option: true }],

  places: async ({ processes }, use) => {
    await use(processes === 'one' ? [process.env.RIG_ONE!] : process.env.RIG_TWO!.split(' '));
  },

  // A script that fails or is refused by the content policy fails the story that it happened in.
  problems: async ({}, use) => {
    const problems: string[] = [];
    await use(problems);
    expect(problems).toEqual([]);
  },

  join: async ({ browser, places, javaScriptEnabled, problems }, use) => {
    const pages: Page[] = [];
    await use(async (name, at = places[pages.length % places.length], second = `-${random()}`) => {
      const page = await watchedPage(browser, problems);
      pages.push(page);
      const person = new Person(name + second, page, at, javaScriptEnabled !== false);
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
    const folder = mkdtempSync(join(out, 'own-'));
    const settings = processes === 'one' ? {} : JSON.parse(process.env.RIG_SHARED!);
    const own = await Parley.start(`own-${random()}`, folder, settings);
    await use(own);
    await own.stop();
    rmSync(folder, { recursive: true, force: true });
  },
});

async function watchedPage(browser: Browser, problems: string[]): Promise<Page> {
  const context = await browser.newContext();
  context.on('weberror', (e) => problems.push(String(e.error())));
  context.on('console', (m) => { if (m.text().includes('Content Security Policy')) problems.push(m.text()); });
  return context.newPage();
}

// Makes two people friends and returns the address of their room.
export async function befriend(one: Person, other: Person): Promise<string> {
  expect((await one.post('/friends', { username: other.name })).status()).toBe(303);
  expect((await other.post(`/friends/${one.name}/accept`)).status()).toBe(303);
  return roomWith(one, other);
}

// The address of the room that one has with the other.
export async function roomWith(one: Person, other: Person): Promise<string> {
  const lists = await (await one.get('/friends')).text();
  const line = lists.split('<li').find((li) => li.includes(`data-username="${other.name}"`));
  const room = line?.match(/href="(\/rooms\/\d+)"/)?.[1];
  expect(room, 'a link to the room beside the friend').toBeTruthy();
  return room!;
}

// Posts without a page, as a browser without scripts would.
export async function postMessage(person: Person, room: string, body: string): Promise<void> {
  const answer = await person.post(`${room}/messages`, { body, key: randomBytes(16).toString('hex') });
  expect(answer.status()).toBe(303);
}

export function random(): string { return randomBytes(4).toString('hex'); }

export { expect };
