// A tab that nobody looks at hangs up, and catches up when somebody does.
import { look } from './hidden';
import { apart, expect, postMessage, test } from './story';

test('a hidden tab hangs up; shown again it has everything @scripts',
  apart('a page cannot know that it is hidden'), async ({ friends: { ann, ben, room } }) => {
  await ann.open(room);
  await ann.isLive();
  await postMessage(ben, room, 'seen at once');
  await ann.sees('seen at once');

  const hungUp = Promise.race([
    ann.page.waitForEvent('requestfailed', (r) => r.url().includes('/events')),
    ann.page.waitForEvent('requestfinished', (r) => r.url().includes('/events')),
  ]);
  await look(ann, 'hidden');
  await hungUp;
  for (const text of ['while', 'nobody', 'looked']) await postMessage(ben, room, text);
  // Unread stays unread as long as nobody looks.
  await expect(ann.messages).toHaveCount(1);

  await look(ann, 'visible');
  await expect(ann.messages).toHaveCount(4);
  await ann.isLive();
  await ann.say('back again');
  expect(await ann.messages.locator('.body').allInnerTexts())
    .toEqual(['seen at once', 'while', 'nobody', 'looked', 'back again']);
});

test('what was typed in a tab is still there when it is shown again @scripts @once',
  apart('a page cannot know that it is hidden'), async ({ friends: { ann, room } }) => {
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
