// Without scripts the room list is live, too: a streaming page in a frame.
import { apart, befriend, expect, postMessage, test } from './story';

test('the room list counts new messages, and leads to them @plain',
  apart('covered by “the room list shows unread counts”'), async ({ friends: { ann, ben, room } }) => {
  await ann.open('/rooms');
  const line = ann.line(room);
  await expect(line.locator('.last')).toHaveClass(/none/);
  await expect(ann.page.locator('main > #rooms')).toBeHidden();
  for (const text of ['one', 'two']) await postMessage(ben, room, text);
  await expect(line).toContainText('two');
  await expect(line.locator('.unread')).toContainText('2');
  await expect(ann.page.frameLocator('iframe[name=rooms]').locator('.state:visible')).toHaveCount(1);
  await line.click();
  await expect(ann.page).toHaveURL(new RegExp(`${room}$`));
  await ann.sees('two');
  await expect(ann.rooms.locator('a[aria-current=page]')).toContainText('two');
  await expect(ann.rooms.locator('.unread')).toHaveCount(0);
});

test('another room counts in the frame beside this one @plain',
  apart('covered by “another room counts while this one is open”'), async ({ friends: { ann, ben, room }, join }) => {
  const cid = await join('cid');
  const other = await befriend(ann, cid);
  await ann.open(other);
  await postMessage(ben, room, 'psst');
  await expect(ann.unread(room)).toContainText('1');
  await postMessage(cid, other, 'over here');
  await ann.sees('over here');
  await expect(ann.line(other)).toContainText('over here');
  await expect(ann.unread(other)).toHaveCount(0);
});

test('the third tab works, and the first one says that it is paused @plain',
  apart('with scripts, hidden tabs disconnect, so there is no third connection'), async ({ friends: { ann, ben, room } }) => {
  await ann.open(room);
  await expect(ann.log).toBeVisible();
  const context = ann.page.context();
  const tabs = [await context.newPage(), await context.newPage(), await context.newPage()];
  for (const tab of tabs) {
    await tab.goto(ann.at + room, { waitUntil: 'domcontentloaded' });
    await expect(tab.frameLocator('iframe[name=messages]').locator('#messages')).toBeVisible();
    await expect(tab.frameLocator('iframe[name=rooms]').locator('#rooms')).toBeVisible();
  }
  await postMessage(ben, room, 'to the last one');
  await expect(tabs[2].frameLocator('iframe[name=messages]').locator('#messages')).toContainText('to the last one');
  const paused = ann.part('messages').locator('main.empty');
  await expect(paused.getByRole('alert')).toBeVisible({ timeout: 15_000 });
  await paused.locator('a[target=_self]').click();
  await ann.sees('to the last one');
});

test('a plain page has no frames @plain @once',
  apart('with scripts there are no frames anyway'), async ({ friends: { ann, room } }) => {
  await ann.open(`${room}?as=plain`);
  await expect(ann.page.locator('iframe')).toHaveCount(0);
  await expect(ann.page.locator('aside > #rooms')).toBeVisible();
});
