// Ways back into an account, and another device.
import { expect, password, test } from './story';

test('a recovery code sets a new password, ends other sessions and is announced @once', async ({ join, visitor }) => {
  const ann = await join('ann');
  await ann.open('/profile');
  await ann.submit('/profile/codes', { current: password });
  const codes = ann.page.locator('#codes code');
  await expect(codes).toHaveCount(10);
  const code = await codes.first().innerText();
  await ann.open('/profile');

  const { page, at } = visitor;
  await visitor.open('/sign-in');
  await page.locator('a[href="/forgot"]').click();
  await page.locator('a[href="/recover"]').click();
  await visitor.submit('/recover', { username: ann.name, code: 'nothing like it', password: `${password} again` });
  await expect(visitor.alert).toBeVisible();
  await expect(visitor.field('/recover', 'username')).toHaveValue(ann.name);
  await visitor.submit('/recover', { username: ann.name, code, password: `${password} again` });
  await expect(page).toHaveURL(`${at}/rooms`);
  await expect(page.locator('#notice')).toBeVisible();

  if (ann.scripts) await expect(ann.connection).toContainText(/\w/); // the page of the other browser says so
  await ann.open('/rooms');
  await expect(ann.page).toHaveURL(/\/sign-in/);
  await ann.submit('/sign-in', { username: ann.name, password: `${password} again` });
  await expect(ann.page.locator('#notice')).toBeVisible();
  await ann.press('/notice');
  await expect(ann.page).toHaveURL(`${at}/rooms`);
  await expect(ann.page.locator('#notice')).toHaveCount(0);
});

test('a phone is signed in by a link, once the other device has confirmed @once', async ({ join, visitor }) => {
  const ann = await join('ann');
  await ann.open('/profile');
  await ann.press('/profile/device');
  await expect(ann.page.locator('#device img[src^="data:image/png"]')).toBeVisible();
  const link = (await ann.page.locator('#device-link').getAttribute('href'))!;

  await visitor.page.goto(link);
  await visitor.page.locator('main form button').click();
  await expect(visitor.page).toHaveURL(`${visitor.at}/device`);
  const number = await visitor.page.locator('#device b').innerText();
  // Both pages go on by themselves: by a script, or because they load again.
  await expect(ann.page.locator('#device')).toContainText(number);
  await ann.page.locator('#device form[action$="/confirm"] button').click();
  await expect(visitor.page).toHaveURL(`${visitor.at}/rooms`);
  await visitor.open('/profile');
  await expect(visitor.page.locator('body')).toHaveAttribute('data-username', ann.name);
});
