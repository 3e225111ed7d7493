import { expect, test as base, type Locator, type Page } from '@playwright/test';
import { Fake } from './fake';

// An open room, as its user sees it.
export class Room {
  readonly box: Locator;
  readonly sendButton: Locator;
  readonly key: Locator;
  readonly entries: Locator;
  readonly connection: Locator;
  readonly problem: Locator;
  readonly reply: Locator;
  readonly waiting: Locator; // messages on their way, at the end of the list
  passed = 0; // seconds on the stopped clock
  private frozen = false;

  constructor(readonly page: Page, private readonly fake: Fake) {
    this.box = page.locator('#composer textarea[name=body]');
    this.sendButton = page.locator('#composer > button.primary');
    this.key = page.locator('input[name=key]');
    this.entries = page.locator('#messages > li .body');
    this.connection = page.locator('#connection');
    this.problem = page.getByRole('alert');
    this.reply = page.locator('#reply');
    this.waiting = page.locator('#outbox > li .body');
  }

  // open returns when the stream and the socket are connected.
  async open() {
    await this.visit();
    await this.live();
  }

  async visit() {
    await this.page.goto(this.fake.origin + '/rooms/1');
    if (this.frozen) await this.pass(0.1); // htmx starts on a timer
  }

  async live() {
    await expect.poll(() => this.fake.streams.size).toBe(1);
    await expect.poll(() => this.fake.sockets.size).toBe(1);
    await this.reaches('live');
  }

  async reaches(state: string) {
    await this.poll(() => this.connection.getAttribute('data-state')).toBe(state);
  }

  // says waits until the connection line has one of the sentences that the page brings along.
  async says(sentence: 'lost' | 'unsent' | 'closed' | 'signed-out') {
    const text = (await this.connection.getAttribute('data-' + sentence))!;
    expect(text).toBeTruthy();
    const link = sentence === 'signed-out' ? ' ' + await this.connection.getAttribute('data-sign-in') : '';
    await expect(this.connection).toHaveText(text + link);
  }

  // poll is expect.poll that advances a stopped clock a little each time.
  poll<T>(value: () => T | Promise<T>, step = 0.2) {
    return expect.poll(async () => {
      if (this.frozen) await this.pass(step).catch(() => {}); // while the page navigates
      return value();
    }, { intervals: [50] });
  }

  async send(text: string) {
    await this.box.fill(text);
    await this.box.press('Enter');
  }

  // stopTheClock stops time in the page; only pass advances it. A test of what happens within five
  // minutes then takes no time, and its counts do not depend on how busy the machine is.
  async stopTheClock() {
    this.frozen = true;
    await this.page.clock.install({ time: 0 });
    await this.page.clock.pauseAt(1000);
  }

  async pass(seconds: number) {
    this.passed += seconds;
    await this.page.clock.runFor(seconds * 1000);
  }
}

export const test = base.extend<{ fake: Fake; room: Room; noErrors: void }>({
  fake: async ({}, use) => {
    const fake = await Fake.start();
    await use(fake);
    await fake.stop();
  },
  room: async ({ page, fake }, use) => use(new Room(page, fake)),
  // In every test: no exception, no violation of the content security policy, and nothing but messages in
  // the list, whatever an answer was.
  noErrors: [async ({ page }, use) => {
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(String(error)));
    page.on('console', (line) => {
      if (/Content.Security.Policy/i.test(line.text())) errors.push(line.text());
    });
    await use();
    expect(errors).toEqual([]);
    expect(await page.locator('#messages > :not(.message)').count()).toBe(0);
  }, { auto: true }],
});

export { expect };
