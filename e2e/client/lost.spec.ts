import { expect, test } from './room';

// The socket breaks, or cannot be opened at all.

test('an unacknowledged message is sent again under the same key when the socket reconnects', async ({ room, fake }) => {
  await room.open();
  fake.onPost = (post, socket) => {
    if (post.times === 1) socket.cut(); // before the answer
    else fake.acknowledge(post, socket);
  };
  await room.send('hello');
  await expect(room.box).toHaveValue('');
  expect(fake.posts).toMatchObject([{ body: 'hello', times: 2 }]);
  await expect(room.entries).toHaveText(['hello']);
});

test('a resend repeats the original text, whatever has been typed since', async ({ room, fake }) => {
  await room.open();
  fake.onPost = (post, socket) => { if (post.times > 1) fake.acknowledge(post, socket); };
  await room.send('hello');
  await expect.poll(() => fake.posts.length).toBe(1);
  await room.box.press('End');
  await room.box.pressSequentially(' and more');
  fake.cutSockets();
  await expect(room.box).toHaveValue(' and more');
  expect(fake.posts).toMatchObject([{ body: 'hello', times: 2 }]);
});

test('a message written while the socket is down is sent exactly once when it reconnects', async ({ room, fake }) => {
  await room.stopTheClock();
  await room.open();
  fake.refusesSockets = true;
  fake.cutSockets();
  const tries = fake.count('SOCKET');
  await room.poll(() => fake.count('SOCKET')).toBeGreaterThan(tries);
  await room.send('hello');
  await room.pass(5);
  await expect(room.box).toHaveValue('hello');
  await room.says('unsent');
  fake.refusesSockets = false;
  await room.poll(() => room.box.inputValue()).toBe('');
  expect(fake.posts).toMatchObject([{ body: 'hello', times: 1 }]);
  await expect(room.connection).toBeEmpty();
});

test('a socket that does not acknowledge a message is closed, and the message is sent again', async ({ room, fake }) => {
  await room.stopTheClock();
  await room.open();
  fake.onPost = (post, socket) => { if (post.times > 1) fake.acknowledge(post, socket); };
  await room.send('hello');
  await expect.poll(() => fake.posts.length).toBe(1);
  await room.pass(5);
  await room.says('unsent');
  expect(fake.posts).toMatchObject([{ body: 'hello', times: 1 }]);
  await room.poll(() => room.box.inputValue()).toBe('');
  expect(fake.posts).toMatchObject([{ body: 'hello', times: 2 }]);
});

test.describe('where WebSockets are blocked', () => {
  test.beforeEach(async ({ room, fake }) => {
    fake.refusesSockets = true;
    await room.visit();
    await room.reaches('live');
    await expect.poll(() => fake.count('SOCKET')).toBeGreaterThan(1);
  });

  test('the browser posts the form, and the draft is cleared', async ({ room, fake }) => {
    await room.send('hello');
    await expect.poll(() => fake.count('POST /rooms/1/messages')).toBe(1);
    await expect(room.entries).toHaveText(['hello']);
    await expect(room.box).toHaveValue('');
  });

  test('a message that the server did not accept is restored', async ({ room, fake, page }) => {
    fake.onForm = (_, response) => response.writeHead(303, { Location: '/sign-in' }).end();
    await room.send('hello');
    await expect(page.locator('form[action="/sign-in"]')).toBeVisible();
    await room.visit();
    await expect(room.box).toHaveValue('hello');
  });
});

test('a message that waits too long for the first socket is posted as a form', async ({ room, fake }) => {
  fake.stallsSockets = true;
  await room.visit();
  await room.reaches('live');
  await room.send('hello');
  await expect(room.box).toHaveValue('hello');
  await expect(room.entries).toHaveText(['hello']);
  await expect(room.box).toHaveValue('');
  expect(fake.count('POST /rooms/1/messages')).toBe(1);
});

test('the page does not navigate away while the user is typing', async ({ room, fake }) => {
  await room.stopTheClock();
  fake.stallsSockets = true;
  await room.visit();
  await room.reaches('live');
  await room.send('hello');
  await room.box.press('End');
  await room.box.pressSequentially(' and');
  await room.pass(10);
  await expect(room.box).toHaveValue('hello and');
  expect(fake.count('POST /rooms/1/messages')).toBe(0);
  await room.box.press('Enter'); // pressing it again posts the form at once
  await expect(room.entries).toHaveText(['hello and']);
});
