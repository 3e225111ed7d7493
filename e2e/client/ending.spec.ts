import { expect, test } from './room';

test('after a sign-out the page says so, links to the sign-in, and makes no more requests', async ({ room, fake }) => {
  await room.stopTheClock();
  await room.open();
  await room.box.fill('still here');
  const before = fake.requests.length;
  fake.onConnect = (_, response) => response.writeHead(200, { 'Content-Type': 'text/event-stream' }).end('event: signed-out\ndata: -\n\n');
  fake.refusesSockets = true;
  fake.event('signed-out', '-');
  await room.says('signed-out');
  await room.reaches('signed-out');
  await expect(room.connection.getByRole('link')).toHaveAttribute('href', '/sign-in?next=%2Frooms%2F1');
  await expect.poll(() => fake.sockets.size).toBe(0);
  await room.box.press('Enter');
  await room.pass(300);
  await expect(room.box).toHaveValue('still here');
  expect(fake.requests.slice(before)).toEqual([]);
});

test('a sign-out while disconnected is noticed at the first reconnect', async ({ room, fake }) => {
  await room.stopTheClock();
  await room.open();
  const before = fake.requests.length;
  fake.onConnect = (_, response) => response.writeHead(200, { 'Content-Type': 'text/event-stream' }).end('event: signed-out\ndata: -\n\n');
  fake.hangUpStreams();
  await room.reaches('waiting');
  await room.pass(1);
  await room.says('signed-out');
  await room.pass(300);
  expect(fake.requests.slice(before).length).toBeLessThanOrEqual(2);
});

for (const [code, sentence] of [[4401, 'signed-out'], [4404, 'closed']] as const) {
  test(`a socket closed with ${code} ends the stream, too`, async ({ room, fake }) => {
    await room.stopTheClock();
    await room.open();
    const before = fake.requests.length;
    for (const socket of fake.sockets) socket.close(code);
    await room.says(sentence);
    await expect.poll(() => fake.streams.size).toBe(0);
    await room.pass(300);
    expect(fake.requests.slice(before)).toEqual([]);
  });
}

for (const status of [401, 404]) {
  test(`${status} at a reconnect is final`, async ({ room, fake }) => {
    await room.stopTheClock();
    await room.open();
    fake.onConnect = (_, response) => response.writeHead(status).end();
    fake.hangUpStreams();
    await room.reaches('waiting');
    await room.pass(1);
    await expect(room.connection).toHaveAttribute('data-state', status === 401 ? 'signed-out' : 'closed');
    const after = fake.requests.length;
    await room.pass(300);
    expect(fake.requests.slice(after)).toEqual([]);
  });
}

test('in a closed conversation the composer keeps its text and cannot send', async ({ room, fake }) => {
  await room.open();
  await room.box.fill('one more thing');
  fake.event('closed', '-');
  await room.says('closed');
  await room.reaches('closed');
  await expect(room.box).toHaveValue('one more thing');
  await expect(room.box).not.toBeEditable();
  await expect(room.sendButton).toBeDisabled();
  await expect.poll(() => fake.sockets.size + fake.streams.size).toBe(0);
});

test('a reset reloads the page with the new history, and keeps draft and caret', async ({ room, fake }) => {
  await room.open();
  await room.box.fill('half sentence');
  for (let i = 0; i < 'sentence'.length; i++) await room.box.press('ArrowLeft');
  await room.box.pressSequentially('a ');
  fake.epoch = 'e2';
  fake.log = [];
  fake.say('restored');
  fake.event('reset', '-');
  await expect.poll(() => fake.count('GET /rooms/1/events?after=e2-1')).toBe(1);
  await room.live();
  await expect(room.entries).toHaveText(['restored']);
  await expect(room.box).toBeFocused();
  await expect(room.box).toHaveValue('half a sentence');
  await room.box.pressSequentially('whole ');
  await expect(room.box).toHaveValue('half a whole sentence');
});

test('repeated resets do not reload the page in a tight loop', async ({ room, fake }) => {
  await room.stopTheClock();
  fake.onConnect = (_, response) => response.writeHead(200, { 'Content-Type': 'text/event-stream' }).end('event: reset\ndata: -\n\n');
  await room.visit();
  await room.poll(() => fake.count('GET /rooms/1/events')).toBe(2); // the first reload happens at once
  await room.pass(7);
  expect(fake.count('GET /rooms/1/events')).toBe(2);
  await room.poll(() => fake.count('GET /rooms/1/events')).toBe(3);
});

test('a page from the back/forward cache is reloaded', async ({ room, fake, page }) => {
  await room.open();
  await room.box.fill('a draft');
  fake.say('news');
  await page.evaluate(() => dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })));
  await expect.poll(() => fake.requests.filter((request) => request === 'GET /rooms/1').length).toBe(2);
  await room.live();
  await expect(room.entries).toHaveText(['news']);
  await expect(room.box).toHaveValue('a draft');
});
