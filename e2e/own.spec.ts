// One's own data: taking it along, and deleting the account.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { out } from './parley';
import { expect, password, postMessage, test } from './story';
import { unzip } from './unzip';

test('one’s data opens without a server, rooms with their photos and all @once', async ({ friends: { ann, ben, room } }) => {
  await postMessage(ben, room, 'a **first** word, [elsewhere](https://example.org/)');
  await ann.open('/profile');
  const photo = await ann.page.screenshot();
  await ann.field('/profile', 'photo').setInputFiles({ name: 'me.png', mimeType: 'image/png', buffer: photo });
  await ann.press('/profile');
  await ann.page.context().request.post(`${ann.at}${room}/messages`, {
    multipart: { key: 'with-a-photo', body: 'the sea', photo: { name: 'sea.png', mimeType: 'image/png', buffer: photo } }, maxRedirects: 0,
  });
  await ben.open('/profile');
  await ben.submit('/profile/export', { password: 'not the password' });
  await expect(ben.alert).toBeVisible();
  const coming = ben.page.waitForEvent('download');
  await ben.submit('/profile/export', { password });
  const archive = await (await coming).path();
  const folder = mkdtempSync(join(out, 'unzipped-'));
  const names = unzip(readFileSync(archive), folder);
  expect(names).toContain('profile.json');

  const page = ben.page;
  await page.context().setOffline(true);
  await page.goto(String(pathToFileURL(join(folder, 'index.html'))));
  await page.locator('a[href^="rooms/"]').click();
  const said = page.locator('#messages > li[data-author]');
  await expect(said).toHaveCount(2);
  await expect(said.first().locator('strong', { hasText: 'first' })).toBeVisible();
  await expect(said.first().getByRole('link', { name: 'elsewhere' })).toHaveAttribute('href', 'https://example.org/');
  await expect.poll(() => page.locator('img').evaluateAll((all) => (
    all.length === 2 && all.every((img) => (img as HTMLImageElement).naturalWidth > 0)
  ))).toBe(true);
  expect(await page.locator('#messages').evaluate((list) => getComputedStyle(list).listStyleType)).toBe('none');
  await page.locator('.pictures a').click();
  await expect(page).toHaveURL(/\/photos\/\d+-large\.\w+$/);
  rmSync(folder, { recursive: true });
});

test('an account that is deleted stays for a day, in which signing in keeps it', async ({ friends: { ann, ben, room }, visitor }) => {
  await ben.open('/profile');
  await ben.unfold('own');
  await ben.page.locator('a[href="/profile/delete"]').click();
  await ben.submit('/profile/delete', { password });
  await expect(ben.alert).toBeVisible(); // what is to become of the messages?
  await ben.page.locator('input[name=messages][value=delete]').check();
  await ben.submit('/profile/delete', { password });
  await expect(ben.notice).toBeVisible();
  expect(ben.path).toBe('/sign-in');
  expect((await ben.get('/rooms')).status()).toBe(303);
  await postMessage(ann, room, 'are you still there?');

  await visitor.open('/sign-in');
  await visitor.signIn(ben.name);
  await expect(visitor.notice).toBeVisible();
  expect(visitor.path).toBe('/profile');
  await visitor.open(room);
  await visitor.sees('are you still there?');
});
