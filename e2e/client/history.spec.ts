import { message } from './markup';
import { expect, test } from './room';

const numbers = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, i) => `message ${first + i}.`);

test('what a page lacks is loaded up to where its stream begins, in order and once', async ({ room, fake, page }) => {
  for (let i = 1; i <= 120; i++) fake.say(`message ${i}.`);
  fake.opensWith = [41, 70];
  await room.visit();
  await room.reaches('live');
  fake.say('message 121.'); // before the gap above it is closed
  await expect(room.entries.last()).toHaveText('message 121.');
  let held = 0;
  fake.onPart = (send) => {
    if (++held === 1) fake.say('message 122.'); // while a part is on its way
    send();
  };
  await page.locator('.gap').scrollIntoViewIfNeeded();
  await expect(async () => {
    for (const end of await page.locator('.gap').all()) await end.scrollIntoViewIfNeeded({ timeout: 100 });
    await expect(page.locator('.gap')).toHaveCount(0, { timeout: 100 });
  }).toPass();
  await expect(async () => {
    await page.locator('#messages > li').first().scrollIntoViewIfNeeded();
    await expect(page.locator('#older')).toHaveCount(0, { timeout: 100 });
  }).toPass();
  await expect(room.entries).toHaveText(numbers(1, 122));
});

test('a part that a change has overtaken is read again', async ({ room, fake, page }) => {
  for (let i = 1; i <= 60; i++) fake.say(`message ${i}.`);
  fake.opensWith = [1, 40];
  let asked = 0;
  fake.onPart = (send) => {
    if (++asked > 1) return send();
    // The change is on the page, where it finds nothing to change, before the part is.
    fake.log[44] = message(45, 'bea', 'changed');
    fake.say('message 61.');
    void expect(room.entries.last()).toHaveText('message 61.').then(send);
  };
  await room.visit();
  await room.reaches('live');
  await expect(async () => {
    for (const end of await page.locator('.gap').all()) await end.scrollIntoViewIfNeeded({ timeout: 100 });
    await expect(page.locator('.gap')).toHaveCount(0, { timeout: 100 });
  }).toPass();
  await expect(room.entries).toHaveText([...numbers(1, 44), 'changed', ...numbers(46, 61)]);
  expect(asked).toBe(2);
});

test('what is in view stays where it is while older and newer messages are loaded', async ({ room, fake, page }) => {
  for (let i = 1; i <= 200; i++) fake.say(`message ${i}.`);
  fake.opensWith = [101, 130];
  const parts: (() => void)[] = [];
  fake.onPart = (send) => parts.push(send);
  await room.visit();
  await room.reaches('live');
  // First what is below the end of the page, then what is above its beginning.
  for (const seq of [118, 101]) {
    const anchor = page.locator(`#m-${seq}`);
    await anchor.scrollIntoViewIfNeeded();
    await expect.poll(() => parts.length).toBe(1);
    const [before, count] = [(await anchor.boundingBox())!.y, await room.entries.count()];
    parts.pop()!();
    await expect(room.entries).toHaveCount(count + 20);
    expect(Math.abs((await anchor.boundingBox())!.y - before)).toBeLessThanOrEqual(1);
  }
  fake.onPart = (send) => send();
  for (const send of parts.splice(0)) send();
  await expect(async () => {
    await page.locator('#messages > li').last().scrollIntoViewIfNeeded();
    await expect(page.locator('.gap')).toHaveCount(0, { timeout: 100 });
  }).toPass();
});

test('a gap is tried again after a failure', async ({ room, fake, page }) => {
  await room.stopTheClock();
  for (let i = 1; i <= 60; i++) fake.say(`message ${i}.`);
  fake.opensWith = [1, 40];
  await page.route('**/rooms/1?after=40', (route) => route.abort(), { times: 1 });
  await room.visit();
  await room.reaches('live');
  await room.poll(() => page.locator('.gap').count(), 1).toBe(0);
  await expect(room.entries).toHaveText(numbers(1, 60));
});
