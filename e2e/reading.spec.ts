// How pages work without scripts is chosen once, in the profile.
import { expect, postMessage, test } from './story';

test('a plain page with the newest message first is one’s own choice', async ({ friends: { ann, ben, room } }) => {
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
