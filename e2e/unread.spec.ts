import { apart, befriend, expect, postMessage, test } from './story';

test('the room list shows unread counts @once', async ({ friends: { ann, ben, room }, javaScriptEnabled: scripts }) => {
  const entry = ann.line(room);
  await ann.open('/rooms');
  await ann.isLive();
  await expect(entry.locator('.unread')).toHaveCount(0);
  for (const text of ['one', 'two', 'three']) await postMessage(ben, room, text);
  if (scripts === false) await ann.reload();
  await expect(entry.locator('.unread')).toHaveText(/^3 \w+/); // the word is for screen readers
  await expect(entry).toContainText('three');
  await expect(ann.page).toHaveTitle(/^\(3\) /);

  await entry.click();
  await expect(ann.messages).toHaveCount(3);
  if (scripts !== false) await expect(ann.rooms.locator('.unread')).toHaveCount(0);
  await ann.open('/rooms');
  await expect(entry.locator('.unread')).toHaveCount(0);
});

test('a room opens at its first unread message, and reading goes on from there @scripts @once',
  apart('covered by “without scripts, a small link leads to the first unread message”'), async ({ friends: { ann, ben, room } }) => {
  await postMessage(ann, room, 'read before');
  await ann.post(`${room}/read`);
  for (let i = 1; i <= 130; i++) await postMessage(ben, room, `number ${i}.`);
  await ann.open(room);
  await ann.isLive();
  const mark = ann.page.locator('#new');
  await expect(mark).toBeInViewport();
  const nearTop = async () => (await mark.boundingBox())!.y - (await ann.page.locator('.scroller').boundingBox())!.y;
  expect(await nearTop()).toBeLessThan(120);
  await expect(ann.messages.filter({ hasText: 'read before' })).toHaveCount(1); // loaded above it, where it moves nothing
  expect(await nearTop()).toBeLessThan(120);
  await postMessage(ben, room, 'said meanwhile');
  await ann.sees('said meanwhile');

  // Reading on: what is missing comes in its order, once, and nothing that was read stays unread.
  const last = ann.messages.filter({ hasText: 'said meanwhile' });
  await expect(async () => {
    await ann.page.locator('.scroller').hover();
    await ann.page.mouse.wheel(0, 1500);
    await expect(last).toBeInViewport({ timeout: 200 });
  }).toPass();
  const bodies = await ann.messages.locator('.body').allInnerTexts();
  expect(bodies).toEqual(['read before', ...Array.from({ length: 130 }, (_, i) => `number ${i + 1}.`), 'said meanwhile']);
  await expect(ann.page.locator('.gap')).toHaveCount(0);
  await ann.page.waitForRequest(`**${room}/read`); // after a second in view
  await ann.open('/rooms');
  await expect(ann.line(room).locator('.unread')).toHaveCount(0);
});

test('a few unread messages leave what is above them in view @scripts @once',
  apart('without scripts, a room opens at its end'), async ({ friends: { ann, ben, room } }) => {
  for (let i = 1; i <= 40; i++) await postMessage(ann, room, `number ${i}.`);
  for (const text of ['one', 'two']) await postMessage(ben, room, text);
  await ann.open(room);
  await expect(ann.messages.filter({ hasText: 'two' })).toBeInViewport();
  await expect(ann.page.locator('#new')).toBeInViewport();
  await expect(ann.messages.filter({ hasText: 'number 39.' })).toBeInViewport();
  await ann.open('/friends');
  await ann.post(`${room}/read`);
  for (let i = 1; i <= 30; i++) await postMessage(ben, room, `more ${i}.`);
  await ann.open(room);
  await expect(ann.page.locator('#new + li')).toContainText('more 1.');
  await expect(ann.page.locator('#new + li')).toBeInViewport();
  await expect(ann.messages.filter({ hasText: 'more 30.' })).not.toBeInViewport();
});

test('only what was in view is read @scripts @once',
  apart('covered by “what was not shown stays unread”'), async ({ friends: { ann, ben, room } }) => {
  await postMessage(ann, room, 'mine');
  for (let i = 1; i <= 40; i++) await postMessage(ben, room, `number ${i}.`);
  const read = ann.page.waitForRequest(`**${room}/read`);
  await ann.open(room);
  const { seq } = Object.fromEntries(new URLSearchParams((await read).postData()!));
  const shown = Number(seq) - 2; // after the beginning of the room and mine
  expect(shown).toBeGreaterThan(3);
  expect(shown).toBeLessThan(25);
  await ann.open('/rooms');
  await expect(ann.unread(room)).toContainText(String(40 - shown));
  await ann.open(room);
  await expect(ann.page.locator('#new + li')).toContainText(`number ${shown + 1}.`);
});

