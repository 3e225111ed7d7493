import type { Locator } from '@playwright/test';
import { apart, befriend, expect, makeGroup, postMessage, test, type Person } from './story';

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
    await expect(ann.composer).toBeFocused();
    await ann.page.locator('.skip[href="#main"]').focus();
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
  // With scripts, the focus begins in the box, and comes there again on this way.
  if (ann.scripts) await expect(ann.composer).toBeFocused();
  if (ann.scripts) await ann.page.locator('.skip').first().focus();
  else await ann.page.keyboard.press('Tab');
  await ann.page.keyboard.press('Tab');
  await expect(ann.page.locator('.skip[href="#talk"]')).toBeFocused();
  await ann.page.keyboard.press('Enter');
  await expect(async () => {
    await ann.page.keyboard.press('Tab'); // few other things are there
    await expect(ann.composer).toBeFocused({ timeout: 100 });
  }).toPass({ intervals: [0] });
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
  await ann.page.locator('#pick').click();
  await expect(ann.page.locator('#picker input')).toBeFocused();
  await ann.page.keyboard.press('Escape');
  await expect(ann.page.locator('#picker')).toHaveCount(0);
  await expect(ann.page.locator('#pick')).toBeFocused();
  await expect(ann.page.locator('#reply')).not.toBeEmpty();
  await ann.composer.focus();
  await ann.page.keyboard.press('Escape');
  await expect(ann.page.locator('#reply')).toBeEmpty();
  await expect(ann.composer).toHaveValue('Tea');
});

test('with the picker, the menu and completion open, Escape goes back one step at a time, and the focus is never lost @scripts @once',
  apart('without scripts, a page hears no keys'), async ({ friends: { ann, ben, room } }) => {
    await postMessage(ben, room, 'Tea or coffee?');
    await ann.open(`${room}?reply=2`);
    await ann.isComplete();
    const { page } = ann;
    const { keyboard } = page;
    const [picker, options, reply] = [page.locator('#picker'), page.locator('#suggestions [role=option]'), page.locator('#reply')];
    const field = picker.locator('input');
    const plus = ann.menu.locator('.another summary');
    const dots = ann.message('Tea or coffee?').locator('a.do');

    // Completion, then the reply.
    await ann.composer.pressSequentially('Tea :tad');
    await expect(options.first()).toHaveAttribute('aria-selected', 'true');
    await keyboard.press('Escape');
    await expect(options).toHaveCount(0);
    await expect(ann.composer).toBeFocused();
    await expect(reply).not.toBeEmpty();
    await keyboard.press('a');
    await expect(options.first()).toHaveAttribute('aria-selected', 'true');
    await keyboard.press('Shift+Tab');
    await expect(options).toHaveCount(0);
    await expect(page.locator('body')).not.toBeFocused();

    // The picker, the menu, then the reply. A click beside what can be clicked leaves the focus where it is.
    await ann.openMenu('Tea or coffee?');
    await plus.click();
    await expect(field).toBeFocused();
    await picker.click({ position: { x: 2, y: 40 } });
    await expect(field).toBeFocused();
    await keyboard.press('Escape');
    await expect(picker).toHaveCount(0);
    await expect(plus).toBeFocused();
    await plus.click();
    await expect(field).toBeFocused();
    await ann.menu.click({ position: { x: 2, y: 30 } });
    await expect(picker).toHaveCount(0);
    await keyboard.press('Escape');
    await expect(ann.menu).toHaveCount(0);
    await expect(dots).toBeFocused();
    await expect(reply).not.toBeEmpty();
    await keyboard.press('Enter');
    await plus.click();
    await expect(field).toBeFocused();
    for (const [key, next] of [['Tab', plus], ['Enter', field], ['Shift+Tab', plus], ['Escape', dots]] as const) {
      await keyboard.press(key);
      await expect(next).toBeFocused();
    }
    await expect(ann.menu).toHaveCount(0);

    // Ctrl K over the picker.
    await page.locator('#pick').click();
    await expect(field).toBeFocused();
    for (const leave of [() => keyboard.press('Escape'), () => page.mouse.click(5, 400)]) {
      await keyboard.press('Control+k');
      await expect(page.locator('.jump input')).toBeFocused();
      await leave();
      await expect(page.locator('.jump')).toHaveCount(0);
      await expect(field).toBeFocused();
    }
    await page.locator('#pick').click();
    await expect(picker).toHaveCount(0);
    await expect(page.locator('#pick')).toBeFocused();
    await keyboard.press('Escape');
    await expect(reply).toBeEmpty();
    await expect(ann.composer).toBeFocused();
    await expect(ann.composer).toHaveValue('Tea :tada');

    // Completion in an edit, then the edit.
    await ann.composer.fill('Mine');
    await ann.enter();
    await expect(ann.messages).toHaveCount(2);
    await ann.composer.press('ArrowUp');
    await expect(ann.editor).toBeFocused();
    await ann.editor.pressSequentially(' :tad');
    await expect(options.first()).toHaveAttribute('aria-selected', 'true');
    await keyboard.press('Escape');
    await expect(options).toHaveCount(0);
    await expect(ann.editor).toBeFocused();
    await keyboard.press('Escape');
    await expect(ann.editor).toHaveCount(0);
    await expect(ann.composer).toBeFocused();

    // What the server refuses.
    await ann.openMenu('Mine');
    await page.route('**/react', (route) => route.abort());
    await plus.focus();
    await keyboard.press('Enter');
    await expect(field).toBeFocused();
    await keyboard.type('teapot');
    await expect(options.or(picker.getByRole('option'))).toHaveCount(1);
    await keyboard.press('Enter');
    await expect(ann.menu.getByRole('alert')).toBeVisible();
    await expect(plus).toBeFocused();
    await page.unroute('**/react');
    await ann.post(`${room}/messages/3/delete`);
    await expect(ann.menu).toHaveCount(0);
    await expect(ann.messages.last().locator('.at')).toBeFocused();
  });

