import { expect, test } from './room';

test('signed out: said, with a way back, and nothing more is asked of the server', async ({ room, fake, page }) => {
  await room.stopTheClock();
  await room.open();
  await room.box.fill('still here');
  const before = fake.requests.length;
  fake.onConnect = (_, response) => response.writeHead(200, { 'Content-Type': 'text/event-stream' }).end('event: signed-out\ndata: -\n\n');
  fake.refusesSockets = true;
  fake.event('signed-out', '-');
  await expect(room.connection).toHaveText('You are signed out. Sign in');
  await room.reaches('signed-out');
  await expect(page.getByRole('link', { name: 'Sign in' })).toHaveAttribute('href', '/sign-in?next=%2Frooms%2F5');
  await expect.poll(() => fake.sockets.size).toBe(0);
  await room.box.press('Enter');
  await room.pass(300);
  await expect(room.box).toHaveValue('still here');
  expect(fake.requests.slice(before)).toEqual([]);
});

test('signed out while the line was lost: one answer is enough', async ({ room, fake }) => {
  await room.stopTheClock();
  await room.open();
  const before = fake.requests.length;
  fake.onConnect = (_, response) => response.writeHead(200, { 'Content-Type': 'text/event-stream' }).end('event: signed-out\ndata: -\n\n');
  fake.hangUpStreams();
  await room.reaches('waiting');
  await room.pass(1);
  await expect(room.connection).toHaveText('You are signed out. Sign in');
  await room.pass(300);
  expect(fake.requests.slice(before).length).toBeLessThanOrEqual(2);
});

for (const [code, sentence] of [[4401, 'You are signed out. Sign in'], [4404, 'This conversation is closed.']] as const) {
  test(`the socket's ${code} ends the stream as well`, async ({ room, fake }) => {
    await room.stopTheClock();
    await room.open();
    const before = fake.requests.length;
    for (const socket of fake.sockets) socket.close(code);
    await expect(room.connection).toHaveText(sentence);
    await expect.poll(() => fake.streams.size).toBe(0);
    await room.pass(300);
    expect(fake.requests.slice(before)).toEqual([]);
  });
}

for (const status of [401, 404]) {
  test(`${status} at a reconnect is an end, not a fault`, async ({ room, fake }) => {
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

test('closed: said, and the composer keeps its text and sends no more', async ({ room, fake, page }) => {
  await room.open();
  await room.box.fill('one more thing');
  fake.event('closed', '-');
  await expect(room.connection).toHaveText('This conversation is closed.');
  await room.reaches('closed');
  await expect(room.box).toHaveValue('one more thing');
  await expect(room.box).not.toBeEditable();
  await expect(page.getByRole('button', { name: 'Send' })).toBeDisabled();
  await expect.poll(() => fake.sockets.size + fake.streams.size).toBe(0);
});

test('reset: the page is loaded again, with the draft, the caret and the new history', async ({ room, fake }) => {
  await room.open();
  await room.box.fill('half sentence');
  for (let i = 0; i < 'sentence'.length; i++) await room.box.press('ArrowLeft');
  await room.box.pressSequentially('a ');
  fake.epoch = 'e2';
  fake.log = [];
  fake.say('restored');
  fake.event('reset', '-');
  await expect.poll(() => fake.count('GET /rooms/5/events?after=e2-1')).toBe(1);
  await room.live();
  await expect(room.entries).toHaveText(['restored']);
  await expect(room.box).toBeFocused();
  await expect(room.box).toHaveValue('half a sentence');
  await room.box.pressSequentially('whole ');
  await expect(room.box).toHaveValue('half a whole sentence');
});

test('reset again and again is no storm', async ({ room, fake }) => {
  await room.stopTheClock();
  fake.onConnect = (_, response) => response.writeHead(200, { 'Content-Type': 'text/event-stream' }).end('event: reset\ndata: -\n\n');
  await room.visit();
  await room.poll(() => fake.count('GET /rooms/5/events')).toBe(2); // the first reload comes at once
  await room.pass(7);
  expect(fake.count('GET /rooms/5/events')).toBe(2);
  await room.poll(() => fake.count('GET /rooms/5/events')).toBe(3);
});

test('a page out of the back/forward cache is loaded again', async ({ room, fake, page }) => {
  await room.open();
  await room.box.fill('a draft');
  fake.say('news');
  await page.evaluate(() => dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })));
  await expect.poll(() => fake.requests.filter((request) => request === 'GET /rooms/5').length).toBe(2);
  await room.live();
  await expect(room.entries).toHaveText(['news']);
  await expect(room.box).toHaveValue('a draft');
});
