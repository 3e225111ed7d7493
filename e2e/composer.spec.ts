import { apart, expect, test } from './story';

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

test('a double click sends one message', async ({ friends: { ann, ben, room } }) => {
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
  await ann.composer.pressSequentially(' and more', { delay: 5 });
  await expect(ann.messages).toHaveCount(1);
  await expect(ann.composer).toHaveValue(' and more');
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
