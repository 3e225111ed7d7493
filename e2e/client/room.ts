import { expect, test as base, type Locator, type Page } from '@playwright/test';
import { Fake } from './fake';

// What a person sees of a room.
export class Room {
  readonly box: Locator;
  readonly key: Locator;
  readonly entries: Locator;
  readonly connection: Locator;
  readonly problem: Locator;
  passed = 0; // seconds, by the stopped clock
  private frozen = false;

  constructor(readonly page: Page, private readonly fake: Fake) {
    this.box = page.getByLabel('Your message');
    this.key = page.locator('input[name=key]');
    this.entries = page.locator('#messages > li');
    this.connection = page.locator('#connection');
    this.problem = page.getByRole('alert');
  }

  // open comes back when the room is live both ways.
  async open() {
    await this.visit();
    await this.live();
  }

  async visit() {
    await this.page.goto(this.fake.origin + '/rooms/5');
    if (this.frozen) await this.pass(0.1); // htmx begins on a timer
  }

  async live() {
    await expect.poll(() => this.fake.streams.size).toBe(1);
    await expect.poll(() => this.fake.sockets.size).toBe(1);
    await this.reaches('live');
  }

  async reaches(state: string) {
    await this.poll(() => this.connection.getAttribute('data-state')).toBe(state);
  }

  // poll is expect.poll that lets a stopped clock run on, a little each time.
  poll<T>(value: () => T | Promise<T>, step = 0.2) {
    return expect.poll(async () => {
      if (this.frozen) await this.pass(step).catch(() => {}); // in the middle of a navigation
      return value();
    }, { intervals: [50] });
  }

  async send(text: string) {
    await this.box.fill(text);
    await this.box.press('Enter');
  }

  // stopTheClock makes time in the page stand still but for pass. A test of what happens in five
  // minutes then takes no time, and what it counts does not depend on how busy the machine is.
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

export const test = base.extend<{ fake: Fake; room: Room; honest: void }>({
  fake: async ({}, use) => {
    const fake = await Fake.start();
    await use(fake);
    await fake.stop();
  },
  room: async ({ page, fake }, use) => use(new Room(page, fake)),
  // Whatever a test is about: no exception, and nothing that the policy had to forbid.
  honest: [async ({ page }, use) => {
    const faults: string[] = [];
    page.on('pageerror', (error) => faults.push(String(error)));
    page.on('console', (line) => {
      if (/Content.Security.Policy/i.test(line.text())) faults.push(line.text());
    });
    await use();
    expect(faults).toEqual([]);
  }, { auto: true }],
});

export { expect };
