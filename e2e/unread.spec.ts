import { apart, befriend, expect, postMessage, test } from './story';

test('the room list counts what is unread, in words', async ({ friends: { ann, ben, room }, javaScriptEnabled: scripts }) => {
  const entry = ann.rooms.locator(`a[href="${room}"]`);
  await ann.open('/rooms');
  await ann.isLive();
  await expect(entry.locator('.unread')).toHaveCount(0);
  for (const text of ['one', 'two', 'three']) await postMessage(ben, room, text);
  if (scripts === false) await ann.reload();
  await expect(entry.locator('.unread')).toHaveText('3 unread');
  await expect(entry).toContainText('three');
  await expect(ann.page).toHaveTitle(/^\(3\) Rooms/);

  await entry.click();
  await expect(ann.messages).toHaveCount(3);
  if (scripts !== false) await expect(ann.rooms.locator('.unread')).toHaveCount(0);
  await ann.open('/rooms');
  await expect(entry.locator('.unread')).toHaveCount(0);
});

test('what is new above the page has a way there in view @once', async ({ friends: { ann, ben, room } }) => {
  for (let i = 1; i <= 60; i++) await postMessage(ben, room, `number ${i}.`);
  await ann.open(room);
  await ann.isLive();
  const way = ann.part('messages').getByRole('link', { name: 'Go to the first new message' });
  await expect(way).toBeInViewport();
  await expect(ann.messages.last()).toBeInViewport();
  await way.click();
  await expect(ann.messages.filter({ hasText: 'number 1.' })).toBeInViewport();
});

test('own messages are never unread @once', async ({ friends: { ann, room } }) => {
  await postMessage(ann, room, 'from me');
  await ann.open('/rooms');
  await expect(ann.rooms.locator(`a[href="${room}"]`)).toContainText('from me');
  await expect(ann.rooms.locator('.unread')).toHaveCount(0);
});

test('the room with the newest message is first', async ({ friends: { ann, ben, room }, join, javaScriptEnabled: scripts }) => {
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
  apart('told in “another room counts in the frame beside this one”'), async ({ friends: { ann, ben, room }, join }) => {
  const cid = await join('cid');
  const other = await befriend(ann, cid);
  await ann.open(other);
  await ann.isLive();
  await postMessage(ben, room, 'psst');
  await expect(ann.rooms.locator(`a[href="${room}"] .unread`)).toHaveText('1 unread');
  // What arrives in the open room is read as it comes.
  await postMessage(cid, other, 'over here');
  await ann.sees('over here');
  await expect(ann.rooms.locator(`a[href="${other}"]`)).toContainText('over here');
  await expect(ann.rooms.locator(`a[href="${other}"] .unread`)).toHaveCount(0);
});

test('a message can be marked unread from, and the open page lets it be', async ({ friends: { ann, ben, room }, javaScriptEnabled: scripts }) => {
  for (const text of ['one', 'two', 'three']) await postMessage(ben, room, text);
  await ann.open(room);
  await ann.sees('three');
  await ann.open(`${room}/messages/3`);
  await ann.page.getByRole('button', { name: 'Mark unread from here' }).click();
  await expect(ann.page).toHaveURL(/\/rooms$/);
  const entry = ann.rooms.locator(`a[href="${room}"]`);
  await expect(entry.locator('.unread')).toHaveText('2 unread');
  await expect(ann.page).toHaveTitle(/^\(2\) Rooms/);
  await entry.click();
  const list = ann.part('messages').locator('#messages > li');
  await expect(list.filter({ hasText: 'one' }).locator('+ li')).toHaveClass('new');
  await ann.open('/rooms');
  await expect(entry.locator('.unread')).toHaveCount(0);
  await expect(ann.page).toHaveTitle(/^Rooms/);
  if (scripts === false) return;

  const second = await ann.page.context().newPage();
  await second.goto(ann.at + room);
  await expect(second.locator('#messages > li').filter({ hasText: 'three' })).toBeInViewport();
  await ann.post(`${room}/messages/3/unread`);
  await expect(ann.rooms.locator('.unread')).toHaveText('2 unread');
  await postMessage(ann, room, 'mine'); // the page of the room hears of it
  await expect(second.locator('#messages > li').filter({ hasText: 'mine' })).toBeVisible();
});

test('what was not shown is not read @once', async ({ friends: { ann, ben, room } }) => {
  for (let i = 1; i <= 90; i++) await postMessage(ben, room, `line ${i}.`);
  await ann.open(room);
  await ann.sees('line 90.');
  await ann.isLive();
  await ann.open('/rooms');
  const count = ann.rooms.locator(`a[href="${room}"] .unread`);
  await expect(count).toHaveText('90 unread');
  await ann.open(room);
  await ann.part('messages').getByRole('link', { name: 'Go to the first new message' }).click();
  await expect(ann.page.locator('#new + li')).toContainText('line 1.');
  await expect(ann.page.locator('#new + li')).toBeInViewport();
  await ann.open('/rooms');
  const left = Number((await count.textContent())!.split(' ')[0]);
  expect(left).toBeGreaterThan(0);
  expect(left).toBeLessThan(90);
  await ann.open(room);
  await ann.part('messages').getByRole('button', { name: 'Mark all as read' }).click();
  await ann.sees('line 90.');
  await ann.open('/rooms');
  await expect(count).toHaveCount(0);
});

test('a muted room keeps its count and stays out of the title @once', async ({ friends: { ann, ben, room } }) => {
  await postMessage(ben, room, 'hey');
  await ann.open(`/people/${ben.name}`);
  await ann.page.getByRole('button', { name: 'Mute this room' }).click();
  await expect(ann.page.getByText('This room is muted')).toBeVisible();
  await ann.open('/rooms');
  const entry = ann.rooms.locator(`a[href="${room}"]`);
  await expect(entry.locator('.muted')).toHaveText(/Muted\s+1 unread/);
  await expect(ann.page).toHaveTitle(/^Rooms/);
  await ann.open(`/people/${ben.name}`);
  await ann.page.getByRole('button', { name: 'Unmute' }).click();
  await ann.open('/rooms');
  await expect(ann.page).toHaveTitle(/^\(1\) Rooms/);
});