test('writing in a room makes the rest of it read @once', async ({ friends: { ann, ben, room }, javaScriptEnabled: scripts }) => {
  for (let i = 1; i <= 70; i++) await postMessage(ben, room, `number ${i}.`);
  await ann.open(`${room}?at=end`);
  await ann.isLive();
  await expect(ann.part('messages').locator('.unseen')).toBeVisible();
  await ann.say('On my way');
  await expect(ann.messages.last()).toBeInViewport();
  if (scripts !== false) await expect(ann.page.locator('.unseen')).toHaveCount(0);
  else await expect(ann.part('messages').locator('.unseen')).toBeHidden();
  await expect(async () => {
    await ann.open('/rooms');
    await expect(ann.line(room).locator('.unread')).toHaveCount(0, { timeout: 1000 });
  }).toPass();
});

test('one who writes above a gap sees the end of the room, and can read back from there @scripts @once',
  apart('without scripts, pages have no gaps'), async ({ friends: { ann, ben, room } }) => {
  for (let i = 1; i <= 130; i++) await postMessage(ben, room, `number ${i}.`);
  await ann.open(room);
  await ann.isLive();
  await expect(ann.message('number 1.')).toBeInViewport();
  await ann.composer.fill('What did I miss?');
  await ann.enter();
  await expect(ann.messages.filter({ hasText: 'What did I miss?' })).toBeInViewport();
  await expect(ann.messages.filter({ hasText: 'number 130.' })).toBeInViewport();
  await expect(async () => {
    await ann.page.locator('.scroller').hover();
    await ann.page.mouse.wheel(0, -1500);
    await expect(ann.message('number 1.')).toBeInViewport({ timeout: 200 });
  }).toPass();
  const bodies = await ann.messages.locator('.body').allInnerTexts();
  expect(bodies).toEqual([...Array.from({ length: 130 }, (_, i) => `number ${i + 1}.`), 'What did I miss?']);
});

test('without scripts, a small link leads to the first unread message @plain @once',
  apart('covered by “a room opens at its first unread message”'), async ({ friends: { ann, ben, room } }) => {
  for (let i = 1; i <= 60; i++) await postMessage(ben, room, `number ${i}.`);
  await ann.open(room);
  const chip = ann.part('messages').locator('.unseen');
  await expect(chip).toBeInViewport();
  await expect(chip.locator('a')).toContainText('60');
  expect((await chip.boundingBox())!.height).toBeLessThan(40);
  await expect(ann.messages.last()).toBeInViewport();
  await chip.locator('a').click();
  await expect(ann.messages.filter({ hasText: 'number 1.' })).toBeInViewport();
});

test('a plain page begins with what is new @plain @once',
  apart('covered by “a room opens at its first unread message”'), async ({ friends: { ann, ben, room } }) => {
  for (let i = 1; i <= 20; i++) await postMessage(ann, room, `old ${i}.`);
  for (let i = 1; i <= 70; i++) await postMessage(ben, room, `number ${i}.`);
  await ann.open(`${room}?as=plain`);
  await expect(ann.page.locator('#new')).toBeInViewport();
  await expect(ann.message('number 1.')).toBeInViewport();
  await ann.newer.click();
  await expect(ann.message('number 70.')).toHaveCount(1);
  await ann.open(`${room}?as=plain`);
  await expect(ann.message('number 70.')).toBeInViewport(); // all is read
  for (let i = 1; i <= 10; i++) await postMessage(ben, room, `later ${i}.`);
  await ann.open(`${room}?as=plain`);
  await expect(ann.messages.first()).toContainText('later 1.');
  await expect(ann.messages.first()).toBeInViewport();
  await ann.older.click();
  await expect(ann.message('number 70.')).toBeInViewport();
});

test('own messages are never unread @once', async ({ friends: { ann, room } }) => {
  await postMessage(ann, room, 'from me');
  await ann.open('/rooms');
  await expect(ann.line(room)).toContainText('from me');
  await expect(ann.rooms.locator('.unread')).toHaveCount(0);
});

test('the room with the newest message comes first', async ({ friends: { ann, ben, room }, join, javaScriptEnabled: scripts }) => {
  const cid = await join('cid');
  const other = await befriend(ann, cid);
  await ann.open('/rooms');
  await ann.isLive();
  const first = ann.rooms.locator('a[href^="/rooms/"]').first();
  for (const [who, where] of [[ben, room], [cid, other], [ben, room]] as const) {
    await postMessage(who, where, 'me first');
    if (scripts === false) await ann.reload();
    await expect(first).toHaveAttribute('href', where);
  }
});

