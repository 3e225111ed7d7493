import { expect, test } from './room';

// The socket breaks, or is not there at all.

test('an unanswered message is sent again, under the same key, when the socket is back', async ({ room, fake }) => {
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

test('what is sent again is what was sent, whatever was typed since', async ({ room, fake }) => {
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

test('a message written while the socket is down leaves once when it is back', async ({ room, fake }) => {
  await room.stopTheClock();
  await room.open();
  fake.refusesSockets = true;
  fake.cutSockets();
  const tries = fake.count('SOCKET');
  await room.poll(() => fake.count('SOCKET')).toBeGreaterThan(tries);
  await room.send('hello');
  await room.pass(5);
  await expect(room.box).toHaveValue('hello');
  await expect(room.connection).toHaveText('Not sent yet. It will be sent when the connection is back.');
  fake.refusesSockets = false;
  await room.poll(() => room.box.inputValue()).toBe('');
  expect(fake.posts).toMatchObject([{ body: 'hello', times: 1 }]);
  await expect(room.connection).toBeEmpty();
});

test('a lost receipt is asked for again: the socket that does not answer is hung up', async ({ room, fake }) => {
  await room.stopTheClock();
  await room.open();
  fake.onPost = (post, socket) => { if (post.times > 1) fake.acknowledge(post, socket); };
  await room.send('hello');
  await expect.poll(() => fake.posts.length).toBe(1);
  await room.pass(5);
  await expect(room.connection).toHaveText('Not sent yet. It will be sent when the connection is back.');
  expect(fake.posts).toMatchObject([{ body: 'hello', times: 1 }]);
  await room.poll(() => room.box.inputValue()).toBe('');
  expect(fake.posts).toMatchObject([{ body: 'hello', times: 2 }]);
});

test.describe('where sockets are forbidden', () => {
  test.beforeEach(async ({ room, fake }) => {
    fake.refusesSockets = true;
    await room.visit();
    await room.reaches('live');
    await expect.poll(() => fake.count('SOCKET')).toBeGreaterThan(1);
  });

  test('the browser posts the form, and the draft is done with', async ({ room, fake }) => {
    await room.send('hello');
    await expect.poll(() => fake.count('POST /rooms/5/messages')).toBe(1);
    await expect(room.entries).toHaveText(['hello']);
    await expect(room.box).toHaveValue('');
  });

  test('what the server did not take comes back', async ({ room, fake, page }) => {
    fake.onForm = (_, response) => response.writeHead(303, { Location: '/sign-in' }).end();
    await room.send('hello');
    await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
    await room.visit();
    await expect(room.box).toHaveValue('hello');
  });
});

test('a message that waits for a first socket is posted by the browser in the end', async ({ room, fake }) => {
  fake.stallsSockets = true;
  await room.visit();
  await room.reaches('live');
  await room.send('hello');
  await expect(room.box).toHaveValue('hello');
  await expect(room.entries).toHaveText(['hello']);
  await expect(room.box).toHaveValue('');
  expect(fake.count('POST /rooms/5/messages')).toBe(1);
});

test('while someone types, no page goes away under the fingers', async ({ room, fake }) => {
  await room.stopTheClock();
  fake.stallsSockets = true;
  await room.visit();
  await room.reaches('live');
  await room.send('hello');
  await room.box.press('End');
  await room.box.pressSequentially(' and');
  await room.pass(10);
  await expect(room.box).toHaveValue('hello and');
  expect(fake.count('POST /rooms/5/messages')).toBe(0);
  await room.box.press('Enter'); // the second press posts it at once
  await expect(room.entries).toHaveText(['hello and']);
});
