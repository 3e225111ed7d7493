import type { Route } from '@playwright/test';
import { apart, expect, postMessage, test } from './story';

const elsewhere = apart('covered by “all changes without scripts”, where the page reloads');

test('a message is edited, and others can see the earlier version @scripts @once', elsewhere, async ({ friends: { ann, ben, room } }) => {
  await postMessage(ann, room, 'See you at sevn');
  await ben.open(room);
  await ben.isLive();
  await ann.open(room);
  await ann.more('See you at sevn');
  await ann.submit(`${ann.path}/edit`, { body: 'See you at seven' });
  await expect(ann.message('See you at seven').locator('.edited')).toBeVisible();
  await expect(ben.message('See you at seven').locator('.edited')).toBeVisible();
  await expect(ben.messages).toHaveCount(1);
  await ben.more('See you at seven');
  await expect(ben.page.locator('.versions')).toContainText('See you at sevn');
  await expect(ben.form(`${ben.path}/edit`)).toHaveCount(0);
});

test('a message is deleted, also in quotes of it @scripts', elsewhere, async ({ friends: { ann, ben, room } }) => {
  await postMessage(ann, room, 'A secret by mistake');
  await ben.open(room);
  await ben.isLive();
  await ben.more('A secret by mistake');
  await ben.reply('Which one?');
  await expect(ben.message('Which one?').locator('.quote')).toContainText('A secret by mistake');
  await ben.isLive();
  await ann.open(room);
  await ann.more('A secret by mistake');
  await ann.press(`${ann.path}/delete`);
  for (const who of [ann, ben]) {
    await expect(who.message('Which one?').locator('.quote .gone')).toBeVisible();
    await expect(who.messages.first().locator('.gone')).toBeVisible();
    await expect(who.page.getByText('A secret by mistake')).toHaveCount(0);
  }
});

test('reactions are added and removed right at the message @scripts @once', elsewhere, async ({ friends: { ann, ben, room } }) => {
  await postMessage(ann, room, 'We won!');
  await ann.open(room);
  await ann.isLive();
  await ben.open(room);
  await ben.more('We won!');
  await ben.react('🎉');
  await expect(ben.reactions('We won!')).toHaveText('🎉 1');
  await ben.isLive();
  const given = ann.reactions('We won!');
  await expect(given).toHaveText('🎉 1');
  await given.click();
  await expect(given).toHaveText('🎉 2');
  await expect(ben.reactions('We won!')).toHaveText('🎉 2');
  await given.click();
  await expect(given).toHaveText('🎉 1');
  await ann.openMenu('We won!');
  await expect(ann.menu.locator('.given')).toHaveText(`🎉 ${ben.name}`);
  await ben.reactions('We won!').click();
  await expect(ann.menu.locator('.given')).toHaveCount(0);
  await ben.post(`${room}/messages/2/react`, { emoji: '🎉' });
  await expect(ann.menu.locator('.given')).toHaveText(`🎉 ${ben.name}`);
  const field = ann.page.locator('#picker input');
  await ann.menu.locator('.another summary').click();
  await expect(field).toBeFocused();
  await field.fill('🦊🦊'); // the server decides what one emoji is
  await field.press('Enter');
  await expect(ann.menu.getByRole('alert')).toBeVisible();
  const other = ann.menu.locator('input[name=emoji]');
  await expect(other).toHaveValue('🦊🦊');
  await expect(other).toBeFocused();
  await ann.menu.locator('.another summary').click();
  await field.fill('fox');
  await expect(ann.page.locator('#emoji [role=option]').first()).toHaveText('🦊');
  await field.press('Enter');
  await expect(ann.page.locator('#picker')).toHaveCount(0);
  await expect(ann.menu).toHaveCount(0);
  await expect(ann.message('We won!').locator('a.do')).toBeFocused();
  await expect(ben.reactions('We won!')).toHaveText(['🎉 1', '🦊 1']);
  await ann.openMenu('We won!');
  await expect(ann.menu.locator('.hand > [aria-pressed=true]')).toHaveCount(0);
  await ann.react('🎉');
  await expect(given.first()).toHaveText('🎉 2');
  await ann.openMenu('We won!');
  await expect(ann.menu.locator('.hand > [aria-pressed=true]')).toHaveText('🎉');
  await expect(ann.menu.locator('.given li').first()).toContainText(ann.name);
});

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

const byScript = apart('without scripts, the dots lead to the page of the message');