test('another room counts while this one is open @scripts @once',
  apart('covered by “another room counts in the frame beside this one”'), async ({ friends: { ann, ben, room }, join }) => {
  const cid = await join('cid');
  const other = await befriend(ann, cid);
  await ann.open(other);
  await ann.isLive();
  await postMessage(ben, room, 'psst');
  await expect(ann.unread(room)).toContainText('1');
  // Messages in the open room are read as they arrive.
  await postMessage(cid, other, 'over here');
  await ann.sees('over here');
  await expect(ann.line(other)).toContainText('over here');
  await expect(ann.unread(other)).toHaveCount(0);
});

test('messages can be marked unread, and an open page respects that', async ({ friends: { ann, ben, room }, javaScriptEnabled: scripts }) => {
  for (const text of ['one', 'two', 'three']) await postMessage(ben, room, text);
  await ann.open(room);
  await ann.sees('three');
  await ann.open(`${room}/messages/3`);
  await ann.press(`${room}/messages/3/unread`);
  await expect(ann.page).toHaveURL(/\/rooms$/);
  const entry = ann.line(room);
  await expect(entry.locator('.unread')).toContainText('2');
  await expect(ann.page).toHaveTitle(/^\(2\) /);
  await entry.click();
  const list = ann.part('messages').locator('#messages > li');
  await expect(list.filter({ hasText: 'one' }).locator('+ li')).toHaveClass('new');
  await ann.open('/rooms');
  await expect(entry.locator('.unread')).toHaveCount(0);
  await expect(ann.page).toHaveTitle(/^[^(]/);
  if (scripts === false) return;

  const second = await ann.page.context().newPage();
  const read = second.waitForResponse(`**${room}/read`); // sent once the end has been in view for a second
  await second.goto(ann.at + room);
  await expect(second.locator('#messages > li').filter({ hasText: 'three' })).toBeInViewport();
  await read;
  await ann.post(`${room}/messages/3/unread`);
  await expect(ann.rooms.locator('.unread')).toContainText('2');
  await postMessage(ann, room, 'mine'); // reaches the open room
  await expect(second.locator('#messages > li').filter({ hasText: 'mine' })).toBeVisible();
});

test('what was not shown stays unread @once', async ({ friends: { ann, ben, room } }) => {
  for (let i = 1; i <= 90; i++) await postMessage(ben, room, `line ${i}.`);
  const count = ann.unread(room);
  if (!ann.scripts) {
    await ann.open(room);
    await ann.sees('line 90.');
    await ann.open('/rooms');
    await expect(count).toContainText('90');
    await ann.open(room);
    await ann.part('messages').locator('.unseen a').click();
  } else await ann.open(room);
  await expect(ann.page.locator('#new + li')).toContainText('line 1.');
  await expect(ann.page.locator('#new + li')).toBeInViewport();
  await ann.open('/rooms');
  const left = async () => Number((await count.textContent())!.split(' ')[0]);
  await expect.poll(left).toBeLessThan(90);
  expect(await left()).toBeGreaterThan(0);
  await ann.open(`${room}?at=end`);
  await ann.part('messages').locator('.unseen button').click();
  await ann.sees('line 90.');
  await ann.open('/rooms');
  await expect(count).toHaveCount(0);
});

test('a muted room keeps its count, outside the page title, and mentions may count alone @once', async ({ friends: { ann, ben, room } }) => {
  await postMessage(ben, room, 'hey');
  const level = (value: string) => ann.form(`${room}/mute`).locator(`[value=${value}]`);
  await ann.open(`/people/${ben.name}`);
  await level('nothing').check();
  await ann.press(`${room}/mute`);
  await expect(level('nothing')).toBeChecked();
  await ann.open('/rooms');
  await expect(ann.line(room).locator('.muted')).toHaveText(/\w+\s+1 \w+/);
  await expect(ann.page).toHaveTitle(/^[^(]/);
  await ann.open(`/people/${ben.name}`);
  await level('mentions').check();
  await ann.press(`${room}/mute`);
  await postMessage(ben, room, `hey @${ann.name}`);
  await ann.open('/rooms');
  await expect(ann.unread(room)).toContainText('2');
  await expect(ann.page).toHaveTitle(/^\(1\) /); // the mention
  await ann.open(`/people/${ben.name}`);
  await level('all').check();
  await ann.press(`${room}/mute`);
  await ann.open('/rooms');
  await expect(ann.page).toHaveTitle(/^\(2\) /);
});
