import { expect, test } from './room';

test('a reply that was sent does not make the next message a reply', async ({ room, fake, page }) => {
  fake.say('a question', 'ann');
  fake.say('another question');
  await page.goto(fake.origin + '/rooms/1?reply=2');
  await room.live();
  await expect(room.reply).not.toBeEmpty();
  await room.send('an answer');
  await expect(room.box).toHaveValue('');
  await expect(room.reply).toBeEmpty();
  await room.send('a remark');
  await expect(room.box).toHaveValue('');
  expect(fake.posts).toMatchObject([{ body: 'an answer', replyTo: '2' }, { body: 'a remark', replyTo: undefined }]);
  expect(page.url()).toBe(fake.origin + '/rooms/1');
});

test('a reply whose original is gone stays in the box and becomes a plain message', async ({ room, fake, page }) => {
  fake.onPost = (post, socket) => fake.refuse(post, socket, 422, 'The message that you answer is gone.', true);
  await page.goto(fake.origin + '/rooms/1?reply=2');
  await room.live();
  await room.send('an answer');
  await expect(room.problem).toHaveText('The message that you answer is gone.');
  await expect(room.reply).toBeEmpty();
  await expect(room.box).toHaveValue('an answer');
  fake.onPost = (post, socket) => fake.acknowledge(post, socket);
  await room.box.press('Enter');
  await expect(room.box).toHaveValue('');
  expect(fake.posts.map((post) => post.replyTo)).toEqual(['2', undefined]);
});

test('a refused reply comes back as a reply', async ({ room, fake, page }) => {
  fake.say('a question', 'ann');
  fake.onPost = (post, socket) => fake.refuse(post, socket, 422, 'Too long.');
  await page.goto(fake.origin + '/rooms/1?reply=2');
  await room.live();
  await room.send('an answer');
  await expect(room.problem).toHaveText('Too long.');
  await expect(room.reply.locator('blockquote')).toBeVisible();
  fake.onPost = (post, socket) => fake.acknowledge(post, socket);
  await room.box.press('Enter');
  await expect(room.reply).toBeEmpty();
  await expect.poll(() => fake.posts.map((post) => post.replyTo)).toEqual(['2', '2']);
});
