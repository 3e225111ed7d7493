import { befriend, expect, makeGroup, postMessage, test, type Person } from './story';

// Reloads where nothing arrives by itself.
async function again(who: Person, scripts: boolean | undefined): Promise<void> {
  if (scripts === false) await who.reload();
}

test('moderators delete, pin, close a room for writing and ban', async ({ join, javaScriptEnabled: scripts }) => {
  const [ann, ben, cid] = [await join('ann'), await join('ben'), await join('cid')];
  for (const friend of [ben, cid]) await befriend(ann, friend);
  const room = await makeGroup(ann, 'Sunday walks', [ben, cid]);
  await ann.open(`${room}/members`);
  await ann.press(`${room}/members/${ben.name}/moderator`);
  await expect(ann.page.locator(`li[data-username="${ben.name}"] .role`)).toHaveText('Moderator');

  await cid.open(room);
  await cid.isLive();
  await cid.say('Cheap watches!');
  await cid.say('Meet at the station at nine');
  await ben.open(room);
  await ben.more('Cheap watches!');
  await ben.press(`${ben.path}/delete`);
  await expect(cid.message('Cheap watches!')).toBeHidden();
  await expect(cid.messages.filter({ hasText: `Deleted by ${ben.name}` }).filter({ visible: true })).toHaveCount(1);

  await ben.open(room);
  await ben.more('Meet at the station');
  await ben.press(`${ben.path}/pin`);
  await expect(cid.log.locator('> .notice').filter({ hasText: 'pinned a message' })).toContainText('Meet at the station at nine');
  await again(cid, scripts);
  await expect(cid.page.locator('#pinned')).toContainText('Meet at the station at nine');
  await cid.page.locator('#pinned a').first().click();
  await expect(cid.messages).toHaveText(/Meet at the station at nine/);

  // What is being written when the room is closed stays.
  await cid.open(room);
  await cid.isLive();
  await cid.composer.fill('Or at ten?');
  await ben.open(`${room}/moderation`);
  await ben.page.locator('[name=posting][value=moderators]').check();
  await ben.press(`${room}/moderation`);
  await expect(ben.notice).toBeVisible();
  await expect(cid.log.locator('> .notice').last()).toContainText('only moderators');
  await cid.enter();
  await expect(cid.refusal).toContainText('moderators');
  await expect(cid.composer).toHaveValue('Or at ten?');
  await cid.composer.fill('');
  await again(cid, scripts);
  if (scripts === false) await expect(cid.part('composer').locator('.notice')).toContainText('Only moderators');
  else await expect(cid.page.locator('#read-only')).toContainText('Only moderators');
  await expect(cid.composer).toBeHidden();
  await postMessage(ben, room, 'At nine it is');
  await cid.sees('At nine it is');

  // Slow mode gives the text back, too.
  await ben.page.locator('[name=posting][value=everybody]').check();
  await ben.page.locator('[name=slow]').selectOption('900');
  await ben.press(`${room}/moderation`);
  await expect(cid.log.locator('> .notice').filter({ hasText: '15 minutes' })).toHaveCount(1);
  await again(cid, scripts);
  await cid.say('Thank you');
  await cid.composer.fill('See you there');
  await cid.enter();
  await expect(cid.refusal).toContainText(/1[45] min/);
  await expect(cid.composer).toHaveValue('See you there');

  await ben.open(`${room}/members`);
  await ben.press(`${room}/members/${cid.name}/ban`);
  await expect(ben.page.locator(`li[data-username="${cid.name}"]`)).toHaveCount(0);
  if (scripts === false) expect((await cid.reload())!.status()).toBe(404);
  else await expect(cid.connection).toHaveAttribute('data-state', 'closed');
  await ann.open(`${room}/members`);
  await ann.submit(`${room}/members`, { username: cid.name });
  await expect(ann.alert).toContainText('banned');
  await ben.open(`${room}/moderation`);
  await ben.press(`${room}/members/${cid.name}/unban`);
  await expect(ben.page.locator(`li[data-username="${cid.name}"]`)).toHaveCount(0);
  await ann.open(`${room}/members`);
  await ann.submit(`${room}/members`, { username: cid.name });
  await expect(ann.page.locator(`li[data-username="${cid.name}"]`)).toBeVisible();
});
