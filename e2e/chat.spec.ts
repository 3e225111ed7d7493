import { apart, befriend, canary, expect, postMessage, test } from './story';

test('two friends chat, and both read the same', async ({ friends: { ann, ben, room } }) => {
  await ann.open(room);
  await ben.open(room);
  await ann.isLive();
  await ben.isLive();

  await ann.say('Is the kettle on?');
  await ben.sees('Is the kettle on?');
  await ben.say(`It is. ${canary}`);
  await ann.sees('It is.');
  await ann.say('On my way');
  await ben.sees('On my way');

  const texts = await ann.messages.locator('.body').allInnerTexts();
  expect(texts).toEqual(['Is the kettle on?', `It is. ${canary}`, 'On my way']);
  expect(await ben.messages.locator('.body').allInnerTexts()).toEqual(texts);
  expect(await ann.messages.evaluateAll((all) => all.map((li) => li.getAttribute('data-author'))))
    .toEqual([ann.name, ben.name, ann.name]);
});

test('a live page never reloads @scripts @once',
  apart('what reloads without scripts is covered by “two people chat live, and only the composer reloads”'), async ({ friends: { ann, ben, room } }) => {
  await ann.open(room);
  await ben.open(room);
  await ben.isLive();
  // A reload would lose this mark.
  await ben.page.evaluate(() => { (window as any).sameLoad = true; });
  for (const text of ['one', 'two', 'three']) await ann.say(text);
  await ben.say('four');
  await expect(ben.messages).toHaveCount(4);
  expect(await ben.page.evaluate(() => (window as any).sameLoad)).toBe(true);
});

test('own messages look different, and not only by color @once', async ({ friends: { ann, ben, room } }) => {
  await postMessage(ann, room, 'from Ann');
  await postMessage(ben, room, 'from Ben');
  await ann.open(room);
  const left = async (text: string) => (await ann.messages.filter({ hasText: text }).locator('.bubble').boundingBox())!.x;
  await expect(async () => expect(await left('from Ann')).toBeGreaterThan(await left('from Ben'))).toPass(); // once the styles are there
});

test('messages are text, and markup in them has no effect @once', async ({ friends: { ann, ben, room } }) => {
  const bodies = [
    '<script>document.title = "owned"</script>',
    '<img src=x onerror="document.title = \'owned\'">',
    '<b hx-get="/sign-out" hx-trigger="load">bold</b>',
    '</li></ol><h1>gone</h1>',
    'a & b &amp; c "quoted"',
  ];
  await ben.open(room);
  await ben.isLive();
  for (const body of bodies) await postMessage(ann, room, body);
  await ben.sees('quoted');
  for (const body of bodies) await expect(ben.messages.filter({ hasText: body })).toHaveCount(1);
  expect(await ben.page.title()).not.toContain('owned');
  await expect(ben.messages.locator('script, b, h1, img:not(.avatar)')).toHaveCount(0);
});

test('web addresses become links, and nothing else does @once', async ({ friends: { ann, ben, room } }) => {
  await postMessage(ann, room, 'see https://example.org/a?b=c&d=e, not javascript:alert(1)');
  await ben.open(room);
  const links = ben.messages.locator('.body a');
  await expect(links).toHaveCount(1);
  await expect(links).toHaveAttribute('href', 'https://example.org/a?b=c&d=e');
  await expect(links).toHaveAttribute('rel', 'noopener nofollow');
});

test('line breaks are kept @once', async ({ friends: { ann, ben, room } }) => {
  await postMessage(ann, room, 'first\nsecond\n\n  indented');
  await ben.open(room);
  expect(await ben.messages.locator('.body').innerText()).toBe('first\nsecond\n\n  indented');
});

test('the last fifty messages are shown, and older ones are a link away @once', async ({ friends: { ann, ben, room }, javaScriptEnabled: scripts }) => {
  for (let i = 1; i <= 60; i++) await postMessage(ann, room, `number ${i}.`);
  await ben.post(`${room}/read`);
  await ben.open(room);
  await expect(ben.messages.filter({ hasText: 'number 60.' })).toBeVisible();
  await expect(ben.messages.filter({ hasText: 'number 9.' })).toHaveCount(0);
  if (scripts !== false) { // they are loaded as one nears the first
    await ben.messages.first().scrollIntoViewIfNeeded();
    await expect(ben.messages).toHaveCount(60);
    return expect(ben.older).toHaveCount(0);
  }
  await ben.older.click();
  await expect(ben.messages.filter({ hasText: 'number 9.' })).toHaveCount(1);
  await expect(ben.messages.filter({ hasText: 'number 60.' })).toHaveCount(0);
  await ben.back();
  await expect(ben.messages.filter({ hasText: 'number 60.' })).toBeVisible();
});