test('an edit takes the place of the composer, whose draft comes back @scripts @once', byScript, async ({ friends: { ann, ben, room } }) => {
  await postMessage(ann, room, 'See you at sevn');
  await postMessage(ben, room, 'Where?');
  await ben.open(room);
  await ben.isLive();
  await ann.open(room);
  await ann.isLive();
  await ann.composer.fill('A draft');
  await ann.openMenu('Where?');
  await expect(ann.menu.locator('[data-act=edit]')).toHaveCount(0);
  await ann.openMenu('See you at sevn');
  await ann.menu.locator('[data-act=edit]').click();
  await expect(ann.editor).toBeFocused();
  await expect(ann.editor).toHaveValue('See you at sevn');
  await expect(ann.composer).toBeHidden();
  await ann.editor.fill(' ');
  await ann.editor.press('Enter');
  await expect(ann.page.locator('#editor').getByRole('alert')).toBeVisible();
  await ann.editor.fill('See you at seven');
  await ann.reload();
  await expect(ann.editor).toHaveValue('See you at seven');
  await ann.editor.press('Enter');
  await expect(ann.editor).toHaveCount(0);
  await expect(ann.composer).toHaveValue('A draft');
  await expect(ann.composer).toBeFocused();
  await expect(ben.message('See you at seven').locator('.edited')).toBeVisible();
  await ann.reload();
  await ann.isComplete();
  await expect(ann.editor).toHaveCount(0);
});

test('ArrowUp in an empty composer edits my newest message, and Escape cancels @scripts @once', byScript, async ({ friends: { ann, ben, room } }) => {
  for (const [who, text] of [[ann, 'The first'], [ann, 'The second'], [ann, 'A mistake'], [ben, 'Yes']] as const) await postMessage(who, room, text);
  await ann.post(`${room}/messages/4/delete`);
  await ann.open(room);
  await ann.isComplete();
  await ann.composer.fill('x');
  await ann.composer.press('ArrowUp');
  await ann.composer.fill('');
  await ann.composer.press('ArrowUp');
  await expect(ann.editor).toHaveValue('The second');
  await ann.editor.fill('Something else');
  await ann.page.keyboard.press('Escape');
  await expect(ann.editor).toHaveCount(0);
  await expect(ann.composer).toBeFocused();
  await expect(ann.message('The second')).toBeVisible();
});

test('ArrowUp opens no edit over photos or a reply in the composer @scripts @once', byScript, async ({ friends: { ann, room } }) => {
  await postMessage(ann, room, 'The first');
  await ann.open(`${room}?reply=2`);
  await ann.isComplete();
  await ann.composer.press('ArrowUp');
  await ann.page.keyboard.press('Escape');
  await expect(ann.page.locator('#reply')).toBeEmpty();
  await ann.page.locator('#photo').setInputFiles({ name: 'sea.png', mimeType: 'image/png', buffer: Buffer.from('x') });
  await expect(ann.page.locator('#chosen li')).toHaveCount(1);
  await ann.composer.press('ArrowUp');
  await expect(ann.composer).toBeVisible();
  await expect(ann.editor).toHaveCount(0);
  await ann.page.locator('#chosen button').first().click();
  await ann.composer.press('ArrowUp');
  await expect(ann.editor).toHaveValue('The first');
});

