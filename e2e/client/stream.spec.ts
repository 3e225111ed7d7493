import type { IncomingMessage, ServerResponse } from 'node:http';
import { expect, test } from './room';
import { rooms } from './markup';

test('messages come in, and a lost line misses none and repeats none', async ({ room, fake }) => {
  fake.say('before');
  await room.open();
  fake.say('live');
  await expect(room.entries).toHaveText(['before', 'live']);
  fake.hangUpStreams();
  fake.say('missed');
  fake.say('missed too');
  await expect(room.entries).toHaveText(['before', 'live', 'missed', 'missed too']);
  await room.reaches('live');
  await expect(room.connection).toBeEmpty();
});

const naughty: [string, (request: IncomingMessage, response: ServerResponse) => void][] = [
  ['is refused', (request) => request.socket.destroy()],
  ['is answered by 503', (_, response) => response.writeHead(503, { 'Content-Type': 'text/html' }).end('<li>Sorry</li>')],
  ['is led to another page', (_, response) => response.writeHead(303, { Location: '/sign-in' }).end()],
  ['ends without a word', (_, response) => response.writeHead(200, { 'Content-Type': 'text/event-stream' }).end()],
];

for (const [what, answer] of naughty) {
  test(`a first connect that ${what} is tried again`, async ({ room, fake, page }) => {
    let tries = 0;
    fake.onConnect = (request, response) => {
      if (++tries < 3) answer(request, response);
      else fake.stream(request, response, fake.cursor(0));
    };
    await room.visit();
    fake.say('hello');
    await expect(room.entries).toHaveText(['hello']); // and no error page among them
    await room.live();
    await expect(room.connection).toBeEmpty();
    expect(tries).toBeGreaterThanOrEqual(3); // the browser itself may repeat one that was cut
  });
}

test('tries get rarer while the server refuses', async ({ room, fake }) => {
  await room.stopTheClock();
  fake.onConnect = (_, response) => response.writeHead(503).end();
  await room.visit();
  await room.poll(() => fake.count('GET /rooms/5/events'), 1).toBe(6);
  expect(room.passed).toBeGreaterThan(20); // at least 0.7 of 1, 2, 4, 8 and 15 seconds
  await expect(room.connection).toHaveText('Not connected. Trying again…');
});

test('a server that takes the call and says nothing is not waited for', async ({ room, fake }) => {
  await room.stopTheClock();
  fake.onConnect = () => {};
  await room.visit();
  await room.poll(() => fake.count('GET /rooms/5/events'), 1).toBe(2); // the first connect
  fake.onConnect = null;
  await room.poll(() => fake.streams.size, 1).toBe(1);
  await room.live();
  await room.pass(2); // it has proved to be a stream
  fake.onConnect = () => {};
  fake.hangUpStreams();
  const before = fake.count('GET /rooms/5/events');
  const since = room.passed;
  await room.poll(() => fake.count('GET /rooms/5/events'), 1).toBe(before + 3); // reconnects
  expect(room.passed - since).toBeLessThan(20);
  fake.onConnect = null;
  fake.say('back');
  await room.poll(() => room.entries.allTextContents(), 1).toEqual(['back']);
});

test('a page instead of a stream is not asked for twice a second', async ({ room, fake }) => {
  await room.stopTheClock();
  await room.open();
  fake.onConnect = (_, response) => response.writeHead(303, { Location: '/sign-in' }).end();
  fake.hangUpStreams();
  await room.poll(() => fake.count('GET /sign-in'), 1).toBe(5);
  expect(room.passed).toBeGreaterThan(8);
  fake.onConnect = null;
  fake.say('back');
  await room.poll(() => room.entries.allTextContents(), 2).toEqual(['back']);
});

test('silence is noticed, and the line is taken up again', async ({ room, fake }) => {
  fake.patience = '1';
  await room.open();
  const [dead] = fake.streams;
  fake.streams.delete(dead); // it stays open, and nothing comes through it any more
  fake.say('unheard');
  await expect(room.entries).toHaveText(['unheard']);
  await room.reaches('live');
  await expect.poll(() => fake.count('SOCKET')).toBeGreaterThan(1); // dead as well, for all one knows
});

test('without a mark to say otherwise, patience lasts 45 seconds', async ({ room, fake }) => {
  await room.stopTheClock();
  await room.open();
  await room.pass(43);
  fake.event('heartbeat', fake.cursor());
  await expect(room.connection).toBeEmpty();
  await room.pass(43);
  expect(fake.count('GET /rooms/5/events')).toBe(1);
  await room.pass(4);
  await expect.poll(() => fake.count('GET /rooms/5/events')).toBe(2);
});

test('a heartbeat that is ahead of the list makes the page ask again', async ({ room, fake }) => {
  await room.stopTheClock();
  await room.open();
  const streams = [...fake.streams];
  fake.streams.clear();
  fake.say('lost on the way');
  streams.forEach((stream) => fake.streams.add(stream));
  fake.event('heartbeat', fake.cursor());
  await room.pass(1);
  expect(fake.count('GET /rooms/5/events')).toBe(1);
  await room.poll(() => room.entries.allTextContents()).toEqual(['lost on the way']);
  expect(fake.count('GET /rooms/5/events')).toBe(2);
});

test('a lost line is told of after two seconds, and no longer than it lasts', async ({ room, fake }) => {
  await room.stopTheClock();
  await room.open();
  fake.onConnect = (request) => request.socket.destroy();
  fake.hangUpStreams();
  await room.reaches('waiting');
  await expect(room.connection).toBeEmpty();
  await room.pass(3);
  await expect(room.connection).toHaveText('Not connected. Trying again…');
  fake.onConnect = null;
  await room.poll(() => room.connection.textContent()).toBe('');
  await room.reaches('live');
});

test('whole state goes to its place and counts in the title', async ({ room, fake, page }) => {
  await room.open();
  fake.state(`<hx-partial hx-target="#rooms" hx-swap="outerHTML">${rooms(3)}</hx-partial>`);
  await expect(page).toHaveTitle('(3) Bea');
  await expect(room.entries).toHaveCount(0);
  fake.state(`<hx-partial hx-target="#rooms" hx-swap="outerHTML">${rooms(0)}</hx-partial>`);
  await expect(page).toHaveTitle('Bea');
});

test('pages without a room are live as well', async ({ fake, page }) => {
  await page.goto(fake.origin + '/friends');
  await expect(page.locator('#connection')).toHaveAttribute('data-state', 'live');
  fake.event('heartbeat', '-');
  fake.state(`<hx-partial hx-target="#rooms" hx-swap="outerHTML">${rooms(2)}</hx-partial>`);
  await expect(page).toHaveTitle('(2) Friends');
});