test('a menu closes when one clicks elsewhere, on Escape, and when another opens @scripts @once',
  apart('without scripts, a page hears no clicks; browsers of today close one when another opens'), async ({ friends: { ann, ben, room }, join }) => {
  const cid = await join('cid');
  await befriend(ann, cid);
  await ann.open('/friends');
  const [first, second] = [ben, cid].map((who) => ann.page.locator(`li[data-username="${who.name}"] details`));
  const open = ann.page.locator('details[open]');
  await expect(async () => {
    await first.locator('summary').click();
    await second.locator('summary').click();
    await expect(second).toHaveAttribute('open', '', { timeout: 500 });
    await expect(first).not.toHaveAttribute('open', { timeout: 500 });
    await ann.title.click();
    await expect(open).toHaveCount(0, { timeout: 500 });
  }).toPass(); // once the script is here
  await second.locator('summary').click();
  await ann.page.locator('body').evaluate(() => (document.activeElement as HTMLElement).blur());
  await ann.page.keyboard.press('Escape');
  await expect(open).toHaveCount(0);
  await expect(second.locator('summary')).toBeFocused();

  for (const text of ['one', 'two']) await postMessage(ben, room, text);
  await ann.open(room);
  const label = /^Actions for .*, \d\d:\d\d$/;
  for (const text of ['one', 'two']) {
    await ann.openMenu(text);
    await expect(ann.page.getByRole('dialog', { name: label })).toHaveCount(1);
  }
  await ann.page.keyboard.press('Escape');
  await expect(ann.menu).toHaveCount(0);
  await expect(ann.message('two').locator('a.do')).toBeFocused();
  await ann.openMenu('one');
  await ann.composer.click();
  await expect(ann.menu).toHaveCount(0);
  await expect(ann.composer).toBeFocused();
});

test('arrows, Home and End move through messages, and through a menu @scripts @once',
  apart('without scripts, a page hears no keys'), async ({ friends: { ann, ben, room } }) => {
  for (let i = 1; i <= 20; i++) await postMessage(i % 3 ? ben : ann, room, `number ${i}. https://example.org/${i}`);
  await ann.open(room);
  await ann.isComplete();
  await ann.composer.focus();
  const { keyboard } = ann.page;
  await expect(async () => {
    await keyboard.press('Shift+Tab');
    await expect(ann.messages.last().locator('.at')).toBeFocused({ timeout: 100 });
  }).toPass({ intervals: [0] });
  for (let n = 0; n < 3; n++) await keyboard.press('Shift+Tab'); // the dots, the link, the message
  await expect(ann.messages.last()).toBeFocused();
  await keyboard.press('ArrowUp');
  await expect(ann.message('number 19.')).toBeFocused();
  await keyboard.press('Home');
  await expect(ann.messages.first()).toBeFocused();
  await expect(ann.messages.first()).toBeInViewport();
  await keyboard.press('ArrowDown');
  await expect(ann.message('number 2.')).toBeFocused();
  await postMessage(ben, room, 'It arrives meanwhile');
  await ann.sees('It arrives meanwhile');
  await expect(ann.message('number 2.')).toBeFocused();
  await keyboard.press('Enter');
  const items = ann.menu.locator('button, a, summary');
  await expect(items.first()).toBeFocused();
  await keyboard.press('ArrowRight');
  await expect(items.nth(1)).toBeFocused();
  await keyboard.press('Home');
  await keyboard.press('ArrowUp');
  await expect(ann.menu.locator(`a[href="${room}/messages/3/report"]`)).toBeFocused();
  await keyboard.press('Tab');
  await expect(ann.menu).toHaveCount(0);
  await ann.message('number 2.').focus();
  await keyboard.press('End');
  await expect(ann.message('It arrives meanwhile')).toBeFocused();
  // A message that does not fit is scrolled to its end before the next one has the focus.
  await postMessage(ben, room, 'long\n'.repeat(60));
  await postMessage(ben, room, 'The last');
  await ann.sees('The last');
  const [long, last] = [ann.message('long'), ann.message('The last')];
  const place = () => ann.page.locator('.scroller').evaluate((view) => view.scrollTop);
  const scrolls = async (key: string) => {
    const before = await place();
    await keyboard.press(key);
    await expect.poll(place).not.toBe(before);
    await expect(long).toBeFocused();
  };
  await keyboard.press('ArrowDown');
  await expect(long).toBeFocused();
  await scrolls('ArrowDown');
  await expect(async () => {
    await keyboard.press('ArrowDown');
    await expect(last).toBeFocused({ timeout: 100 });
  }).toPass({ intervals: [0] });
  await keyboard.press('ArrowUp');
  await expect(long).toBeFocused();
  await scrolls('ArrowUp');
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

test('after an action the focus is on its result @once', async ({ friends: { ann, ben }, join }) => {
  const zoe = await join('zoe');
  await zoe.post('/friends', { username: ann.name });
  const group = await makeGroup(ann, 'Walkers', [ben]);
  for (const [path, button] of [
    ['/friends', `#accept-${zoe.name}`], ['/profile', 'form[action="/profile"] button.primary'],
    [`${group}/moderation`, `form[action="${group}/moderation"] button`],
  ]) {
    await ann.open(path);
    await ann.page.locator(button).focus();
    await ann.page.keyboard.press('Enter');
    await expect(ann.notice).toHaveText(/\w+.*[.!]$/);
    await expect(ann.notice).toBeFocused(); // screen readers say what has the focus, not what a page brings along
  }
});
