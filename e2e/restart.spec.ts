// A server that goes away and comes back in the middle of a chat.
import { apart, befriend, expect, postMessage, status, test } from './story';

test('the server restarts in mid-chat and the page continues @scripts',
  apart('covered by “after SIGTERM and a restart the chat continues by itself”'), async ({ join, own, places, processes }) => {
  const ann = await join('ann', processes === 'one' ? own.at : places[0]);
  const ben = await join('ben', own.at);
  const room = await befriend(ann, ben);
  await ben.open(room);
  await ben.isLive();
  await ben.say('still there?');
  await ben.isComplete(); // what can be done about a message that waits
  await ben.page.evaluate(() => { (window as any).sameLoad = true; });

  await own.stop();
  await status(ben.page, ['lost']);
  // A message sent now waits below the list, and is sent once when the server is back.
  await ben.composer.fill('sent into the dark');
  await ben.composer.press('Enter');
  if (processes === 'two') await postMessage(ann, room, 'said meanwhile');
  const waiting = ben.page.locator('#outbox > li');
  await expect(waiting).toHaveText(/sent into the dark/);
  await expect(waiting.locator('.again')).toBeVisible();
  await expect(ben.composer).toHaveValue('');
  await own.run();

  await ben.isLive();
  await expect(waiting).toHaveCount(0);
  await expect(ben.messages.filter({ hasText: 'sent into the dark' })).toHaveCount(1);
  if (processes === 'two') await expect(ben.messages.filter({ hasText: 'said meanwhile' })).toHaveCount(1);
  await postMessage(ann, room, 'welcome back');
  await ben.sees('welcome back');
  expect(await ben.page.evaluate(() => (window as any).sameLoad)).toBe(true);

  await ann.open(room);
  await expect(ann.messages).toHaveCount(processes === 'two' ? 4 : 3);
});

test('a server killed in mid-chat loses nothing it accepted @scripts',
  apart('covered by “after SIGKILL and a restart the chat continues by itself”'), async ({ join, own }) => {
  const [ann, ben] = [await join('ann', own.at), await join('ben', own.at)];
  const room = await befriend(ann, ben);
  await ann.open(room);
  await ben.open(room);
  for (const text of ['one', 'two', 'three']) await ann.say(text);
  await own.stop('SIGKILL');
  await own.run();
  await ann.isLive();
  await ann.say('four');
  await ben.isLive();
  await expect(ben.messages).toHaveCount(4);
});

test('the server restarts and the form still sends @plain @once',
  apart('covered by “the server restarts in mid-chat and the page continues”'), async ({ join, own }) => {
  const [ann, ben] = [await join('ann', own.at), await join('ben', own.at)];
  const room = await befriend(ann, ben);
  await ann.open(room);
  await ann.composer.fill('typed before, sent after');
  await own.stop();
  await own.run();
  await ann.enter();
  await expect(ann.messages).toHaveCount(1);
  await ben.open(room);
  await ben.sees('typed before, sent after');
});