test('an edit of a message that is gone, or that the server does not answer, keeps the text @scripts @once', byScript, async ({ friends: { ann, room } }) => {
  await postMessage(ann, room, 'A plan');
  await ann.open(room);
  await ann.isComplete();
  await ann.composer.press('ArrowUp');
  await ann.editor.fill('A better plan');
  await ann.page.context().setOffline(true);
  await ann.editor.press('Enter');
  const problem = ann.page.locator('#editor').getByRole('alert');
  await expect(problem).toBeVisible();
  await ann.page.context().setOffline(false);
  await ann.post(`${room}/messages/2/delete`);
  await ann.editor.press('Enter');
  await expect(problem).toContainText('deleted');
  await expect(problem).toHaveCount(1);
  await expect(ann.editor).toHaveValue('A better plan');
  await ann.page.locator('#editor .cancel').click();
  await expect(ann.composer).toBeFocused();
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

test('in a room of two, no names above messages, and a picture leads to the person @once', async ({ friends: { ann, ben, room } }) => {
  await postMessage(ben, room, 'Tea or coffee?');
  await postMessage(ben, room, '🎉');
  await ann.open(room);
  const name = ann.message('Tea or coffee?').locator('.author bdi');
  await expect(name).toHaveText(ben.name);
  expect((await name.boundingBox())!.width).toBeLessThanOrEqual(1);
  const sizes = await ann.log.locator('.body').evaluateAll((all) => all.map((one) => parseFloat(getComputedStyle(one).fontSize)));
  expect(sizes[1]).toBeGreaterThan(2 * sizes[0]);
  // The second is of the same minute, or else has a time of its own.
  const times = await ann.messages.evaluateAll((all) => all.map((one) => [one.querySelector('time')!.textContent, one.matches('.minute')]));
  expect(times[1][1]).toBe(times[1][0] === times[0][0]);
  await ann.part('messages').locator('.message .avatar').first().click({ force: true });
  await expect(ann.part('messages').getByRole('heading', { level: 1 })).toHaveText(ben.name);
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

test('a reply is written in the room, and the next message is not one @scripts @once', elsewhere, async ({ friends: { ann, ben, room } }) => {
  await postMessage(ann, room, 'Tea or coffee?');
  await ann.open(room);
  await ann.isLive();
  await ben.open(room);
  await ben.composer.fill('Half a th');
  await ben.openMenu('Tea or coffee?');
  await ben.menu.locator('[data-act=reply]').click();
  await expect(ben.menu).toHaveCount(0);
  const answered = ben.page.locator('#reply');
  await expect(answered).toContainText('Tea or coffee?');
  await expect(ben.composer).toBeFocused();
  await expect(ben.composer).toHaveValue('Half a th');
  await ben.reload();
  await expect(answered).toContainText('Tea or coffee?');
  await ben.isComplete();
  await answered.locator('.cancel').click();
  await expect(answered).toBeEmpty();
  await expect(ben.composer).toBeFocused();
  await ben.reload();
  await expect(answered).toBeEmpty();
  await ben.isLive();
  await ben.openMenu('Tea or coffee?');
  await ben.menu.locator('[data-act=reply]').click();
  await ben.say('Both');
  await expect(ben.page.locator('#reply')).toBeEmpty();
  await ben.say('In this order');
  await expect(ann.message('Both').locator('.quote')).toContainText('Tea or coffee?');
  await expect(ann.message('In this order').locator('.quote')).toHaveCount(0);
  await ben.reload();
  await expect(ben.page.locator('#reply')).toBeEmpty();
  await ann.message('Both').locator('.quote').click();
  await expect(ann.message('Tea or coffee?')).toHaveAttribute('aria-current', 'true');
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

test('all changes without scripts @plain @once', apart('covered one by one in the stories above'), async ({ friends: { ann, ben, room } }) => {
  for (const text of ['See you at sevn', 'A mistake']) await postMessage(ann, room, text);
  const [first, second] = [`${room}/messages/2`, `${room}/messages/3`];
  await ben.open(first);
  await ben.react('👍');
  await ben.open(first);
  await expect(ben.page.locator('.given')).toContainText(ben.name);
  await ben.reply('I will be there');
  await expect(ben.page).toHaveURL(new RegExp(`${room}$`));

  await ann.open(first);
  await ann.submit(`${first}/edit`, { body: '' });
  await expect(ann.alert).toBeVisible();
  await ann.submit(`${first}/edit`, { body: 'See you at seven' });
  await expect(ann.page).toHaveURL(new RegExp(`${room}#m-2$`));
  await ann.open(second);
  await ann.press(`${second}/delete`);

  // A page that leads to a message has no frames.
  await ben.open(`${room}?around=2#m-2`);
  await expect(ben.messages).toHaveCount(3);
  await expect(ben.message('See you at seven')).toHaveAttribute('aria-current', 'true');
  await expect(ben.message('See you at seven').locator('.edited')).toBeVisible();
  await expect(ben.messages.nth(1).locator('.gone')).toBeVisible();
  await expect(ben.message('I will be there').locator('.quote')).toContainText('See you at sevn');
  await ben.open(`${room}?reply=5`);
  await ben.composer.fill('And bring cake');
  await ben.enter();
  await ann.open(`${room}?around=8`);
  await expect(ann.message('And bring cake').locator('.quote')).toContainText('I will be there');
});

test('paging through history keeps the place @scripts @once',
  apart('without scripts, history is the same pages'), async ({ friends: { ann, ben, room } }) => {
  test.setTimeout(120_000);
  for (let i = 1; i <= 130; i++) await postMessage(ann, room, `number ${i}.`);
  await ben.open('/rooms');
  await ben.open(room);
  await expect(ben.message('number 1.')).toBeInViewport();
  await expect(ben.message('number 60.')).toHaveCount(0);
  await ben.isLive();
  await ben.messages.last().scrollIntoViewIfNeeded();
  await expect(ben.message('number 60.')).toHaveCount(1);
  await ben.page.locator('#newest').click();
  await expect(ben.message('number 130.')).toBeInViewport();
  await expect(ben.messages.first()).not.toContainText('number 1.');
  await ben.message('number 129.').locator('.at').click();
  await expect(ben.page).toHaveURL(/around=130#m-130$/);
  await expect(ben.message('number 129.')).toHaveAttribute('aria-current', 'true');
  await ben.isLive();
  await ben.say('It is live here, too');
});
