import { apart, befriend, expect, makeGroup, postMessage, test } from './story';

test('Enter sends, Shift+Enter breaks the line @scripts @once',
  apart('in a plain form, Enter breaks the line and the button sends'), async ({ friends: { ann, ben, room } }) => {
  await ann.open(room);
  await ben.open(room);
  await ben.isLive();
  await ann.composer.pressSequentially('first');
  await ann.composer.press('Shift+Enter');
  await ann.composer.pressSequentially('second');
  await ann.composer.press('Enter');
  await expect(ann.composer).toHaveValue('');
  await expect(ann.composer).toBeFocused();
  await expect(ben.messages).toHaveCount(1);
  expect(await ben.messages.locator('.body').innerText()).toBe('first\nsecond');
});

test('an empty message is not sent @once', async ({ friends: { ann, room } }) => {
  await ann.open(room);
  for (const text of ['', '   ', '\n\n']) {
    await ann.composer.fill(text);
    await ann.send.click();
  }
  await ann.open(room);
  await expect(ann.messages).toHaveCount(0);
});

test('a double click sends one message @once', async ({ friends: { ann, ben, room } }) => {
  await ann.open(room);
  await ann.composer.fill('only once');
  await ann.send.dblclick();
  await expect(ann.messages).toHaveCount(1);
  await ann.say('and then this');
  await ben.open(room);
  await expect(ben.messages).toHaveCount(2);
});

test('an old page sends its message once, and a different text as well @once', async ({ friends: { ann, ben, room } }) => {
  // What a text browser does when it goes back to the old page and presses Send again.
  const page = await (await ann.get(room)).text();
  const key = page.match(/name="key" value="([^"]+)"/)![1];
  for (const body of ['only once', 'only once', 'something else']) {
    expect((await ann.post(`${room}/messages`, { body, key })).status()).toBe(303);
  }
  await ben.open(room);
  await expect(ben.messages.locator('.body')).toHaveText(['only once', 'something else']);
});

test('a message that is too long stays in the box, with the reason @once', async ({ friends: { ann, room } }) => {
  const text = 'x'.repeat(4001);
  await ann.open(room);
  await ann.composer.fill(text);
  await ann.enter();
  await expect(ann.refusal).toHaveText(/\w+.*\.$/);
  await expect(ann.composer).toHaveValue(text);
  await expect(ann.page.locator('#outbox > li')).toHaveCount(0);
  await ann.composer.fill(text.slice(1));
  await ann.enter();
  await expect(ann.messages).toHaveCount(1);
  await expect(ann.composer).toHaveValue('');
  await expect(ann.refusal).toHaveCount(0);
});

test('text typed while a message is being sent stays @scripts @once',
  apart('without scripts, the browser is busy with the form'), async ({ friends: { ann, ben, room } }) => {
  await ann.open(room);
  await ben.open(room);
  await ann.isLive();
  await ann.composer.pressSequentially('hello');
  await ann.composer.press('Enter');
  await expect(ann.composer).toHaveValue(''); // it stands in the list, whether it has arrived or not
  await ann.composer.pressSequentially('and more', { delay: 5 });
  await expect(ann.messages).toHaveCount(1);
  await expect(ann.composer).toHaveValue('and more');
  await ann.composer.press('Enter');
  await expect(ben.messages).toHaveCount(2);
  await expect(ann.composer).toHaveValue('');
});

test('a draft survives a reload @scripts @once',
  apart('a page cannot keep what was typed; the browser may'), async ({ friends: { ann, room } }) => {
  await ann.open(room);
  await ann.composer.pressSequentially('half a sen');
  await ann.page.reload();
  await expect(ann.composer).toHaveValue('half a sen');
});

test('@ completes people of the room @scripts @once',
  apart('without scripts, usernames are typed'), async ({ friends: { ann, ben, room }, join }) => {
  const cy = await join('cy');
  await befriend(ann, cy);
  const group = await makeGroup(ann, 'Choir', [ben, cy]);
  await ann.open(group);
  await ann.isLive();
  const box = ann.page.locator('#suggestions');
  await expect(ann.page.locator('#pick')).toBeVisible(); // the script for it is here
  await ann.composer.pressSequentially('Hello @');
  await expect(box.getByRole('option')).toHaveCount(2);
  await expect(ann.composer).toHaveAttribute('aria-activedescendant', /.+/);
  await ann.composer.press('ArrowDown');
  await expect(box.getByRole('option').nth(1)).toHaveAttribute('aria-selected', 'true');
  await ann.composer.press('Escape');
  await expect(box).toBeHidden();
  await ann.composer.pressSequentially(cy.name.slice(0, 4));
  await expect(box.getByRole('option')).toHaveCount(1);
  await ann.composer.press('Enter');
  await expect(ann.composer).toHaveValue(`Hello @${cy.name} `);
  await expect(box).toBeHidden();
  await ann.composer.press('Enter');
  await expect(ann.messages.locator('.mention')).toHaveText(`@${cy.name}`);
  await ann.open(room); // a stranger to this room is not offered
  await expect(ann.page.locator('#pick')).toBeVisible();
  await ann.composer.pressSequentially('@');
  await expect(box.getByRole('option')).toHaveCount(1);
  await box.getByRole('option').click();
  await expect(ann.composer).toHaveValue(`@${ben.name} `);
});

