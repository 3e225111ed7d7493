import type { Locator } from '@playwright/test';
import { apart, expect, postMessage, test, type Person } from './story';

// Names what has the focus.
const focused = () => {
  const { activeElement: e } = document;
  return e === document.body ? 'page' : e?.getAttribute('name') ?? e?.id ?? e?.textContent?.trim() ?? '';
};

for (const width of [390, 1280]) {
  test(`the Tab key goes through the whole room, skip link first, at ${width} pixels @scripts @once`,
    apart('frames add the browser’s own tab stops'), async ({ friends: { ann, room } }) => {
    await ann.page.setViewportSize({ width, height: 800 });
    await ann.open(room);
    await ann.page.keyboard.press('Tab');
    await expect(ann.page.locator('.skip[href="#main"]')).toBeFocused();
    const seen: string[] = [];
    for (let n = 0; n < 30 && !seen.includes('body'); n++) {
      await ann.page.keyboard.press('Tab');
      seen.push(await ann.page.evaluate(focused));
    }
    expect(seen).toContain('body'); // the message box
    await ann.page.keyboard.press('Tab');
    await expect(ann.send).toBeFocused();
  });
}

test('a skip link leads past all messages to the message box @once', async ({ friends: { ann, ben, room } }) => {
  for (let i = 1; i <= 20; i++) await postMessage(ben, room, `number ${i}`);
  await ann.open(room);
  await ann.isLive();
  await expect(ann.composer).toBeVisible();
  await ann.page.keyboard.press('Tab');
  await ann.page.keyboard.press('Tab');
  await expect(ann.page.locator('.skip[href="#talk"]')).toBeFocused();
  await ann.page.keyboard.press('Enter');
  await expect(async () => {
    await ann.page.keyboard.press('Tab'); // few other things are there
    await expect(ann.composer).toBeFocused({ timeout: 100 });
  }).toPass({ intervals: [0], timeout: 5000 });
});

test('an error page says so in its title, and leads to the error @once', async ({ friends: { ann, room }, visitor }) => {
  const { page } = ann;
  const isWrong = async (who: Person, field: Locator) => {
    await expect(who.page).toHaveTitle(/^Error: \w+/);
    await expect(field).toBeFocused();
    await expect(field).toBeInViewport();
    await expect(field).toHaveAttribute('aria-invalid', 'true');
    await expect(field).toHaveAccessibleDescription(new RegExp(`^${await who.alert.first().innerText()}`));
  };
  await page.setViewportSize({ width: 390, height: 600 });
  await ann.open('/profile');
  await ann.submit('/profile/password', { current: 'not this one', password: 'plenty of honey 42' });
  await isWrong(ann, ann.field('/profile/password', 'current'));
  await postMessage(ann, room, 'a message');
  await ann.open(`${room}/messages/2`);
  const [message, emoji] = [ann.path, page.locator('.hand input[name=emoji]')];
  await emoji.fill('abc');
  await emoji.press('Enter');
  await isWrong(ann, emoji);
  await ann.submit(`${message}/edit`, { body: ' ' });
  await isWrong(ann, ann.field(`${message}/edit`, 'body'));

  await visitor.open('/sign-in');
  await visitor.submit('/sign-in', { username: ann.name, password: 'not this one' });
  await isWrong(visitor, visitor.field('/sign-in', 'password'));
  await expect(visitor.page).toHaveTitle(`Error: ${await visitor.title.innerText()} · Parley`);
});

test('Escape closes an open menu, then cancels the reply @scripts @once',
  apart('without scripts, a page hears no keys'), async ({ friends: { ann, ben, room } }) => {
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

test('an open menu and its focus stay while the lists change @scripts @once',
  apart('without scripts, pages other than rooms only change on the next click'), async ({ friends: { ann, ben }, join }) => {
  const zoe = await join('zoe');
  await ann.open('/friends');
  const menu = ann.page.locator(`li[data-username="${ben.name}"] details`);
  await menu.locator('summary').click();
  const remove = menu.locator(`#remove-${ben.name}`);
  await remove.focus();
  await zoe.post('/friends', { username: ann.name });
  await expect(ann.page.locator(`li[data-username="${zoe.name}"]`)).toBeVisible();
  await expect(menu).toHaveAttribute('open', '');
  await expect(remove).toBeFocused();
});

test('after an action the focus is on its result @scripts @once',
  apart('without scripts, the result is a new page, which starts at the top'), async ({ join }) => {
  const [ann, zoe] = [await join('ann'), await join('zoe')];
  await zoe.post('/friends', { username: ann.name });
  await ann.open('/friends');
  await ann.page.locator(`#accept-${zoe.name}`).focus();
  await ann.page.keyboard.press('Enter');
  await expect(ann.notice).toHaveText(/\w+.*\.$/);
  await expect(ann.notice).toBeFocused();
});
