// What can be done about a message, where it is, and where the focus is meanwhile.
import type { Route } from '@playwright/test';
import { apart, expect, postMessage, test } from './story';

const byScript = apart('without scripts, the dots lead to the page of the message');

test('the plus in the menu opens the emoji picker, by mouse and by keyboard @scripts @once', apart('without scripts, another emoji is typed'),
  async ({ friends: { ann, ben, room } }) => {
    await postMessage(ben, room, 'We won!');
    await ben.post(`${room}/messages/2/react`, { emoji: '👍' });
    await ann.open(room);
    await ann.isLive();
    const { page } = ann;
    const [plus, picker] = [ann.menu.locator('.another summary'), page.locator('#picker')];
    const field = picker.locator('input');
    await ann.openMenu('We won!');
    await plus.focus();
    for (const [opens, leaves] of [['Enter', 'Escape'], ['Space', 'Tab']]) {
      await page.keyboard.press(opens);
      await expect(field).toBeFocused();
      await page.keyboard.press(leaves);
      await expect(picker).toHaveCount(0);
      await expect(plus).toBeFocused();
      await expect(ann.menu).toHaveCount(1);
    }
    await plus.click();
    await expect(field).toBeFocused();
    await plus.click(); // closes it
    await expect(picker).toHaveCount(0);
    await plus.click();
    await expect(picker.getByRole('option', { name: 'grinning face', exact: true })).toBeVisible();
    await expect(picker).toBeInViewport({ ratio: 1 });
    for (const key of ['End', 'Home', 'ArrowDown', 'ArrowUp']) {
      await page.keyboard.press(key);
      await expect(field).toBeFocused();
    }
    await field.fill('no such emoji');
    await expect(picker.getByRole('option')).toHaveCount(0);
    await page.keyboard.press('ArrowDown'); // not on to the next in the menu
    await expect(field).toBeFocused();

    // An emoji of the picker joins one that is written without its selector.
    await field.fill('thumbs up');
    await expect(picker.getByRole('option').first()).toHaveAttribute('data-value', '👍\ufe0f');
    await page.keyboard.press('Enter');
    await expect(ann.menu).toHaveCount(0);
    await expect(ann.message('We won!').locator('a.do')).toBeFocused();
    await expect(ann.reactions('We won!')).toHaveText('👍 2');

    // A click in the picker is one in the menu.
    await ann.openMenu('We won!');
    await plus.click();
    await picker.locator('input').click();
    await expect(ann.menu).toHaveCount(1);
    await field.fill('octopus');
    await picker.getByRole('option').first().click();
    await expect(ann.reactions('We won!')).toHaveText(['👍 2', '🐙 1']);
    await expect(ann.menu).toHaveCount(0);

    // What only a keyboard has, in a tone of the skin; and the picker opens again when the menu has gone with it.
    await ann.openMenu('We won!');
    await plus.click();
    await ann.message('We won!').locator('a.do').evaluate((dots: HTMLElement) => dots.click());
    await expect(ann.menu).toHaveCount(0);
    await ann.openMenu('We won!');
    await plus.click();
    await field.fill('👋🏽');
    await expect(picker.getByRole('option')).toHaveText('👋🏽');
    await page.keyboard.press('Enter');
    await expect(ann.reactions('We won!')).toHaveText(['👍 2', '🐙 1', '👋🏽 1']);
  });

test('a reaction that the server refuses says why @scripts @once', byScript, async ({ friends: { ann, ben, room } }) => {
  await postMessage(ann, room, 'Popular');
  await ann.post(`${room}/messages/2/react`, { emoji: '👍' });
  for (let i = 0; i < 40; i++) await ben.post(`${room}/messages/2/react`, { emoji: '🎉' });
  await ben.open(room);
  await ben.isLive();
  await ben.reactions('Popular').click();
  await expect(ben.connection).toHaveText(/as often as you can/);
  await expect(ben.reactions('Popular')).toHaveText('👍 1');
  // One that comes after the message has gone, before its page knows.
  const late: Route[] = [];
  await ben.page.route(`${ben.at}${room}/messages/2/react`, (route) => { late.push(route); });
  await ben.reactions('Popular').click();
  await expect.poll(() => late.length).toBe(1);
  await ann.post(`${room}/messages/2/delete`);
  await late[0].continue();
  await expect(ben.connection).toContainText('deleted');
});

test('deleting asks once, in the menu @scripts @once', byScript, async ({ friends: { ann, ben, room } }) => {
  await postMessage(ann, room, 'A secret by mistake');
  await ben.open(room);
  await ben.isLive();
  await ann.open(room);
  await ann.isLive();
  await ann.openMenu('A secret by mistake');
  await expect(ann.form(`${room}/messages/2/delete`).locator('button')).toBeHidden();
  await ann.press(`${room}/messages/2/delete`);
  await expect(ann.menu).toHaveCount(0);
  for (const who of [ann, ben]) await expect(who.messages.first().locator('.gone')).toBeVisible();
  await expect(ann.messages.first().locator('.at')).toBeFocused();
});

test('a menu closes when its message is deleted elsewhere @scripts @once', byScript, async ({ friends: { ann, ben, room } }) => {
  await postMessage(ben, room, 'a secret');
  await ann.open(room);
  await ann.isLive();
  await ann.openMenu('a secret');
  await expect(ann.menu.locator('[data-act=reply]')).toBeVisible();
  await ben.post(`${room}/messages/2/delete`);
  await expect(ann.menu).toHaveCount(0);
  await expect.poll(() => ann.page.content()).not.toContain('a secret'); // the room list follows
});

