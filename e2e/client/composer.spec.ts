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

test('a receipt does not disturb an input method', async ({ room, fake, page }) => {
  const waiting: [Post, Socket][] = [];
  fake.onPost = (post, socket) => waiting.push([post, socket]);
  await room.open();
  await room.send('one ');
  await expect.poll(() => waiting.length).toBe(1);
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Input.imeSetComposition', { text: 'に', selectionStart: 1, selectionEnd: 1 });
  fake.acknowledge(...waiting[0]);
  await expect(room.entries).toHaveCount(1);
  await expect(room.box).toHaveValue('に');
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

  test('it stands at the end of the list, and the next one can be written', async ({ room, fake }) => {
    await expect(room.waiting).toHaveText(['hello']);
    await expect(room.entries).toHaveCount(0);
    await expect(room.box).toHaveValue('');
    await room.box.pressSequentially('and more');
    await room.box.press('ArrowLeft');
    fake.acknowledge(...waiting[0]);
    await expect(room.entries).toHaveText(['hello']);
    await expect(room.waiting).toHaveCount(0);
    // The caret is still before the last letter.
    await room.box.press('!');
    await expect(room.box).toHaveValue('and mor!e');
  });

  test('the next ones wait their turn, and each has a key of its own', async ({ room, fake }) => {
    await room.send('you');
    await room.send('there');
    await expect(room.waiting).toHaveText(['hello', 'you', 'there']);
    expect(fake.posts.map((post) => [post.body, post.times])).toEqual([['hello', 1]]);
    for (const n of [0, 1, 2]) {
      await expect.poll(() => waiting.length).toBe(n + 1);
      fake.acknowledge(...waiting[n]);
    }
    await expect(room.entries).toHaveText(['hello', 'you', 'there']);
    await expect(room.waiting).toHaveCount(0);
    expect(new Set(fake.posts.map((post) => post.key)).size).toBe(3);
    expect(fake.posts.map((post) => post.times)).toEqual([1, 1, 1]);
  });

  test('it is seen once, whether its receipt or itself comes first', async ({ room, fake, page }) => {
    // Samples what can be seen in each frame.
    await page.evaluate(() => {
      const seen = new Set<string>();
      Object.assign(window, { seen });
      const look = () => {
        const texts = [...document.querySelectorAll<HTMLElement>('#messages .body, #outbox .body')].filter((body) => body.offsetParent);
        seen.add(texts.map((body) => body.textContent).join(' '));
        requestAnimationFrame(look);
      };
      look();
    });
    await room.send('you');
    fake.store(waiting[0][0]);
    await expect(room.entries).toHaveText(['hello']);
    await expect(room.waiting.first()).toBeHidden();
    fake.acknowledge(...waiting[0]);
    await expect(room.waiting).toHaveText(['you']);
    await expect.poll(() => waiting.length).toBe(2);
    fake.acknowledge(...waiting[1]);
    await expect(room.waiting).toHaveCount(0);
    expect(await page.evaluate(() => [...(window as unknown as { seen: Set<string> }).seen])).toEqual(['hello', 'hello you']);
  });

  test('a message of mine from elsewhere does not hide it for long', async ({ room, fake }) => {
    fake.say('from my other tab', 'ann');
    await expect(room.entries).toHaveText(['from my other tab']);
    await expect(room.waiting).toHaveText(['hello']);
    await expect(room.waiting).toBeVisible();
    fake.acknowledge(...waiting[0]);
    await expect(room.entries).toHaveText(['from my other tab', 'hello']);
    await expect(room.waiting).toHaveCount(0);
  });

  test('a receipt for another message changes nothing', async ({ room, fake }) => {
    fake.acknowledge({ body: 'from elsewhere', key: 'another', times: 1 }, waiting[0][1]);
    await expect(room.entries).toHaveText(['from elsewhere']);
    await expect(room.waiting).toHaveText(['hello']);
    fake.acknowledge(...waiting[0]);
    await expect(room.waiting).toHaveCount(0);
  });

  test('a reload brings it back and sends it under the same key, once', async ({ room, fake, page }) => {
    const { key } = waiting[0][0];
    fake.store(waiting[0][0]); // it was stored; only the receipt was lost
    fake.onPost = (post, socket) => fake.acknowledge(post, socket);
    await room.box.fill('half a sen');
    await page.reload();
    await room.live();
    await expect(room.waiting).toHaveCount(0);
    expect(fake.posts).toEqual([{ body: 'hello', key, times: 2 }]);
    await expect(room.entries).toHaveText(['hello']);
    await expect(room.box).toHaveValue('half a sen');
  });

  test('it is taken back into the box, and sent again under the same key only with the same text', async ({ room, fake }) => {
    const edit = room.page.locator('#outbox button:not(.again)');
    await edit.click();
    await expect(room.box).toHaveValue('hello');
    await expect(room.box).toBeFocused();
    await expect(room.waiting).toHaveCount(0);
    await room.box.press('Enter');
    await expect.poll(() => waiting.length).toBe(2);
    await edit.click();
    await room.send('help');
    await expect.poll(() => waiting.length).toBe(3);
    expect(fake.posts).toMatchObject([{ body: 'hello', times: 2 }, { body: 'help', times: 1 }]);
  });

  test('a message that was taken back and had arrived leaves the box', async ({ room, fake }) => {
    await room.page.locator('#outbox button:not(.again)').click();
    await expect(room.box).toHaveValue('hello');
    fake.acknowledge(...waiting[0]);
    await expect(room.box).toHaveValue('');
    await expect(room.entries).toHaveText(['hello']);
    await expect(room.key).not.toHaveValue(waiting[0][0].key);
  });
});

