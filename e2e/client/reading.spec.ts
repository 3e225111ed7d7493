import { expect, Room, test } from './room';

test('visible messages are reported as read, once, and never backwards', async ({ room, fake }) => {
  fake.say('one');
  await room.open();
  await expect.poll(() => fake.count('POST /rooms/1/read')).toBe(1);
  fake.say('two');
  fake.say('three');
  await expect.poll(() => fake.requests.filter((request) => request.includes('/read'))).toEqual([
    'POST /rooms/1/read seq=1',
    'POST /rooms/1/read seq=3',
  ]);
});

test('messages below the visible part are not read until they are scrolled into view', async ({ room, fake, page }) => {
  await room.stopTheClock();
  for (let i = 1; i <= 100; i++) fake.say(`message ${i}`);
  await room.open();
  const reads = () => fake.requests.filter((request) => request.includes('/read'));
  await room.poll(reads).toEqual(['POST /rooms/1/read seq=100']); // a room opens at its end
  await page.locator('#m-1').scrollIntoViewIfNeeded();
  fake.say('message 101');
  await expect(room.entries).toHaveCount(101);
  await room.pass(10);
  expect(reads()).toHaveLength(1);
  await page.locator('#m-101').scrollIntoViewIfNeeded();
  await room.poll(reads).toEqual(['POST /rooms/1/read seq=100', 'POST /rooms/1/read seq=101']);
});

test('whoever answers has read what is in view, at once', async ({ room, fake }) => {
  await room.stopTheClock();
  fake.say('Tea or coffee?', 'ann');
  await room.open();
  await room.live();
  await room.send('Tea');
  await expect.poll(() => fake.requests.filter((request) => request.includes('/read'))).toEqual(['POST /rooms/1/read seq=1']);
});

test('the sign-up form sends the time zone', async ({ fake, browser }) => {
  const page = await browser.newPage({ timezoneId: 'Asia/Kathmandu' });
  await page.goto(fake.origin + '/sign-up');
  await expect(page.locator('input[name=time_zone]')).toHaveValue(/^Asia\/Kat[h]?mandu$/);
  await page.close();
});

test('on a touch screen Enter starts a new line, and the button sends', async ({ fake, browser }) => {
  const page = await browser.newPage({ hasTouch: true, isMobile: true });
  const room = new Room(page, fake);
  await room.open();
  await room.box.fill('one');
  await room.box.press('Enter');
  await room.box.pressSequentially('two');
  await expect(room.box).toHaveValue('one\ntwo');
  await room.sendButton.tap();
  await expect(room.entries).toHaveCount(1);
  expect(fake.posts.map((post) => post.body)).toEqual(['one\ntwo']);
  await page.close();
});
