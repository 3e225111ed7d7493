// Without scripts the chat is live: the messages are a streaming page in a frame.
import AxeBuilder from '@axe-core/playwright';
import { apart, befriend, expect, postMessage, test, type Person } from './story';

// Records what part of the page loads from now on.
function loads(who: Person): () => string[] {
  const seen: string[] = [];
  who.page.on('framenavigated', (frame) => seen.push(new URL(frame.url()).pathname));
  return () => seen;
}

test('two people chat live, and only the composer reloads @plain',
  apart('covered by “two friends chat, and both read the same”'), async ({ friends: { ann, ben, room } }) => {
  await ann.open(room);
  await ben.open(room);
  await expect(ann.log).toBeVisible();
  await expect(ben.log).toBeVisible();
  const [anns, bens] = [loads(ann), loads(ben)];
  await ann.say('Is the kettle on?');
  await ben.sees('Is the kettle on?');
  await expect(ann.composer).toBeFocused();
  await ben.say('It is.');
  await ann.sees('It is.');
  await ann.say('On my way');
  await ben.sees('On my way');
  for (const seen of [anns(), bens()]) {
    expect(seen.length).toBeGreaterThan(0);
    expect(new Set(seen)).toEqual(new Set([`${room}/composer`]));
  }
});

test('the newest message is in view, and scrolling up keeps the place @plain @once',
  apart('with scripts, the same style scrolls the box'), async ({ friends: { ann, ben, room } }) => {
  for (let i = 1; i <= 40; i++) await postMessage(ann, room, `number ${i}.`);
  await ben.open(room);
  await expect(ben.messages.filter({ hasText: 'number 40.' })).toBeInViewport();
  await postMessage(ann, room, 'the newest');
  await expect(ben.messages.filter({ hasText: 'the newest' })).toBeInViewport();

  const early = ben.messages.filter({ hasText: 'number 20.' });
  await early.scrollIntoViewIfNeeded();
  const before = await early.boundingBox();
  await postMessage(ann, room, 'out of sight');
  await expect(ben.messages.filter({ hasText: 'out of sight' })).toHaveCount(1);
  await expect(ben.messages.filter({ hasText: 'out of sight' })).not.toBeInViewport();
  expect(Math.abs((await early.boundingBox())!.y - before!.y)).toBeLessThanOrEqual(1);
});

test('a deleted message disappears from the open page, also from quotes @plain @once',
  apart('covered by “a message is deleted, also in quotes of it”'), async ({ friends: { ann, ben, room } }) => {
  await postMessage(ann, room, 'A secret by mistake');
  await ben.post(`${room}/messages`, { body: 'Which one?', reply_to: '2' });
  await ben.open(room);
  const secret = ben.part('messages').getByText('A secret by mistake');
  await expect(secret.first()).toBeVisible();
  await expect(secret.last()).toBeVisible();
  await ann.post(`${room}/messages/2/delete`);
  await expect(ben.log.locator('.gone').first()).toBeVisible();
  await expect(secret.filter({ visible: true })).toHaveCount(0);
  await expect(ben.messages.filter({ hasText: 'Which one?' })).toBeVisible();
});

test('a message edited twice is announced once on the open page @plain @once',
  apart('covered by “a message is edited, and others can see the earlier version”'), async ({ friends: { ann, ben, room } }) => {
  await postMessage(ann, room, 'Tee');
  await ben.open(room);
  await ben.sees('Tee');
  const changes = ben.log.locator('> .notice[data-of]').filter({ visible: true });
  for (const body of ['Tea', 'Green tea']) {
    await ann.post(`${room}/messages/2/edit`, { body });
    await expect(ben.messages.filter({ hasText: body, visible: true })).toHaveCount(1);
    await expect(changes).toHaveCount(1);
    await postMessage(ben, room, `after ${body}`);
  }
  await ann.post(`${room}/messages/2/delete`);
  await expect(ben.log.locator('.gone')).toBeVisible();
  await expect(changes).toHaveCount(1); // the deletion
});

