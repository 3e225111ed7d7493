import type { Locator } from '@playwright/test';
import { apart, expect, postMessage, test } from './story';

// What has the focus, by what a reader would call it.
const focused = () => {
  const { activeElement: e } = document;
  return e === document.body ? 'page' : e?.getAttribute('name') ?? e?.id ?? e?.textContent?.trim() ?? '';
};

for (const width of [390, 1280]) {
  test(`the Tab key goes through the whole room, the way past the bar first, at ${width} pixels @scripts @once`,
    apart('frames put the browser’s own stops in between'), async ({ friends: { ann, room } }) => {
    await ann.page.setViewportSize({ width, height: 800 });
    await ann.open(room);
    await ann.page.keyboard.press('Tab');
    await expect(ann.page.getByRole('link', { name: 'Skip to content' })).toBeFocused();
    const seen: string[] = [];
    for (let n = 0; n < 30 && !seen.includes('body'); n++) {
      await ann.page.keyboard.press('Tab');
      seen.push(await ann.page.evaluate(focused));
    }
    expect(seen).toContain('body'); // the composer's box
    await ann.page.keyboard.press('Tab');
    await expect(ann.send).toBeFocused();
  });
}

test('a way past all messages leads to the box one writes in @once', async ({ friends: { ann, ben, room } }) => {
  for (let i = 1; i <= 20; i++) await postMessage(ben, room, `number ${i}`);
  await ann.open(room);
  await ann.isLive();
  await expect(ann.composer).toBeVisible();
  await ann.page.keyboard.press('Tab');
  await ann.page.keyboard.press('Tab');
  await expect(ann.page.getByRole('link', { name: 'Write a message' })).toBeFocused();
  await ann.page.keyboard.press('Enter');
  await expect(async () => {
    await ann.page.keyboard.press('Tab'); // beside the box there is little: what is written in, and about it
    await expect(ann.composer).toBeFocused({ timeout: 100 });
  }).toPass({ intervals: [0], timeout: 5000 });
});

test('the page of a problem says so in its title, and leads to what is wrong @once', async ({ friends: { ann, room }, visitor }) => {
  const { page } = ann;
  const wrong = async (field: Locator, title: RegExp) => {
    await expect(page).toHaveTitle(title);
    await expect(field).toBeFocused();
    await expect(field).toBeInViewport();
    await expect(field).toHaveAttribute('aria-invalid', 'true');
  };
  await page.setViewportSize({ width: 390, height: 600 });
  await ann.open('/profile');
  await page.getByLabel('The password now').fill('not this one');
  await page.getByLabel('New password').fill('plenty of honey 42');
  await page.getByLabel('New password').press('Enter');
  await wrong(page.getByLabel('The password now'), /^Problem: Profile/);
  await expect(page.getByLabel('The password now')).toHaveAccessibleDescription('The current password is not right.');
  await postMessage(ann, room, 'a message');
  await ann.open(`${room}/messages/2`);
  await page.getByLabel('Another emoji').fill('abc');
  await page.getByLabel('Another emoji').press('Enter');
  await wrong(page.getByLabel('Another emoji'), /^Problem: /);
  await page.getByLabel('Text').fill(' ');
  await page.getByRole('button', { name: 'Save' }).click();
  await wrong(page.getByLabel('Text'), /^Problem: /);

  await visitor.open('/sign-in');
  await visitor.page.getByLabel('Username').fill(ann.name);
  await visitor.page.getByLabel('Password').fill('not this one');
  await visitor.page.getByLabel('Password').press('Enter');
  await expect(visitor.page).toHaveTitle(/^Problem: Sign in/);
  await expect(visitor.page.getByLabel('Password')).toBeFocused();
  await expect(visitor.page.getByLabel('Password')).toHaveAccessibleDescription(/do not go together/);
});

test('Escape puts away an open menu, and then what one answers @scripts @once',
  apart('a page without a script hears no keys'), async ({ friends: { ann, ben, room } }) => {
  await postMessage(ben, room, 'Tea or coffee?');
  await ann.open(`${room}?reply=2`);
  await ann.composer.fill('Tea');
  const photos = ann.page.locator('.attach');
  await photos.locator('summary').click();
  await expect(photos).toHaveAttribute('open', '');
  await ann.page.keyboard.press('Escape');
  await expect(photos).not.toHaveAttribute('open');
  await expect(photos.locator('summary')).toBeFocused();
  await ann.composer.focus();
  await ann.page.keyboard.press('Escape');
  await expect(ann.page.locator('#reply')).toBeEmpty();
  await expect(ann.composer).toHaveValue('Tea');
});

test('an open menu and the focus in it stay while the lists change @scripts @once',
  apart('pages other than rooms stay as they are until the next click'), async ({ friends: { ann, ben }, join }) => {
  const zoe = await join('zoe');
  await ann.open('/friends');
  const menu = ann.page.locator(`li[data-username="${ben.name}"] details`);
  await menu.locator('summary').click();
  const remove = menu.getByRole('button', { name: 'Remove' });
  await remove.focus();
  await zoe.post('/friends', { username: ann.name });
  await expect(ann.page.locator(`li[data-username="${zoe.name}"]`)).toBeVisible();
  await expect(menu).toHaveAttribute('open', '');
  await expect(remove).toBeFocused();
});

test('after an answer the focus is on what became of it @scripts @once',
  apart('the answer is a new page, and begins at its beginning'), async ({ join }) => {
  const [ann, zoe] = [await join('ann'), await join('zoe')];
  await zoe.post('/friends', { username: ann.name });
  await ann.open('/friends');
  await ann.page.locator(`#accept-${zoe.name}`).focus();
  await ann.page.keyboard.press('Enter');
  const told = ann.page.getByRole('status').filter({ hasText: 'You are friends now' });
  await expect(told).toBeFocused();
});
