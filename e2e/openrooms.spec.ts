import { expect, test } from './story';

test('somebody finds an open room, joins it, reads what was said before, talks and leaves', async ({ join, javaScriptEnabled: scripts }) => {
  const [ann, ben, cid] = [await join('ann'), await join('ben'), await join('cid')];
  const name = `Square of ${ann.name}`;
  const made = await ann.post('/rooms', { kind: 'open', name, about: 'Whatever there is to say' });
  expect(made.status(), await made.text()).toBe(303);
  const room = made.headers().location;
  await ann.open(room);
  await ann.isLive();
  await ann.say('An early message');

  await ben.open('/rooms');
  await ben.page.locator('a[href="/rooms/open"]').first().click();
  await ben.page.locator('main input[name=q]').fill(name.toUpperCase());
  await ben.page.locator('main form[role=search] button').click();
  await expect(ben.page.locator('#open-rooms > li')).toHaveCount(1);
  await expect(ben.page.locator('#open-rooms')).toContainText('Whatever there is to say');
  await ben.press(`${room}/join`);
  await expect(ben.page).toHaveURL(new RegExp(`${room}(\\?|#|$)`));
  await ben.isLive();
  await ben.sees('An early message');
  const line = ann.log.locator('> .notice').filter({ hasText: ben.name });
  await expect(line).toHaveCount(1);
  await ben.say('Hello from Ben');
  await ann.sees('Hello from Ben');
  await expect(ann.page.locator('#room-members')).toContainText(scripts === false ? '1' : '2');

  await cid.open('/rooms/open');
  await expect(cid.page.locator(`form[action="${room}/join"]`)).toHaveCount(1);

  await ben.open(`${room}/members`);
  await ben.submit(`${room}/leave`, {});
  await expect(ben.page).toHaveURL(/\/rooms$/);
  expect((await ben.get(room)).status()).toBe(404);
  await ben.open('/rooms/open');
  await expect(ben.page.locator(`form[action="${room}/join"]`)).toHaveCount(1);
});
