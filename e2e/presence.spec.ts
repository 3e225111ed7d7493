// Who is online in a room and who is typing, for those who share it.
import { apart, befriend, expect, makeGroup, postMessage, test, type Person } from './story';

// Where a page shows who is online: in its header, or without scripts above the streamed messages.
function here(who: Person) {
  return who.part('messages') === who.page ? who.page.locator('#here') : who.part('messages').locator('.here').last();
}

test('each sees the other come and go', async ({ friends: { ann, ben, room } }) => {
  await ann.open(room);
  await ann.isLive();
  await ben.open(room);
  await expect(here(ann)).toContainText(ben.name);
  await expect(here(ben)).toContainText(ann.name);
  await ben.open('/friends');
  await expect(here(ann)).toBeEmpty();
});

test('a group shows how many are online, and its members page shows who', async ({ join }) => {
  const [ann, ben, cid] = [await join('ann'), await join('ben'), await join('cid')];
  await befriend(ann, ben);
  await befriend(ann, cid);
  const room = await makeGroup(ann, 'Walks', [ben, cid]);
  for (const who of [ann, ben, cid]) await who.open(room);
  await expect(here(ann)).toContainText('3');
  const members = await ann.page.context().newPage();
  await expect(async () => {
    await members.goto(`${ann.at}${room}/members`);
    await expect(members.locator('.present')).toHaveCount(2, { timeout: 1000 });
  }).toPass();
  await expect(members.locator(`[data-username="${ben.name}"] .present`)).toBeVisible();
});

test('typing is shown until the message arrives @scripts',
  apart('without scripts, nothing can detect typing'), async ({ friends: { ann, ben, room } }) => {
  for (const who of [ann, ben]) {
    await who.open(room);
    await who.isLive();
  }
  await expect(here(ann)).toContainText(ben.name);
  // The title already shows the name, which the ear still gets.
  expect((await here(ann).locator('.named').boundingBox())!.width).toBe(1);
  const typing = ann.page.locator('#writing');
  await ben.composer.pressSequentially('Hello');
  await expect(typing).toContainText(ben.name);
  await expect(ben.page.locator('#writing')).toBeEmpty();
  await ben.enter();
  await ann.sees('Hello');
  await expect(typing).toBeEmpty();
  await ben.page.waitForFunction(() => !(document.querySelector('#body') as HTMLTextAreaElement).value);
  await expect(async () => { // the page sends it once every three seconds
    await ben.composer.pressSequentially('x');
    await expect(typing).toContainText(ben.name, { timeout: 700 });
  }).toPass();
  await expect(typing).toBeEmpty(); // it ends by itself
});

test('presence and typing can be switched off, and on again @once', async ({ friends: { ann, ben, room } }) => {
  await ben.open('/profile');
  await ben.unfold('presence');
  const boxes = ['show_here', 'show_writing'].map((name) => ben.field('/profile?only=presence', name));
  for (const box of boxes) {
    await expect(box).toBeChecked();
    await box.uncheck();
  }
  await ben.press('/profile?only=presence');
  await expect(ben.notice).toBeVisible();
  for (const box of boxes) await expect(box).not.toBeChecked();
  const tab = await ben.page.context().newPage();
  await ben.open(room);
  await ben.isLive();
  await ann.open(room);
  await ann.isLive();
  await expect(here(ben)).toContainText(ann.name); // so Ben's page has been counted, too
  await ben.composer.pressSequentially('Hello');
  await ben.enter();
  await ann.sees('Hello');
  await expect(ann.page.locator('#here, #writing').filter({ hasText: ben.name })).toHaveCount(0);
  await expect(ann.part('messages').locator('.here').filter({ hasText: ben.name })).toHaveCount(0);
  await tab.goto(`${ben.at}/profile`);
  await tab.locator('#presence > summary').click();
  const form = tab.locator('form[action="/profile?only=presence"]');
  await form.locator('[name=show_here]').check();
  await form.locator('button').click();
  await expect(here(ann)).toContainText(ben.name);
});

test('blocking somebody ends presence along with the room @once', async ({ friends: { ann, ben, room } }) => {
  await ann.open(room);
  await ann.isLive();
  await ben.open(room);
  await expect(here(ann)).toContainText(ben.name);
  await ben.post(`/friends/${ann.name}/block`);
  expect((await ann.get(room)).status()).toBe(404);
  await postMessage(ben, room, 'alone').catch(() => {}); // the room is closed to both
  expect((await ben.get(room)).status()).toBe(404);
});
