// How pages work without scripts is chosen once, in the profile.
import { apart, expect, postMessage, test } from './story';

test('a plain page with the newest message first is one’s own choice @once', async ({ friends: { ann, ben, room } }) => {
  for (const text of ['one', 'two']) await postMessage(ben, room, text);
  await ann.open('/profile');
  await ann.page.getByLabel('Plain: the page stays as it is').check();
  await ann.page.getByLabel('Newest messages first').check();
  await ann.page.getByRole('button', { name: 'Use this' }).click();
  await expect(ann.page.getByRole('status').filter({ hasText: 'Saved.' })).toBeVisible();
  await expect(ann.page.getByLabel('Newest messages first')).toBeChecked();

  await ann.page.goto(ann.at + room);
  await expect(ann.page.locator('iframe')).toHaveCount(0);
  const messages = ann.page.locator('#messages > li[data-author]');
  await expect(messages).toContainText(['two', 'one']);
  const box = ann.page.locator('#composer textarea[name=body]');
  expect((await box.boundingBox())!.y).toBeLessThan((await messages.first().boundingBox())!.y);
  await box.fill('three, from me');
  await ann.page.locator('#composer').getByRole('button', { name: 'Send' }).click();
  await expect(messages).toContainText(['three, from me', 'two', 'one']);
  await expect(messages.first()).toBeInViewport();

  await ben.open(room); // it changes nothing for anybody else
  await expect(ben.messages).toContainText(['one', 'two', 'three, from me']);
});

test('a page that is plain for once stays so while one writes and looks back @plain @once',
  apart('with scripts every page is live'), async ({ friends: { ann, ben, room } }) => {
  for (let i = 1; i <= 60; i++) await postMessage(ben, room, `number ${i}.`);
  await ann.open(`${room}?as=plain`);
  await ann.say('An answer');
  await expect(ann.page.locator('iframe')).toHaveCount(0);
  await ann.page.getByRole('link', { name: 'Older messages' }).click();
  await ann.page.getByRole('link', { name: 'Newest messages' }).click();
  await expect(ann.page.locator('iframe')).toHaveCount(0);
  await ann.sees('An answer');
  await ann.composer.fill('x'.repeat(4001));
  await ann.enter();
  await expect(ann.alert).toContainText('4,000');
  await ann.say('Shorter');
  await expect(ann.page).toHaveURL(/as=plain$/);
});