for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
  test(`after ${signal} and a restart the chat continues by itself @plain${signal === 'SIGTERM' ? ' @once' : ''}`,
    apart('covered by “the server restarts in mid-chat and the page continues”'), async ({ join, own }) => {
    const [ann, ben] = [await join('ann', own.at), await join('ben', own.at)];
    const room = await befriend(ann, ben);
    await ben.open(room);
    await postMessage(ann, room, 'before');
    await ben.sees('before');
    await ben.composer.fill('half a thought');
    await own.stop(signal);
    await own.run();
    await postMessage(ann, room, 'after');
    await expect(ben.messages.filter({ hasText: 'after' })).toHaveCount(1);
    await expect(ben.messages).toHaveCount(2);
    await expect(ben.composer).toHaveValue('half a thought');
    await ben.send.click();
    await ben.sees('half a thought');
  });
}

test('a message sent while the server is down is still there after Back @plain @once',
  apart('with scripts, the page keeps the text and sends it again'), async ({ join, own }) => {
  const [ann, ben] = [await join('ann', own.at), await join('ben', own.at)];
  const room = await befriend(ann, ben);
  await ann.open(room);
  await ann.composer.fill('typed before, sent after');
  await own.stop('SIGKILL');
  await ann.send.click();
  await expect(ann.composer).toHaveCount(0);
  await own.run();
  // Back applies to the frame, so the page itself does not load.
  const devtools = await ann.page.context().newCDPSession(ann.page);
  const { currentIndex, entries } = await devtools.send('Page.getNavigationHistory');
  await devtools.send('Page.navigateToHistoryEntry', { entryId: entries[currentIndex - 1].id });
  await expect(ann.composer).toHaveValue('typed before, sent after');
  await ann.send.click();
  await expect(ann.messages.filter({ hasText: 'typed before, sent after' })).toHaveCount(1);
});

test('a silently lost connection is shown by the style sheet alone @plain @once',
  apart('covered by “a silently dead connection is noticed”'), async ({ join, own }) => {
  const [ann, ben] = [await join('ann', own.at), await join('ben', own.at)];
  const room = await befriend(ann, ben);
  await ben.open(room);
  await expect(ben.log).toBeVisible();
  const lost = ben.part('messages').locator('.beat:empty');
  await expect(lost).toBeHidden();
  own.freeze();
  try {
    // Animations run 25 times as fast; the style waits for 42 seconds.
    const devtools = await ben.page.context().newCDPSession(ben.page);
    await devtools.send('Animation.enable');
    await devtools.send('Animation.setPlaybackRate', { playbackRate: 25 });
    await expect(lost).toBeVisible();
    await expect(ben.part('messages').getByRole('link', { name: (await lost.getAttribute('data-lost'))! }))
      .toHaveAttribute('href', new RegExp(`^${room}/live\\?after=\\d+-\\d+$`));
    await devtools.send('Animation.setPlaybackRate', { playbackRate: 1 });
  } finally {
    own.thaw();
  }
  await postMessage(ann, room, 'still here');
  await ben.sees('still here');
  await expect(lost).toBeHidden();
});

test('signed out elsewhere, the open room says so, once @plain @once',
  apart('covered by “signed out elsewhere, the open room says so and stops asking”'), async ({ friends: { ann, room } }) => {
  await ann.open(room);
  await expect(ann.log).toBeVisible();
  await ann.composer.fill('half a sentence');
  await ann.post('/sign-out');
  await expect(ann.part('messages').locator('[role=alert] a[href^="/sign-in"]')).toBeVisible();
  await ann.send.click();
  await expect(ann.refusal).toBeVisible();
  await expect(ann.composer).toHaveValue('half a sentence');
  // The frame tries once more by itself, and then stops.
  await expect(ann.part('messages').locator('a[href^="/sign-in"]')).toHaveClass('button');
  await expect(ann.part('messages').locator('meta[http-equiv]')).toHaveCount(0);
});

test('axe finds no fault with the frames @scripts @once', apart('axe itself is a script'), async ({ friends: { ann, ben, room } }) => {
  await postMessage(ann, room, 'hello');
  for (const path of [`${room}/live`, `${room}/composer`, '/rooms/live', '/rooms/987654321/live']) {
    for (const colorScheme of ['light', 'dark'] as const) {
      await ben.page.emulateMedia({ colorScheme });
      await ben.page.goto(ben.at + path, { waitUntil: 'commit' });
      await expect(ben.page.locator('main')).toBeVisible();
      const { violations } = await new AxeBuilder({ page: ben.page }).setLegacyMode()
        // The page only refreshes after its connection has broken off.
        .disableRules('meta-refresh').analyze();
      expect(violations.map((v) => `${v.id}: ${v.help}: ${v.nodes.map((n) => n.html).join(' | ')}`), path).toEqual([]);
    }
  }
});