test('twenty messages written while the socket is down arrive in order, each once', async ({ room, fake }) => {
  await room.open();
  fake.refusesSockets = true;
  fake.cutSockets();
  const texts = Array.from({ length: 20 }, (_, n) => `number ${n}`);
  for (const text of texts) await room.send(text);
  await expect(room.waiting).toHaveText(texts);
  await expect(room.box).toHaveValue('');
  fake.refusesSockets = false;
  await expect(room.entries).toHaveText(texts);
  await expect(room.waiting).toHaveCount(0);
  expect(fake.posts.map((post) => post.times)).toEqual(texts.map(() => 1));
});

test('a reload in the middle of a queue neither loses nor doubles a message', async ({ room, fake, page }) => {
  await room.open();
  const waiting: [Post, Socket][] = [];
  fake.onPost = (post, socket) => (post.body === 'three' ? waiting.push([post, socket]) : fake.acknowledge(post, socket));
  const texts = ['one', 'two', 'three', 'four', 'five'];
  for (const text of texts) await room.send(text);
  await expect.poll(() => waiting.length).toBe(1);
  fake.store(waiting[0][0]);
  await page.reload();
  await room.live();
  await expect.poll(() => waiting.length).toBe(2);
  await expect(room.waiting).toHaveText(['three', 'four', 'five']);
  fake.onPost = (post, socket) => fake.acknowledge(post, socket);
  fake.acknowledge(...waiting[1]);
  await expect(room.entries).toHaveText(texts);
  await expect(room.waiting).toHaveCount(0);
  expect(fake.posts.map((post) => [post.body, post.times])).toEqual([['one', 1], ['two', 1], ['three', 2], ['four', 1], ['five', 1]]);
});

test('a message that could not be stored says so, and is sent again by itself, before the next', async ({ room, fake }) => {
  await room.open();
  fake.onPost = (post, socket) => fake.refuse(post, socket, 503, 'Not stored yet.');
  await room.send('hello');
  await room.send('you');
  await expect(room.problem).toHaveText('Not sent yet. It goes out by itself in a moment.');
  await expect(room.waiting).toHaveText(['hello', 'you']);
  fake.onPost = (post, socket) => fake.acknowledge(post, socket);
  await expect(room.entries).toHaveText(['hello', 'you']);
  await expect(room.waiting).toHaveCount(0);
  await expect(room.problem).toHaveCount(0);
  expect(fake.posts).toMatchObject([{ body: 'hello', times: 2 }, { body: 'you', times: 1 }]);
});

