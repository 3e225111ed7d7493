import { expect, test } from './room';
import type { Socket } from './socket';
import type { Post } from './fake';

test('Enter sends, the receipt clears the box, and the next message has a new key', async ({ room, fake }) => {
  await room.open();
  const first = await room.key.inputValue();
  await room.send('hello');
  await expect(room.entries).toHaveText(['hello']);
  await expect(room.box).toHaveValue('');
  await expect(room.box).toBeFocused();
  expect(fake.posts).toEqual([{ body: 'hello', key: first, times: 1 }]);
  await expect(room.key).not.toHaveValue(first);
  await room.send('again');
  await expect(room.entries).toHaveText(['hello', 'again']);
});

test('Shift+Enter starts a new line, and the button sends all lines', async ({ room, fake }) => {
  await room.open();
  await room.box.fill('one');
  await room.box.press('Shift+Enter');
  await room.box.pressSequentially('two');
  await room.sendButton.click();
  await expect(room.box).toHaveValue('');
  expect(fake.posts.map((post) => post.body)).toEqual(['one\ntwo']);
});

test('an empty message is not sent', async ({ room, fake }) => {
  await room.open();
  await room.send('  \n ');
  await room.sendButton.click();
  await expect(room.box).toBeFocused();
  await room.send('something');
  await expect(room.box).toHaveValue('');
  expect(fake.posts.map((post) => post.body)).toEqual(['something']);
});

test('Enter that confirms a word of an input method does not send', async ({ room, fake, page }) => {
  await room.open();
  const devtools = await page.context().newCDPSession(page);
  await room.box.focus();
  await devtools.send('Input.imeSetComposition', { text: 'にほ', selectionStart: 2, selectionEnd: 2 });
  await room.box.dispatchEvent('keydown', { key: 'Enter', keyCode: 229, isComposing: true, bubbles: true, cancelable: true });
  await devtools.send('Input.insertText', { text: '日本' });
  await expect(room.box).toHaveValue('日本');
  expect(fake.posts).toEqual([]);
  await room.box.press('Enter');
  await expect(room.entries).toHaveText(['日本']);
});

test('a receipt waits until the input method has finished a word', async ({ room, fake, page }) => {
  const waiting: [Post, Socket][] = [];
  fake.onPost = (post, socket) => waiting.push([post, socket]);
  await room.open();
  await room.send('one ');
  await expect.poll(() => waiting.length).toBe(1);
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Input.imeSetComposition', { text: 'に', selectionStart: 1, selectionEnd: 1 });
  fake.acknowledge(...waiting[0]);
  await expect(room.entries).toHaveCount(1);
  await expect(room.box).toHaveValue('one に');
  await devtools.send('Input.insertText', { text: '日' });
  await expect(room.box).toHaveValue('日');
});

test.describe('while a message is unacknowledged', () => {
  let waiting: [Post, Socket][];
  test.beforeEach(async ({ room, fake }) => {
    waiting = [];
    fake.onPost = (post, socket) => waiting.push([post, socket]);
    await room.open();
    await room.send('hello');
    await expect.poll(() => waiting.length).toBe(1);
  });

  test('its text stays in the box, and text added to it stays after the receipt', async ({ room, fake }) => {
    await expect(room.box).toHaveValue('hello');
    await room.box.press('End');
    await room.box.pressSequentially(' and more');
    await room.box.press('ArrowLeft');
    fake.acknowledge(...waiting[0]);
    await expect(room.box).toHaveValue(' and more');
    // The caret is still before the last letter.
    await room.box.press('!');
    await expect(room.box).toHaveValue(' and mor!e');
  });

  test('a new text with the same beginning is left alone', async ({ room, fake }) => {
    await room.box.fill('');
    await room.box.pressSequentially('hello again');
    fake.acknowledge(...waiting[0]);
    await expect(room.entries).toHaveCount(1);
    await expect(room.key).not.toHaveValue(waiting[0][0].key);
    await expect(room.box).toHaveValue('hello again');
  });

  test('a changed text is left alone', async ({ room, fake }) => {
    await room.box.fill('help');
    fake.acknowledge(...waiting[0]);
    await expect(room.key).not.toHaveValue(waiting[0][0].key);
    await expect(room.box).toHaveValue('help');
  });

  test('a second message waits its turn, and is sent as it was when Enter was pressed', async ({ room, fake }) => {
    await room.box.press('End');
    await room.box.pressSequentially(' you');
    await room.box.press('Enter');
    await room.sendButton.click();
    expect(fake.posts.map((post) => [post.body, post.times])).toEqual([['hello', 1]]);
    fake.acknowledge(...waiting[0]);
    await expect.poll(() => waiting.length).toBe(2);
    await expect(room.box).toHaveValue(' you');
    fake.acknowledge(...waiting[1]);
    await expect(room.box).toHaveValue('');
    expect(fake.posts.map((post) => [post.body, post.times])).toEqual([['hello', 1], [' you', 1]]);
  });

  test('a second message that is edited while it waits is not sent by itself', async ({ room, fake }) => {
    await room.box.press('End');
    await room.box.pressSequentially(' you');
    await room.box.press('Enter');
    await room.box.pressSequentially(' and');
    fake.acknowledge(...waiting[0]);
    await expect(room.box).toHaveValue(' you and');
    await expect(room.key).not.toHaveValue(waiting[0][0].key);
    expect(fake.posts.map((post) => post.body)).toEqual(['hello']);
  });

  test('a receipt for another message changes nothing', async ({ room, fake }) => {
    fake.acknowledge({ body: 'from elsewhere', key: 'another', times: 1 }, waiting[0][1]);
    await expect(room.entries).toHaveText(['from elsewhere']);
    await expect(room.box).toHaveValue('hello');
    await expect(room.key).toHaveValue(waiting[0][0].key);
    fake.acknowledge(...waiting[0]);
    await expect(room.box).toHaveValue('');
  });

  test('a reload restores text and key, and sending again does not duplicate the message', async ({ room, fake, page }) => {
    const { key } = waiting[0][0];
    fake.store(waiting[0][0]); // it was stored; only the receipt was lost
    await page.reload();
    await room.live();
    await expect(room.box).toHaveValue('hello');
    await expect(room.key).toHaveValue(key);
    expect(fake.posts).toEqual([{ body: 'hello', key, times: 1 }]); // it waits for the user to send it
    fake.onPost = (post, socket) => fake.acknowledge(post, socket);
    await room.box.press('Enter');
    await expect(room.box).toHaveValue('');
    expect(fake.posts).toEqual([{ body: 'hello', key, times: 2 }]);
    await expect(room.entries).toHaveText(['hello']);
  });

  test('a different text after a reload is a new message', async ({ room, fake, page }) => {
    await page.reload();
    await room.live();
    fake.onPost = (post, socket) => fake.acknowledge(post, socket);
    await room.send('hello, all');
    await expect(room.box).toHaveValue('');
    expect(fake.posts.map((post) => post.body)).toEqual(['hello', 'hello, all']);
  });
});

