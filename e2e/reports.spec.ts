// Who reports a message, and who runs the server: the first account of a process of the story's own.
import { befriend, expect, postMessage, test } from './story';

test('a message is reported, and its reporter hears what came of it @once', async ({ join, own }) => {
  const [root, ann, ben] = [await join('root', own.at), await join('ann', own.at), await join('ben', own.at)];
  const room = await befriend(ann, ben);
  await postMessage(ann, room, 'Good morning');
  await postMessage(ben, room, 'You silly goose');
  await ann.open(room);
  await ann.isLive();
  if (ann.scripts) await ann.openMenu('You silly goose');
  else await ann.more('You silly goose');
  await ann.page.locator('.acts a[href$="/report"]').click();
  await expect(ann.page.locator('#messages')).toContainText('You silly goose');
  const report = ann.form(ann.path);
  await report.locator('[name=reason][value=insult]').check();
  await report.locator('[name=words]').fill('He always does that');
  await ann.press(ann.path);
  await expect(ann.notice).toBeVisible();
  await expect(ann.page.locator('#reports > li')).toHaveCount(1);
  await ann.open('/rooms');
  await ann.isLive();

  await ben.post(`${room}/messages/3/delete`);
  await root.open('/admin/reports');
  await root.page.locator('#reports a').click();
  for (const text of ['Good morning', 'You silly goose']) await expect(root.log).toContainText(text);
  await expect(root.log.locator('a')).toHaveCount(0);
  await expect(root.page.locator('main')).toContainText('He always does that');
  const decision = root.form(root.path);
  await decision.locator('[name=answer][value=warned]').check();
  await decision.locator('[name=words]').fill('He is sorry');
  await root.press(root.path);
  await expect(decision).toHaveCount(0);

  await ann.rooms.locator('a[href="/reports"]').click(); // which has come by itself
  await expect(ann.page.locator('#reports > li')).toContainText('He is sorry');
});
