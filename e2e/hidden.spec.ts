// A hidden tab disconnects, and catches up when it is shown again.
import { look } from './hidden';
import { apart, expect, postMessage, test } from './story';

test('a hidden tab disconnects, and has everything when it is shown again @scripts',
  apart('without scripts, a page cannot know that it is hidden'), async ({ friends: { ann, ben, room } }) => {
  await ann.open(room);
  await ann.isLive();
  await postMessage(ben, room, 'seen at once');
  await ann.sees('seen at once');

  const disconnected = Promise.race([
    ann.page.waitForEvent('requestfailed', (r) => r.url().includes('/events')),
    ann.page.waitForEvent('requestfinished', (r) => r.url().includes('/events')),
  ]);
  await look(ann, 'hidden');
  await disconnected;
  for (const text of ['while', 'nobody', 'looked']) await postMessage(ben, room, text);
  // Messages stay unread as long as nobody looks.
  await expect(ann.messages).toHaveCount(1);

  await look(ann, 'visible');
  await expect(ann.messages).toHaveCount(4);
  await ann.isLive();
  await ann.say('back again');
  expect(await ann.messages.locator('.body').allInnerTexts())
    .toEqual(['seen at once', 'while', 'nobody', 'looked', 'back again']);
});

test('a draft in a hidden tab is still there when it is shown again @scripts @once',
  apart('without scripts, a page cannot know that it is hidden'), async ({ friends: { ann, room } }) => {
  await ann.open(room);
  await ann.isLive();
  await ann.composer.fill('half a thought');
  await look(ann, 'hidden');
  await look(ann, 'visible');
  await ann.isLive();
  await expect(ann.composer).toHaveValue('half a thought');
  await ann.enter();
  await expect(ann.messages).toHaveCount(1);
});