test('the link to a message is copied, and a message is marked as unread @scripts @once', byScript, async ({ friends: { ann, ben, room } }) => {
  await ann.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await postMessage(ben, room, 'Remember this');
  await ann.open(room);
  await ann.openMenu('Remember this');
  await ann.menu.locator('[data-act=copy]').click();
  await expect(ann.menu.getByRole('status')).toBeVisible();
  expect(await ann.page.evaluate(() => navigator.clipboard.readText())).toBe(`${ann.at}${room}?around=2#m-2`);
  await expect(ann.menu).toHaveCount(0);
  await ann.openMenu('Remember this');
  await ann.press(`${room}/messages/2/unread`);
  await expect(ann.unread(room)).toContainText('1');
});

test('the menu stays in the window, wherever its message is @scripts @once', byScript, async ({ friends: { ann, ben, room } }) => {
  for (let i = 1; i <= 12; i++) await postMessage(i % 2 ? ann : ben, room, `number ${i}.`);
  for (const [width, height] of [[390, 844], [1280, 800], [320, 256]]) {
    await ann.page.setViewportSize({ width, height });
    await ann.open(room);
    for (const text of ['number 7.', 'number 12.']) {
      await ann.openMenu(text);
      const box = (await ann.menu.boundingBox())!;
      expect(box.x >= 0 && box.y >= 0 && box.x + box.width <= width && box.y + box.height <= height, JSON.stringify(box)).toBe(true);
      await ann.page.keyboard.press('Escape');
      await expect(ann.menu).toHaveCount(0);
    }
  }
});

test('with a mouse the dots show at one message, for a finger they are there and have 44 pixels @scripts @once', byScript,
  async ({ friends: { ann, ben, room }, browser }) => {
  for (const text of ['Tea?', 'Coffee?']) await postMessage(ben, room, text);
  await ann.open(room);
  const opacities = () => ann.messages.locator('.do').evaluateAll((all) => all.map((one) => getComputedStyle(one).opacity));
  await ann.title.hover();
  await expect.poll(opacities).toEqual(['0', '0']);
  await ann.message('Tea?').hover();
  await expect.poll(opacities).toEqual(['1', '0']);

  const phone = await browser.newContext({ hasTouch: true, isMobile: true, viewport: { width: 390, height: 844 }, storageState: await ann.page.context().storageState() });
  const page = await phone.newPage();
  await page.goto(ann.at + room);
  await expect(page.locator('#messages > li[tabindex="0"]')).toHaveCount(1);
  const dots = page.locator('#m-3 .do');
  const sides = await dots.evaluate((one) => {
    const { left, right, top, bottom } = one.getBoundingClientRect();
    const [x, y] = [(left + right) / 2 + 10, (top + bottom) / 2];
    const isOn = (at: number, along: number) => document.elementFromPoint(at, along) === one;
    const reach = (dx: number, dy: number) => { let n = 0; while (isOn(x + dx * (n + 1), y + dy * (n + 1))) n++; return n; };
    return [reach(1, 0) + reach(-1, 0) + 1, reach(0, 1) + reach(0, -1) + 1];
  });
  for (const side of sides) expect(side).toBeGreaterThanOrEqual(43);
  await dots.tap();
  await expect(page.locator('#menu')).toBeVisible();
  await phone.close();
});

test('the page of a message lists what can be done, the reply first @plain @once', apart('with scripts, a menu at the message does'), async ({ friends: { ann, room } }) => {
  await postMessage(ann, room, 'Tea or coffee?');
  await ann.open(`${room}/messages/2`);
  await expect(ann.page.locator('.acts')).toMatchAriaSnapshot(`
    - list:
      - listitem:
        - link "Reply"
      - listitem:
        - heading "Edit message" [level=2]
        - textbox "Text"
        - button "Save"
      - listitem:
        - heading "Reactions" [level=2]
        - button "👍"
        - textbox "Other emoji"
        - button "React"
      - listitem:
        - link "Link to this message"
      - listitem:
        - button "Mark as unread"
      - listitem:
        - group: Delete message
  `);
  await ann.press(`${room}/messages/2/delete`);
  await expect(ann.part('messages').locator('.gone')).toBeVisible();
});

test('the focus stays at a message that loses the focused element @scripts @once',
  apart('a page that reloads has no focus to lose'), async ({ friends: { ann, ben, room } }) => {
  await postMessage(ann, room, 'We won!');
  await ben.open(room);
  await ben.isLive();
  const [message, change] = [ben.messages.first(), `${room}/messages/2`];
  await ben.post(`${change}/react`, { emoji: '🎉' });
  // The answer to a form may come while the stream's swap is not over.
  await ben.messages.first().evaluate(({ parentNode, ownerDocument: { body } }) =>
    new MutationObserver(() => body.dispatchEvent(new Event('htmx:before:swap', { bubbles: true }))).observe(parentNode!, { childList: true, subtree: true }));
  await message.locator('.reactions button').press('Enter'); // removes the last one
  await expect(message.locator('.reactions button')).toHaveCount(0);
  await expect(message.locator('a.do')).toBeFocused();
  await ann.post(`${change}/delete`);
  await expect(message.locator('.gone')).toBeVisible();
  await expect(message.locator('.at')).toBeFocused();
});