test('a room that stays open keeps a short list, with a link to what it dropped @scripts @once',
  apart('without scripts, frames restart now and then, and pages with each click'), async ({ friends: { ann, ben, room } }) => {
  const entries = ben.log.locator('> li');
  const say = async (first: number, last: number) => {
    for (let i = first; i <= last; i++) await postMessage(ann, room, `number ${i}.`);
    await ben.sees(`number ${last}.`);
  };
  await postMessage(ann, room, 'number 1.');
  await ben.open(room);
  await ben.isLive();
  await expect(ben.older).toHaveCount(0);
  await ben.composer.focus();
  await say(2, 310);
  await expect.poll(() => entries.count()).toBeLessThan(300);
  await expect(entries.first()).toHaveClass('day');
  await expect(ben.messages.first().locator('.avatar')).toBeVisible();

  // Whoever looks back keeps what is there.
  await ben.messages.first().scrollIntoViewIfNeeded();
  await expect(async () => { // and gets the rest
    await ben.messages.first().scrollIntoViewIfNeeded();
    await expect(ben.older).toHaveCount(0, { timeout: 200 });
  }).toPass();
  const whole = await ben.messages.locator('.body').allInnerTexts();
  expect(whole).toEqual(Array.from({ length: 310 }, (_, i) => `number ${i + 1}.`));
  await ben.messages.first().scrollIntoViewIfNeeded();
  await say(311, 420);
  await expect(ben.messages.first().locator('.body')).toHaveText('number 1.');
  await expect(ben.messages.first()).toBeInViewport();
  await ben.messages.last().scrollIntoViewIfNeeded();
  await say(421, 421);
  await expect.poll(() => entries.count()).toBeLessThan(300); // a heartbeat shortens it, too

  const number = Number((await ben.messages.first().locator('.body').innerText()).match(/\d+/));
  await ben.messages.first().scrollIntoViewIfNeeded();
  await expect(ben.messages.filter({ hasText: `number ${number - 1}.` })).toHaveCount(1);
});

test('a reader further up sees that there are new messages below, and is led there @scripts @once',
  apart('a frame cannot know how far it is scrolled'), async ({ friends: { ann, ben, room } }) => {
  for (let i = 1; i <= 40; i++) await postMessage(ann, room, `number ${i}.`);
  await ben.post(`${room}/read`);
  await ben.open(room);
  await ben.isLive();
  const below = ben.page.locator('#newest');
  await postMessage(ann, room, 'seen as it comes');
  await ben.sees('seen as it comes');
  await expect(below).toBeHidden();
  await ben.messages.first().scrollIntoViewIfNeeded();
  await postMessage(ann, room, 'out of sight');
  await expect(below).toBeVisible();
  await below.press('Enter');
  await expect(ben.messages.filter({ hasText: 'out of sight' })).toBeInViewport();
  await expect(below).toBeHidden();
  await expect(ben.composer).toBeFocused();
  await ben.messages.first().scrollIntoViewIfNeeded();
  await postMessage(ann, room, 'out of sight again');
  await expect(below).toBeVisible();
  await ben.messages.last().scrollIntoViewIfNeeded();
  await expect(below).toBeHidden();
});

test('a stranger cannot tell this room from one that does not exist @once', async ({ friends: { room }, join }) => {
  const eve = await join('eve');
  const [theirs, none] = [await eve.get(room), await eve.get('/rooms/987654321')];
  expect(theirs.status()).toBe(404);
  expect(none.status()).toBe(404);
  expect((await eve.post(`${room}/messages`, { body: 'hello', key: 'k' })).status()).toBe(404);
  await eve.open(room);
  const one = await eve.page.locator('main').innerText();
  await eve.open('/rooms/987654321');
  expect(await eve.page.locator('main').innerText()).toBe(one);
});

test('messages stay in their room', async ({ friends: { ann, ben, room }, join }) => {
  const cid = await join('cid');
  const other = await befriend(ann, cid);
  await ben.open(room);
  await ben.isLive();
  await postMessage(cid, other, 'for Ann alone');
  await postMessage(ann, room, 'for Ben');
  await ben.sees('for Ben');
  await expect(ben.messages.filter({ hasText: 'for Ann alone' })).toHaveCount(0);
});
