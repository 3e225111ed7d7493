import { apart, befriend, expect, postMessage, test } from './story';

test('the room list shows unread counts', async ({ friends: { ann, ben, room }, javaScriptEnabled: scripts }) => {
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

test('new messages above the page have a link in view @once', async ({ friends: { ann, ben, room } }) => {
  for (let i = 1; i <= 60; i++) await postMessage(ben, room, `number ${i}.`);
  await ann.open(room);
  await ann.isLive();
  const link = ann.part('messages').locator('.unseen a');
  await expect(link).toBeInViewport();
  await expect(ann.messages.last()).toBeInViewport();
  await link.click();
  await expect(ann.messages.filter({ hasText: 'number 1.' })).toBeInViewport();
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

test('another room counts while this one is open @scripts',
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
  await ann.open(room);
  await ann.sees('line 90.');
  await ann.isLive();
  await ann.open('/rooms');
  const count = ann.unread(room);
  await expect(count).toContainText('90');
  await ann.open(room);
  await ann.part('messages').locator('.unseen a').click();
  await expect(ann.page.locator('#new + li')).toContainText('line 1.');
  await expect(ann.page.locator('#new + li')).toBeInViewport();
  await ann.open('/rooms');
  const left = Number((await count.textContent())!.split(' ')[0]);
  expect(left).toBeGreaterThan(0);
  expect(left).toBeLessThan(90);
  await ann.open(room);
  await ann.part('messages').locator('.unseen button').click();
  await ann.sees('line 90.');
  await ann.open('/rooms');
  await expect(count).toHaveCount(0);
});

test('a muted room keeps its count, outside the page title @once', async ({ friends: { ann, ben, room } }) => {
  await postMessage(ben, room, 'hey');
  await ann.open(`/people/${ben.name}`);
  const mute = ann.form(`${room}/mute`).locator('button');
  await expect(mute).toHaveAttribute('value', 'yes');
  await mute.click();
  await expect(mute).toHaveAttribute('value', 'no');
  await ann.open('/rooms');
  await expect(ann.line(room).locator('.muted')).toHaveText(/\w+\s+1 \w+/);
  await expect(ann.page).toHaveTitle(/^[^(]/);
  await ann.open(`/people/${ben.name}`);
  await mute.click();
  await ann.open('/rooms');
  await expect(ann.page).toHaveTitle(/^\(1\) /);
});
