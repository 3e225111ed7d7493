// The room list with scripts off is live as well: a page that never ends, in a frame.
import { apart, befriend, expect, postMessage, test } from './story';

test('the room list counts what comes, and leads to it @plain',
  apart('told in “the room list counts what is unread, in words”'), async ({ friends: { ann, ben, room } }) => {
  await ann.open('/rooms');
  const line = ann.rooms.locator(`a[href="${room}"]`);
  await expect(line).toContainText('Nothing said yet');
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
  apart('told in “another room counts while this one is open”'), async ({ friends: { ann, ben, room }, join }) => {
  const cid = await join('cid');
  const other = await befriend(ann, cid);
  await ann.open(other);
  await postMessage(ben, room, 'psst');
  await expect(ann.rooms.locator(`a[href="${room}"] .unread`)).toContainText('1');
  await postMessage(cid, other, 'over here');
  await ann.sees('over here');
  await expect(ann.rooms.locator(`a[href="${other}"]`)).toContainText('over here');
  await expect(ann.rooms.locator(`a[href="${other}"] .unread`)).toHaveCount(0);
});

test('the third tab works, and the first one says that it has stopped @plain',
  apart('hidden tabs hang up, so there is no third line'), async ({ friends: { ann, ben, room } }) => {
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
  const goOn = ann.page.frameLocator('iframe[name=messages]').getByRole('link', { name: 'Go on here' });
  await expect(ann.part('messages').getByRole('heading', { name: 'Paused' })).toBeVisible({ timeout: 15_000 });
  await goOn.click();
  await ann.sees('to the last one');
});

test('without scripts and with a plain page, nothing is in frames @plain @once',
  apart('with scripts nothing is in frames'), async ({ friends: { ann, room } }) => {
  await ann.open(`${room}?as=plain`);
  await expect(ann.page.locator('iframe')).toHaveCount(0);
  await expect(ann.page.locator('aside > #rooms')).toBeVisible();
});
