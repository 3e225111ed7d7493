import { expect, test } from './room';
import type { Socket } from './socket';
import type { Post } from './fake';

test('Enter sends, the box is cleared by the receipt, and the next key is fresh', async ({ room, fake }) => {
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

test('Shift and Enter make a line, and the Send button sends all of them', async ({ room, fake, page }) => {
  await room.open();
  await room.box.fill('one');
  await room.box.press('Shift+Enter');
  await room.box.pressSequentially('two');
  await page.getByRole('button', { name: 'Send' }).click();
  await expect(room.box).toHaveValue('');
  expect(fake.posts.map((post) => post.body)).toEqual(['one\ntwo']);
});

test('nothing is sent when there is nothing to say', async ({ room, fake, page }) => {
  await room.open();
  await room.send('  \n ');
  await page.getByRole('button', { name: 'Send' }).click();
  await expect(room.box).toBeFocused();
  await room.send('something');
  await expect(room.box).toHaveValue('');
  expect(fake.posts.map((post) => post.body)).toEqual(['something']);
});

test('Enter that chooses a word of an input method does not send', async ({ room, fake, page }) => {
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

test('a receipt waits until the input method has finished its word', async ({ room, fake, page }) => {
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

test.describe('while a message is unanswered', () => {
  let waiting: [Post, Socket][];
  test.beforeEach(async ({ room, fake }) => {
    waiting = [];
    fake.onPost = (post, socket) => waiting.push([post, socket]);
    await room.open();
    await room.send('hello');
    await expect.poll(() => waiting.length).toBe(1);
  });

  test('its text stays, and what is added stays after the receipt', async ({ room, fake }) => {
    await expect(room.box).toHaveValue('hello');
    await room.box.press('End');
    await room.box.pressSequentially(' and more');
    await room.box.press('ArrowLeft');
    fake.acknowledge(...waiting[0]);
    await expect(room.box).toHaveValue(' and more');
    // The caret has kept its place: before the last letter.
    await room.box.press('!');
    await expect(room.box).toHaveValue(' and mor!e');
  });

  test('a text of its own that begins alike is left alone', async ({ room, fake }) => {
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

  test('a second one waits for its turn, and goes out as it was when Enter was pressed', async ({ room, fake, page }) => {
    await room.box.press('End');
    await room.box.pressSequentially(' you');
    await room.box.press('Enter');
    await page.getByRole('button', { name: 'Send' }).click();
    expect(fake.posts.map((post) => [post.body, post.times])).toEqual([['hello', 1]]);
    fake.acknowledge(...waiting[0]);
    await expect.poll(() => waiting.length).toBe(2);
    await expect(room.box).toHaveValue(' you');
    fake.acknowledge(...waiting[1]);
    await expect(room.box).toHaveValue('');
    expect(fake.posts.map((post) => [post.body, post.times])).toEqual([['hello', 1], [' you', 1]]);
  });

  test('what is typed after that Enter is not sent with it', async ({ room, fake }) => {
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

  test('a reload brings back text and key, and a resend is the same message', async ({ room, fake, page }) => {
    const { key } = waiting[0][0];
    fake.store(waiting[0][0]); // it arrived; only the receipt was lost
    await page.reload();
    await room.live();
    await expect(room.box).toHaveValue('hello');
    await expect(room.key).toHaveValue(key);
    expect(fake.posts).toEqual([{ body: 'hello', key, times: 1 }]); // it waits for its author
    fake.onPost = (post, socket) => fake.acknowledge(post, socket);
    await room.box.press('Enter');
    await expect(room.box).toHaveValue('');
    expect(fake.posts).toEqual([{ body: 'hello', key, times: 2 }]);
    await expect(room.entries).toHaveText(['hello']);
  });

  test('another text after a reload is another message', async ({ room, fake, page }) => {
    await page.reload();
    await room.live();
    fake.onPost = (post, socket) => fake.acknowledge(post, socket);
    await room.send('hello, all');
    await expect(room.box).toHaveValue('');
    expect(fake.posts.map((post) => post.body)).toEqual(['hello', 'hello, all']);
  });
});

test('a refused text stays with its reason, and goes out under the same key', async ({ room, fake }) => {
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

test('what could not be stored goes out by itself when it can be', async ({ room, fake }) => {
  await room.open();
  fake.onPost = (post, socket) => fake.refuse(post, socket, 503, 'Not stored yet.');
  await room.send('hello');
  await expect(room.problem).toHaveText('Not stored yet.');
  fake.onPost = (post, socket) => fake.acknowledge(post, socket);
  await expect(room.box).toHaveValue('', { timeout: 12_000 });
  await expect(room.problem).toHaveCount(0);
  expect(fake.posts).toMatchObject([{ body: 'hello', times: 2 }]);
});

test('what was changed after it could not be stored waits for its author', async ({ page, room, fake }) => {
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

test('a text that was changed after a refusal gets a key of its own', async ({ room, fake }) => {
  await room.open();
  fake.onPost = (post, socket) => fake.refuse(post, socket, 503, 'Not stored yet. Send it again.');
  await room.send('hello');
  await expect(room.problem).toBeVisible();
  fake.onPost = (post, socket) => fake.acknowledge(post, socket);
  await room.send('hello!');
  await expect(room.entries).toHaveText(['hello!']);
  expect(new Set(fake.posts.map((post) => post.key)).size).toBe(2);
});

test('a draft outlives a walk through other pages, and signing out ends it', async ({ room, fake, page }) => {
  await room.open();
  await room.box.fill('half a sen');
  await page.goto(fake.origin + '/friends');
  await room.open();
  await expect(room.box).toHaveValue('half a sen');
  await page.getByRole('button', { name: 'Sign out' }).click();
  await room.visit();
  await room.live();
  await expect(room.box).toHaveValue('');
});
