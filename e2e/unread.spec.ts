import { befriend, expect, postMessage, test } from './story';

test('the room list counts what is unread, in words', async ({ friends: { ann, ben, room }, javaScriptEnabled: scripts }) => {
  const entry = ann.page.locator(`#rooms a[href="${room}"]`);
  await ann.open('/rooms');
  await ann.isLive();
  await expect(entry.locator('.unread')).toHaveCount(0);
  for (const text of ['one', 'two', 'three']) await postMessage(ben, room, text);
  if (scripts === false) await ann.reload();
  await expect(entry.locator('.unread')).toHaveText('3 unread');
  await expect(entry).toContainText('three');
  if (scripts !== false) await expect(ann.page).toHaveTitle(/^\(3\) /);

  await entry.click();
  await expect(ann.messages).toHaveCount(3);
  if (scripts !== false) await expect(ann.page.locator('#rooms .unread')).toHaveCount(0);
  await ann.open('/rooms');
  await expect(entry.locator('.unread')).toHaveCount(0);
});

test('own messages are never unread', async ({ friends: { ann, room } }) => {
  await postMessage(ann, room, 'from me');
  await ann.open('/rooms');
  await expect(ann.page.locator(`#rooms a[href="${room}"]`)).toContainText('from me');
  await expect(ann.page.locator('#rooms .unread')).toHaveCount(0);
});

test('the room with the newest message is first', async ({ friends: { ann, ben, room }, join, javaScriptEnabled: scripts }) => {
  const cid = await join('cid');
  const other = await befriend(ann, cid);
  await ann.open('/rooms');
  await ann.isLive();
  const first = ann.page.locator('#rooms a[href^="/rooms/"]').first();
  for (const [who, where] of [[ben, room], [cid, other], [ben, room]] as const) {
    await postMessage(who, where, 'me first');
    if (scripts === false) await ann.reload();
    await expect(first).toHaveAttribute('href', where);
  }
});

test('another room counts while this one is open @scripts', async ({ friends: { ann, ben, room }, join }) => {
  const cid = await join('cid');
  const other = await befriend(ann, cid);
  await ann.open(other);
  await ann.isLive();
  await postMessage(ben, room, 'psst');
  await expect(ann.page.locator(`#rooms a[href="${room}"] .unread`)).toHaveText('1 unread');
  // What arrives in the open room is read as it comes.
  await postMessage(cid, other, 'over here');
  await ann.sees('over here');
  await expect(ann.page.locator(`#rooms a[href="${other}"]`)).toContainText('over here');
  await expect(ann.page.locator(`#rooms a[href="${other}"] .unread`)).toHaveCount(0);
});
