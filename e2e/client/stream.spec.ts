import type { IncomingMessage, ServerResponse } from 'node:http';
import { expect, test } from './room';
import { lists } from './markup';

test('messages arrive, and a reconnect neither misses nor repeats any', async ({ room, fake }) => {
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

const badAnswers: [string, (request: IncomingMessage, response: ServerResponse) => void][] = [
  ['is refused', (request) => request.socket.destroy()],
  ['is answered by 503', (_, response) => response.writeHead(503, { 'Content-Type': 'text/html' }).end('<li class="message"><span class="body">Sorry</span></li>')],
  ['is redirected', (_, response) => response.writeHead(303, { Location: '/sign-in' }).end()],
  ['ends without an event', (_, response) => response.writeHead(200, { 'Content-Type': 'text/event-stream' }).end()],
];

for (const [what, answer] of badAnswers) {
  test(`a first connection that ${what} is retried`, async ({ room, fake, page }) => {
    let tries = 0;
    fake.onConnect = (request, response) => {
      if (++tries < 3) answer(request, response);
      else fake.stream(request, response, fake.cursor(0));
    };
    await room.visit();
    fake.say('hello');
    await expect(room.entries).toHaveText(['hello']); // and no error page in the list
    await room.live();
    await expect(room.connection).toBeEmpty();
    expect(tries).toBeGreaterThanOrEqual(3); // the browser itself may repeat a request that was cut off
  });
}

test('the pauses between attempts grow while the server refuses', async ({ room, fake }) => {
  await room.stopTheClock();
  fake.onConnect = (_, response) => response.writeHead(503).end();
  await room.visit();
  await room.poll(() => fake.count('GET /rooms/1/events'), 1).toBe(6);
  expect(room.passed).toBeGreaterThan(20); // at least 0.7 of 1, 2, 4, 8 and 15 seconds
  await room.says('lost');
});

test('a page that is hidden before it is connected disconnects until it is shown', async ({ room, fake, page }) => {
  await page.addInitScript(() => Object.defineProperty(document, 'hidden', { configurable: true, get: () => true }));
  await room.visit();
  await expect.poll(() => fake.count('GET /rooms/1/events')).toBe(1);
  await expect.poll(() => fake.streams.size).toBe(0);
  fake.say('meanwhile');
  await page.evaluate(() => {
    Reflect.deleteProperty(document, 'hidden');
    document.dispatchEvent(new Event('visibilitychange'));
  });
  await expect(room.entries).toHaveText(['meanwhile']);
  await room.live();
});

test('a connection that is accepted and never answered is given up', async ({ room, fake }) => {
  await room.stopTheClock();
  fake.onConnect = () => {};
  await room.visit();
  await room.poll(() => fake.count('GET /rooms/1/events'), 1).toBe(2); // the first connection
  fake.onConnect = null;
  await room.poll(() => fake.streams.size, 1).toBe(1);
  await room.live();
  await room.pass(2); // long enough to count as a stream
  fake.onConnect = () => {};
  fake.hangUpStreams();
  const before = fake.count('GET /rooms/1/events');
  const since = room.passed;
  await room.poll(() => fake.count('GET /rooms/1/events'), 1).toBe(before + 3); // reconnects
  expect(room.passed - since).toBeLessThan(20);
  fake.onConnect = null;
  fake.say('back');
  await room.poll(() => room.entries.allTextContents(), 1).toEqual(['back']);
});

test('a page in place of the stream is not requested twice a second', async ({ room, fake }) => {
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

test('a silent connection is noticed and replaced', async ({ room, fake }) => {
  fake.patience = '1';
  await room.open();
  const [dead] = fake.streams;
  fake.streams.delete(dead); // it stays open, and nothing more is sent over it
  fake.say('unheard');
  await expect(room.entries).toHaveText(['unheard']);
  await room.reaches('live');
  await expect.poll(() => fake.count('SOCKET')).toBeGreaterThan(1); // the socket is probably dead as well
});

test('by default a connection may be silent for 45 seconds', async ({ room, fake }) => {
  await room.stopTheClock();
  await room.open();
  await room.pass(43);
  fake.event('heartbeat', fake.cursor());
  await expect(room.connection).toBeEmpty();
  await room.pass(43);
  expect(fake.count('GET /rooms/1/events')).toBe(1);
  await room.pass(4);
  await expect.poll(() => fake.count('GET /rooms/1/events')).toBe(2);
});

test('a heartbeat that is ahead of the list makes the page reconnect', async ({ room, fake }) => {
  await room.stopTheClock();
  await room.open();
  const streams = [...fake.streams];
  fake.streams.clear();
  fake.say('lost');
  streams.forEach((stream) => fake.streams.add(stream));
  fake.event('heartbeat', fake.cursor());
  await room.pass(1);
  expect(fake.count('GET /rooms/1/events')).toBe(1);
  await room.poll(() => room.entries.allTextContents()).toEqual(['lost']);
  expect(fake.count('GET /rooms/1/events')).toBe(2);
});

test('a lost connection is shown after two seconds, and until it is back', async ({ room, fake }) => {
  await room.stopTheClock();
  await room.open();
  fake.onConnect = (request) => request.socket.destroy();
  fake.hangUpStreams();
  await room.reaches('waiting');
  await expect(room.connection).toBeEmpty();
  await room.pass(3);
  await room.says('lost');
  fake.onConnect = null;
  await room.poll(() => room.connection.textContent()).toBe('');
  await room.reaches('live');
});

test('a new room list replaces the old one, and its unread count is in the title', async ({ room, fake, page }) => {
  await room.open();
  fake.update(lists(3));
  await expect(page).toHaveTitle('(3) bea · Parley');
  await expect(room.entries).toHaveCount(0);
  fake.update(lists(0));
  await expect(page).toHaveTitle('bea · Parley');
});

test('pages without a room are live, too', async ({ fake, page }) => {
  await page.goto(fake.origin + '/rooms');
  await expect(page.locator('#connection')).toHaveAttribute('data-state', 'live');
  fake.event('heartbeat', '-');
  fake.update(lists(3));
  await expect(page).toHaveTitle('(3) Rooms · Parley');
});
