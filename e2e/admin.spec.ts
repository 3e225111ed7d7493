// Running a server: the first account, its settings, and a suspension.
import { befriend, expect, password, postMessage, status, test, Person } from './story';

test('the first account runs the server, names it, and suspends somebody @once', async ({ own, visitor, join }) => {
  const ann = new Person('ann', visitor.page, own.at, visitor.scripts);
  await ann.open('/sign-in');
  await ann.submit('/sign-up', { server_name: 'Chess club', username: 'ann', password });
  await expect(ann.page).toHaveURL(/\/rooms$/);
  await expect(ann.page).toHaveTitle(/Chess club/);

  const ben = await join('ben', own.at, '');
  const cid = await join('cid', own.at, '');
  const room = await befriend(ben, cid);
  await postMessage(ben, room, 'before');
  await ben.open(room);
  await ben.isLive();

  await ann.open('/profile');
  await ann.page.locator('a[href="/admin"]').click();
  await ann.page.locator('a[href="/admin/settings"]').click();
  await ann.submit('/admin/settings', { accent: '#ffee00' });
  await expect(ann.page.locator('#accent-problem')).toBeVisible();
  await expect(ann.field('/admin/settings', 'accent')).toHaveValue('#ffee00');
  await ann.submit('/admin/settings', { name: 'Go club', accent: '#1d4ed8', welcome: 'Come in.' });
  await expect(ann.notice).toBeVisible();
  await ann.page.locator('a[href="/admin/people"]').click();
  await ann.page.locator('input[name=q]').fill('ben');
  await ann.page.locator('form[role=search] button').click();
  await ann.page.locator('a[href="/admin/people/ben"]').click();
  await ann.press('/admin/people/ben/suspend');
  await expect(ann.form('/admin/people/ben/restore')).toBeVisible();

  if (ben.scripts) await status(ben.page, ['signedOut']);
  else await expect(ben.log.getByRole('alert')).toBeVisible();
  await ben.open('/sign-in');
  await expect(ben.page.getByText('Come in.')).toBeVisible();
  await ben.signIn();
  await expect(ben.alert).toContainText('suspended');
  await cid.open(room);
  await cid.sees('before');
  await ann.press('/admin/people/ben/restore');
  await ben.signIn();
  await expect(ben.page).toHaveURL(/\/rooms$/);
  await ann.page.locator('a[href="/admin/log"]').click();
  await expect(ann.page.locator('.entries li').first()).toContainText('@ben');
});
