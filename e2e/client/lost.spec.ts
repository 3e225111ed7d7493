import { expect, test } from './room';

// The socket breaks, or cannot be opened at all.

test('an unacknowledged message is sent again under the same key when the socket reconnects', async ({ room, fake }) => {
  await room.open();
  fake.onPost = (post, socket) => {
    if (post.times === 1) socket.cut(); // before the answer
    else fake.acknowledge(post, socket);
  };
  await room.send('hello');
  await expect(room.entries).toHaveText(['hello']);
  await expect(room.waiting).toHaveCount(0);
  expect(fake.posts).toMatchObject([{ body: 'hello', times: 2 }]);
});

test('what is typed after sending is no part of a resend', async ({ room, fake }) => {
  await room.open();
  fake.onPost = (post, socket) => { if (post.times > 1) fake.acknowledge(post, socket); };
  await room.send('hello');
  await expect.poll(() => fake.posts.length).toBe(1);
  await room.box.pressSequentially('and more');
  fake.cutSockets();
  await expect(room.entries).toHaveText(['hello']);
  await expect(room.box).toHaveValue('and more');
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
  await expect(room.waiting).toHaveText(['hello']);
  await room.says('unsent');
  fake.refusesSockets = false;
  await room.poll(() => room.waiting.count()).toBe(0);
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
  await room.poll(() => room.waiting.count()).toBe(0);
  expect(fake.posts).toMatchObject([{ body: 'hello', times: 2 }]);
});

test.describe('where WebSockets are blocked', () => {
  test.beforeEach(async ({ room, fake }) => {
    fake.refusesSockets = true;
    await room.visit();
    await room.reaches('live');
    await expect.poll(() => fake.count('SOCKET')).toBeGreaterThan(1);
  });

  test('messages are posted by requests, in order, and the page stays', async ({ room, fake }) => {
    await room.box.fill('one');
    await room.box.press('Enter');
    await room.send('two');
    await expect(room.entries).toHaveText(['one', 'two']);
    await expect(room.waiting).toHaveCount(0);
    await expect(room.box).toHaveValue('');
    expect(fake.count('POST /rooms/1/messages')).toBe(2);
    expect(fake.count('GET /rooms/1/events')).toBe(1);
  });

  test('a message that the server did not accept because of a sign-out is restored', async ({ room, fake }) => {
    fake.onForm = (_, response) => response.writeHead(401).end();
    await room.send('hello');
    await room.says('signed-out');
    await expect(room.waiting).toHaveText(['hello']);
    fake.onForm = null;
    await room.visit();
    await expect(room.entries).toHaveText(['hello']);
    await expect(room.waiting).toHaveCount(0);
  });

  test('a request that gets no answer is repeated under the same key', async ({ room, fake }) => {
    fake.onForm = (_, response) => response.destroy();
    await room.send('hello');
    await expect.poll(() => fake.count('POST /rooms/1/messages')).toBeGreaterThan(0);
    fake.onForm = null;
    await expect(room.entries).toHaveText(['hello']);
    await expect(room.waiting).toHaveCount(0);
  });
});

test('a message that waits too long for the first socket is posted by a request', async ({ room, fake }) => {
  fake.stallsSockets = true;
  await room.visit();
  await room.reaches('live');
  await room.send('hello');
  await room.box.pressSequentially('and');
  await expect(room.waiting).toHaveText(['hello']);
  await expect(room.entries).toHaveText(['hello']);
  await expect(room.box).toHaveValue('and');
  expect(fake.count('POST /rooms/1/messages')).toBe(1);
});
