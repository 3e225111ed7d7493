// How rooms update without scripts, as chosen in the profile or on the page.
import { apart, expect, postMessage, test } from './story';

test('plain pages with the newest message first are a personal choice @once', async ({ friends: { ann, ben, room } }) => {
  for (const text of ['one', 'two']) await postMessage(ben, room, text);
  await ann.open('/profile');
  await ann.unfold('reading');
  const form = ann.form('/profile/reading');
  await form.locator('[name=as][value=plain]').check();
  await form.locator('[name=newest][value=first]').check();
  await ann.press('/profile/reading');
  await expect(ann.notice).toBeVisible();
  await expect(form.locator('[name=newest][value=first]')).toBeChecked();

  await ann.page.goto(ann.at + room);
  await expect(ann.page.locator('iframe')).toHaveCount(0);
  const messages = ann.page.locator('#messages > li[data-author]');
  await expect(messages).toContainText(['two', 'one']);
  const box = ann.page.locator('#composer textarea[name=body]');
  expect((await box.boundingBox())!.y).toBeLessThan((await messages.first().boundingBox())!.y);
  await box.fill('three, from me');
  await ann.page.locator('#composer > button.primary').click();
  await expect(messages).toContainText(['three, from me', 'two', 'one']);
  await expect(messages.first()).toBeInViewport();

  await ben.open(room); // it changes nothing for anyone else
  await expect(ben.messages).toContainText(['one', 'two', 'three, from me']);
});

test('a page opened as plain stays plain while writing and looking back @plain @once',
  apart('with scripts every page is live'), async ({ friends: { ann, ben, room } }) => {
  for (let i = 1; i <= 60; i++) await postMessage(ben, room, `number ${i}.`);
  await ann.open(`${room}?as=plain`);
  await ann.say('An answer');
  await expect(ann.page.locator('iframe')).toHaveCount(0);
  await ann.older.click();
  await ann.newest.click();
  await expect(ann.page.locator('iframe')).toHaveCount(0);
  await ann.sees('An answer');
  await ann.composer.fill('x'.repeat(4001));
  await ann.enter();
  await expect(ann.alert).toBeVisible();
  await ann.say('Shorter');
  await expect(ann.page).toHaveURL(/as=plain$/);
});
