// Who is here, and who writes: told while it is so, and only by those who let it be seen.
import type { Person } from './story';
import { apart, befriend, expect, postMessage, test } from './story';

// Where a page says who is here: in its head, or without scripts over the streamed messages.
function here(who: Person) {
  return who.part('messages') === who.page ? who.page.locator('#here') : who.part('messages').locator('.here').last();
}

test('one sees the other come and go', async ({ friends: { ann, ben, room } }) => {
  await ann.open(room);
  await ann.isLive();
  await ben.open(room);
  await expect(here(ann)).toHaveText(`${ben.name} is here`);
  await expect(here(ben)).toHaveText(`${ann.name} is here`);
  await ben.open('/friends');
  await expect(here(ann)).toBeEmpty({ timeout: 20_000 });
});

test('a group counts, and its page names them', async ({ join }) => {
  const [ann, ben, cid] = [await join('ann'), await join('ben'), await join('cid')];
  await befriend(ann, ben);
  await befriend(ann, cid);
  const room = (await ann.post('/rooms', { name: 'Walks', username: ben.name })).headers().location;
  await ann.post(`${room}/members`, { username: cid.name });
  for (const who of [ann, ben, cid]) await who.open(room);
  await expect(here(ann)).toHaveText('3 here now');
  const members = await ann.page.context().newPage();
  await expect(async () => {
    await members.goto(`${ann.at}${room}/members`);
    await expect(members.locator('.present')).toHaveCount(2, { timeout: 1000 });
  }).toPass();
  await expect(members.locator(`[data-username="${ben.name}"]`)).toContainText('Here now');
});

test('who is writing is told, until the message comes @scripts',
  apart('nothing can tell that somebody types'), async ({ friends: { ann, ben, room } }) => {
  for (const who of [ann, ben]) {
    await who.open(room);
    await who.isLive();
  }
  await expect(here(ann)).toHaveText(`${ben.name} is here`);
  const writing = ann.page.locator('#writing');
  await ben.composer.pressSequentially('Hello');
  await expect(writing).toHaveText(`${ben.name} is writing…`);
  await expect(ben.page.locator('#writing')).toBeEmpty();
  await ben.enter();
  await ann.sees('Hello');
  await expect(writing).toBeEmpty({ timeout: 3000 });
  await ben.page.waitForFunction(() => !(document.querySelector('#body') as HTMLTextAreaElement).value);
  await expect(async () => { // the page says it once in three seconds
    await ben.composer.pressSequentially('x');
    await expect(writing).toHaveText(`${ben.name} is writing…`, { timeout: 700 });
  }).toPass();
  await expect(writing).toBeEmpty(); // and stops by itself
});

test('both can be switched off, and on again', async ({ friends: { ann, ben, room } }) => {
  await ben.open('/profile');
  const boxes = [ben.page.getByLabel('Show others when I am here'), ben.page.getByLabel('Show others when I am writing')];
  for (const box of boxes) {
    await expect(box).toBeChecked();
    await box.uncheck();
  }
  await ben.page.getByRole('button', { name: 'Save' }).click();
  await expect(ben.page.getByRole('status').filter({ hasText: 'Saved' })).toBeVisible();
  for (const box of boxes) await expect(box).not.toBeChecked();
  const [tab] = [await ben.page.context().newPage()];
  await ben.open(room);
  await ben.isLive();
  await ann.open(room);
  await ann.isLive();
  await expect(here(ben)).toHaveText(`${ann.name} is here`); // and so ben's page has been counted
  await ben.composer.pressSequentially('Hello');
  await ben.enter();
  await ann.sees('Hello');
  await expect(ann.page.locator('#here, #writing').filter({ hasText: ben.name })).toHaveCount(0);
  await expect(ann.part('messages').locator('.here').filter({ hasText: ben.name })).toHaveCount(0);
  await tab.goto(`${ben.at}/profile`);
  await tab.getByLabel('Show others when I am here').check();
  await tab.getByRole('button', { name: 'Save' }).click();
  await expect(here(ann)).toHaveText(`${ben.name} is here`);
});

test('whoever is removed is not told any more @once', async ({ friends: { ann, ben, room } }) => {
  await ann.open(room);
  await ann.isLive();
  await ben.open(room);
  await expect(here(ann)).toHaveText(`${ben.name} is here`);
  await ben.post(`/friends/${ann.name}/block`);
  expect((await ann.get(room)).status()).toBe(404);
  await postMessage(ben, room, 'alone').catch(() => {}); // the room is closed for both
  expect((await ben.get(room)).status()).toBe(404);
});
