import { expect, test } from './room';

test('what is in view is reported as read, once, and only forward', async ({ room, fake }) => {
  fake.say('one');
  await room.open();
  await expect.poll(() => fake.count('POST /rooms/5/read')).toBe(1);
  fake.say('two');
  fake.say('three');
  await expect.poll(() => fake.requests.filter((request) => request.includes('/read'))).toEqual([
    'POST /rooms/5/read seq=1',
    'POST /rooms/5/read seq=3',
  ]);
});

test('what is below the edge is not read until someone scrolls there', async ({ room, fake, page }) => {
  await room.stopTheClock();
  for (let i = 0; i < 100; i++) fake.say(`line ${i}`);
  await room.open();
  await room.pass(10);
  expect(fake.count('POST /rooms/5/read')).toBe(0);
  await page.locator('#m-100').scrollIntoViewIfNeeded();
  await room.poll(() => fake.requests.filter((request) => request.includes('/read')))
    .toEqual(['POST /rooms/5/read seq=100']);
});

test('the sign-up form tells the time zone', async ({ fake, browser }) => {
  const page = await browser.newPage({ timezoneId: 'Asia/Kathmandu' });
  await page.goto(fake.origin + '/sign-in');
  await expect(page.locator('input[name=time_zone]')).toHaveValue(/^Asia\/Kat[h]?mandu$/);
  await page.close();
});

test('a finger makes a line with Enter and sends with the button', async ({ fake, browser }) => {
  const page = await browser.newPage({ hasTouch: true, isMobile: true });
  await page.goto(fake.origin + '/rooms/5');
  await expect.poll(() => fake.sockets.size).toBe(1);
  const box = page.getByLabel('Your message');
  await box.fill('one');
  await box.press('Enter');
  await box.pressSequentially('two');
  await expect(box).toHaveValue('one\ntwo');
  await page.getByRole('button', { name: 'Send' }).tap();
  await expect(page.locator('#messages > li')).toHaveCount(1);
  expect(fake.posts.map((post) => post.body)).toEqual(['one\ntwo']);
  await page.close();
});