test('a refused message stays in the box with the reason, and is sent again under the same key', async ({ room, fake }) => {
  await room.open();
  fake.onPost = (post, socket) => fake.refuse(post, socket, 503, 'Not stored yet. Send it again.');
  await room.send('hello');
  await expect(room.problem).toHaveText('Not stored yet. Send it again.');
  await expect(room.box).toHaveValue('hello');
  fake.onPost = (post, socket) => fake.acknowledge(post, socket);
  await room.box.press('Enter');
  await expect(room.box).toHaveValue('');
  await expect(room.problem).toHaveCount(0);
  expect(fake.posts).toMatchObject([{ body: 'hello', times: 2 }]);
});

test('a message that could not be stored is sent again by itself', async ({ room, fake }) => {
  await room.open();
  fake.onPost = (post, socket) => fake.refuse(post, socket, 503, 'Not stored yet.');
  await room.send('hello');
  await expect(room.problem).toHaveText('Not stored yet.');
  fake.onPost = (post, socket) => fake.acknowledge(post, socket);
  await expect(room.box).toHaveValue('', { timeout: 12_000 });
  await expect(room.problem).toHaveCount(0);
  expect(fake.posts).toMatchObject([{ body: 'hello', times: 2 }]);
});

test('a message edited after it could not be stored is not sent by itself', async ({ page, room, fake }) => {
  await page.clock.install();
  await room.open();
  fake.onPost = (post, socket) => fake.refuse(post, socket, 503, 'Not stored yet.');
  await room.send('hello');
  await expect(room.problem).toBeVisible();
  await room.box.pressSequentially('!');
  await page.clock.fastForward(30_000);
  await expect(room.box).toHaveValue('hello!');
  expect(fake.posts).toMatchObject([{ body: 'hello', times: 1 }]);
});

test('a message edited after a refusal gets a new key', async ({ room, fake }) => {
  await room.open();
  fake.onPost = (post, socket) => fake.refuse(post, socket, 503, 'Not stored yet. Send it again.');
  await room.send('hello');
  await expect(room.problem).toBeVisible();
  fake.onPost = (post, socket) => fake.acknowledge(post, socket);
  await room.send('hello!');
  await expect(room.entries).toHaveText(['hello!']);
  expect(new Set(fake.posts.map((post) => post.key)).size).toBe(2);
});

test('a reply that was sent does not make the next message a reply', async ({ room, fake, page }) => {
  fake.say('a question', 'ann');
  fake.say('another question');
  await page.goto(fake.origin + '/rooms/1?reply=2');
  await room.live();
  await expect(room.reply).not.toBeEmpty();
  await room.send('an answer');
  await expect(room.box).toHaveValue('');
  await expect(room.reply).toBeEmpty();
  await room.send('a remark');
  await expect(room.box).toHaveValue('');
  expect(fake.posts).toMatchObject([{ body: 'an answer', replyTo: '2' }, { body: 'a remark', replyTo: undefined }]);
  expect(page.url()).toBe(fake.origin + '/rooms/1');
});

test('a reply whose original is gone stays in the box and becomes a plain message', async ({ room, fake, page }) => {
  fake.onPost = (post, socket) => fake.refuse(post, socket, 422, 'The message that you answer is gone.', true);
  await page.goto(fake.origin + '/rooms/1?reply=2');
  await room.live();
  await room.send('an answer');
  await expect(room.problem).toHaveText('The message that you answer is gone.');
  await expect(room.reply).toBeEmpty();
  await expect(room.box).toHaveValue('an answer');
  fake.onPost = (post, socket) => fake.acknowledge(post, socket);
  await room.box.press('Enter');
  await expect(room.box).toHaveValue('');
  expect(fake.posts.map((post) => post.replyTo)).toEqual(['2', undefined]);
});

test('a draft survives visits to other pages, and signing out clears it', async ({ room, fake, page }) => {
  await room.open();
  await room.box.fill('half a sen');
  await page.goto(fake.origin + '/friends');
  await room.open();
  await expect(room.box).toHaveValue('half a sen');
  await page.locator('form[action="/sign-out"] button').click();
  await room.visit();
  await room.live();
  await expect(room.box).toHaveValue('');
});