test('a message that could not be stored is sent again at once on request', async ({ page, room, fake }) => {
  await page.clock.install();
  await room.open();
  fake.onPost = (post, socket) => fake.refuse(post, socket, 503, 'Not stored yet.');
  await room.send('hello');
  await expect(room.problem).toBeVisible();
  fake.onPost = (post, socket) => fake.acknowledge(post, socket);
  await page.clock.runFor(3_500);
  await page.locator('#outbox .again').click();
  await expect(room.entries).toHaveText(['hello']);
  await page.clock.runFor(30_000);
  expect(fake.posts).toMatchObject([{ body: 'hello', times: 2 }]);
});

test('a message taken back after it could not be stored is not sent by itself', async ({ page, room, fake }) => {
  await page.clock.install();
  await room.open();
  fake.onPost = (post, socket) => fake.refuse(post, socket, 503, 'Not stored yet.');
  await room.send('hello');
  await expect(room.problem).toBeVisible();
  await page.clock.runFor(3_500);
  await page.locator('#outbox button:not(.again)').click();
  await room.box.pressSequentially('!');
  await page.clock.fastForward(30_000);
  await expect(room.box).toHaveValue('hello!');
  expect(fake.posts).toMatchObject([{ body: 'hello', times: 1 }]);
});

test('a refused message comes back into the box with the reason, and gets a new key', async ({ room, fake }) => {
  await room.open();
  fake.onPost = (post, socket) => fake.refuse(post, socket, 422, 'Too long.');
  await room.send('hello');
  await expect(room.problem).toHaveText('Too long.');
  await expect(room.box).toHaveValue('hello');
  await expect(room.waiting).toHaveCount(0);
  fake.onPost = (post, socket) => fake.acknowledge(post, socket);
  await room.box.press('Enter');
  await expect(room.entries).toHaveText(['hello']);
  await expect(room.problem).toHaveCount(0);
  expect(new Set(fake.posts.map((post) => post.key)).size).toBe(2);
});

test('a refused message in the middle stays in the list if the box is in use, and the others go on', async ({ room, fake, page }) => {
  await room.open();
  const waiting: [Post, Socket][] = [];
  fake.onPost = (post, socket) => waiting.push([post, socket]);
  for (const text of ['one', 'two', 'three']) await room.send(text);
  await expect.poll(() => waiting.length).toBe(1);
  await room.box.fill('half a sen');
  fake.onPost = (post, socket) => (post.body === 'two' ? fake.refuse(post, socket, 422, 'Too long.') : fake.acknowledge(post, socket));
  fake.acknowledge(...waiting[0]);
  await expect(room.entries).toHaveText(['one', 'three']);
  await expect(room.waiting).toHaveText(['two']);
  await expect(room.problem).toHaveCount(0);
  const item = page.locator('#outbox > li');
  await expect(item).toContainText('Too long.');
  await expect(item.locator('.again')).toBeHidden();
  await expect(room.box).toHaveValue('half a sen');
  await item.getByRole('button').click();
  await expect(room.box).toHaveValue('two\nhalf a sen');
  await expect(room.waiting).toHaveCount(0);
});

test('offline is said at once, also with nothing to send', async ({ room, page }) => {
  await room.open();
  await page.evaluate(() => dispatchEvent(new Event('offline')));
  await room.says('lost');
  await room.send('hello');
  await page.evaluate(() => dispatchEvent(new Event('online')));
  await expect(room.connection).toBeEmpty();
});

test('with a mouse, the focus is in the box unless the address leads elsewhere', async ({ room, fake, page }) => {
  await room.open();
  await expect(room.box).toBeFocused();
  await page.goto(fake.origin + '/rooms/1#main');
  await page.reload();
  await room.live();
  await expect(room.box).not.toBeFocused();
});

test('a draft survives visits to other pages, and signing out clears it', async ({ room, fake, page }) => {
  await room.open();
  await room.box.fill('half a sen');
  await page.goto(fake.origin + '/friends');
  await room.open();
  await expect(room.box).toHaveValue('half a sen');
  await page.goto(fake.origin + '/profile');
  await page.locator('form[action="/sign-out"] button').click();
  await room.visit();
  await room.live();
  await expect(room.box).toHaveValue('');
});