test(': completes emoji, and there is a picker, in the language of the page @scripts @once',
  apart('without scripts, emoji come from the system'), async ({ friends: { ann, room } }) => {
  let fetched = 0;
  ann.page.on('request', (request) => { if (/emoji-/.test(request.url())) fetched++; });
  await ann.open(room);
  await ann.isLive();
  await expect(ann.page.locator('#pick')).toBeVisible();
  await ann.composer.pressSequentially('At 10:30 ');
  expect(fetched).toBe(0);
  await ann.composer.pressSequentially(':party p');
  await ann.composer.press('Backspace');
  await ann.composer.press('Backspace');
  await expect(ann.page.getByRole('option', { name: 'party popper' })).toBeVisible();
  await ann.page.getByRole('option', { name: 'party popper' }).click();
  await expect(ann.composer).toHaveValue('At 10:30 🎉');
  await ann.page.locator('#pick').click();
  await ann.page.locator('#picker input').fill('grinning cat');
  await ann.page.locator('#picker input').press('Enter');
  await expect(ann.composer).toHaveValue('At 10:30 🎉😺');
  await expect(ann.composer).toBeFocused();
  expect(fetched).toBe(1);
  await ann.page.locator('#pick').click();
  await ann.page.locator('#picker input').press('Escape');
  await expect(ann.page.locator('#picker')).toHaveCount(0);

  await ann.post('/profile', { display_name: ann.name, language: 'es' });
  await expect(ann.page.locator('html')).toHaveAttribute('lang', 'es'); // the page has been loaded again
  await ann.isLive();
  await ann.page.locator('#pick').click();
  await ann.page.locator('#picker input').fill('corazon');
  await expect(ann.page.locator('#picker').getByRole('option', { name: 'corazón rojo' })).toBeVisible();
});

test('shortcodes and the best match complete emoji, in an edit too @scripts @once',
  apart('without scripts, emoji come from the system'), async ({ friends: { ann, ben, room } }) => {
  await postMessage(ann, room, 'First');
  await ann.open(room);
  await ann.isComplete();
  await expect(ann.page.locator('#pick')).toBeVisible();
  const options = ann.page.locator('#suggestions [role=option]');
  for (const [code, emoji] of [['smile', '😄'], ['+1', '👍'], ['joy', '😂'], ['tada', '🎉']]) {
    await ann.composer.fill('');
    await ann.composer.pressSequentially(`:${code}`);
    await expect(options.first()).toHaveAttribute('data-value', new RegExp(`^${emoji}`));
  }
  await ann.composer.pressSequentially(':');
  await expect(ann.composer).toHaveValue('🎉');
  await ann.composer.press('Control+z');
  await expect(ann.composer).toHaveValue(/^:tada/);
  for (const text of ['`:smile', 'https://example.org/:smile', 'a:smile', 'https://example.org/@']) {
    await ann.composer.fill('');
    await ann.composer.pressSequentially(text);
    await expect(options).toHaveCount(0);
  }
  await ann.composer.fill('');
  await ann.composer.press('ArrowUp');
  const body = ann.page.locator('#editor textarea');
  await expect(body).toBeFocused();
  await body.pressSequentially(` @${ben.name.slice(0, 5)}`);
  await expect(options).toHaveCount(1);
  await body.press('Enter');
  await expect(body).toHaveValue(`First @${ben.name} `);
  await body.pressSequentially(':tada:');
  await expect(body).toHaveValue(`First @${ben.name} 🎉`);
  await body.press('Enter');
  await expect(ann.page.locator('#editor')).toHaveCount(0);
  await ann.composer.pressSequentially(':tada:');
  await expect(ann.composer).toHaveValue('🎉');
});

test('keys that end a composition neither choose nor send @scripts @once',
  apart('without scripts, the browser alone hears the keys'), async ({ friends: { ann, room } }) => {
  await ann.open(room);
  await ann.isLive();
  await expect(ann.page.locator('#pick')).toBeVisible();
  const composing = (key: string) => ann.page.locator(':focus').evaluate((field, key) => {
    for (const how of [{ isComposing: true }, { keyCode: 229 }]) {
      field.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...how }));
    }
  }, key);
  const options = ann.page.locator('[role=option]');
  await ann.composer.pressSequentially(':tad');
  await expect(options.first()).toHaveAttribute('aria-selected', 'true');
  for (const key of ['ArrowDown', 'Tab', 'Enter', 'Escape']) await composing(key);
  await expect(options.first()).toHaveAttribute('aria-selected', 'true');
  await expect(ann.composer).toHaveValue(':tad');
  await ann.page.locator('#pick').click();
  await expect(options.first()).toBeVisible();
  for (const key of ['Tab', 'Enter', 'Escape']) await composing(key);
  await expect(ann.page.locator('#picker')).toHaveCount(1);
  await expect(ann.messages).toHaveCount(0);
});

test('the picker stays in view when a keyboard takes half of the screen @scripts @once',
  apart('without scripts, emoji come from the system'), async ({ friends: { ann, room } }) => {
  await ann.page.setViewportSize({ width: 390, height: 844 });
  await ann.open(room);
  await ann.isLive();
  await ann.page.locator('#pick').click();
  await expect(ann.page.locator('#emoji [role=option]').first()).toBeVisible();
  await ann.page.setViewportSize({ width: 390, height: 420 });
  await expect(ann.page.locator('#picker')).toBeInViewport({ ratio: 1 });
});
