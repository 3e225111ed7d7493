// Connections that fail in every way they can. In the end a page shows each message once, in order, has
// lost nothing that was typed, and says truthfully whether it is live.
import type { Route } from '@playwright/test';
import { mkdtempSync, rmSync } from 'node:fs';
import { join as path } from 'node:path';
import { look } from './hidden';
import { Link } from './link';
import { out, Parley } from './parley';
import { apart, befriend, expect, postMessage, random, status, test as base, type Person } from './story';

const test = base.extend<{ linkTo: (addr: string) => Promise<Link> }>({
  linkTo: async ({}, use) => {
    const links: Link[] = [];
    await use(async (addr) => {
      const link = await Link.to(addr);
      links.push(link);
      return link;
    });
    for (const link of links) await link.close();
  },
});

// Sees exactly these texts, each once. A receipt, a reload or a frame may arrive before the last message.
const showsJust = (who: Person, texts: string[]) => (
  expect.poll(() => who.messages.locator('.body').allInnerTexts()).toEqual(texts)
);

// With scripts, messages on their way, at the end of the list.
const waiting = (who: Person) => who.page.locator('#outbox > li .body');

test('a silently dead connection is noticed, and what was missed arrives @scripts',
  apart('covered by “a silently lost connection is shown by the style sheet alone”'), async ({ join, places, linkTo }) => {
  const link = await linkTo(new URL(places[0]).host);
  const ann = await join('ann', `http://${link.addr}`);
  const ben = await join('ben', places[places.length - 1]);
  const room = await befriend(ann, ben);
  await ann.page.clock.install();
  await ann.open(room);
  await ann.isLive();
  await ann.say('one');

  link.swallow();
  await postMessage(ben, room, 'two');
  await ann.composer.fill('three');
  await ann.enter();
  await ann.page.clock.runFor(50_000);
  await status(ann.page, ['unsent', 'lost']);
  await expect(waiting(ann)).toHaveText(['three']);
  await showsJust(ann, ['one']);

  link.mend();
  await ann.page.clock.runFor(20_000);
  await expect(waiting(ann)).toHaveCount(0);
  await showsJust(ann, ['one', 'two', 'three']);
  await ann.isLive();
  await ann.reload();
  await showsJust(ann, ['one', 'two', 'three']);
});

test('a stream that is refused at first connects by itself @scripts @once',
  apart('without scripts, a page that does not load is up to the browser'), async ({ friends: { ann, ben, room } }) => {
  let refused = 0;
  await ann.page.route('**/events?*', (route) => {
    refused++;
    return refused % 2 ? route.abort('connectionrefused') : route.fulfill({ status: 503, contentType: 'text/html', body: '<li>Sorry</li>' });
  });
  await ann.open(room);
  await expect.poll(() => refused).toBeGreaterThan(1);
  await status(ann.page, ['lost']);
  await postMessage(ben, room, 'missed at first');
  await ann.page.unroute('**/events?*');
  await ann.sees('missed at first');
  await ann.isLive();
  await expect(ann.page.getByText('Sorry')).toHaveCount(0);
});

// What a form that htmx sends may get instead of its answer, with what the page then says.
const unanswered: [what: string, instead: (route: Route) => Promise<void>, says: RegExp][] = [
  ['no answer', (route) => route.abort('connectionreset'), /Check your connection/],
  ['the page of a proxy', (route) => route.fulfill({ status: 502, contentType: 'text/html', body: '<h1>Bad Gateway</h1>' }), /Check your connection/],
  ['a busy server', (route) => route.fulfill({ status: 503, contentType: 'text/html', body: '<p role="alert"><b>Busy.</b> Later &amp; again.</p>' }), /^Busy\. Later & again\.$/],
  ['too much at once', (route) => route.fulfill({ status: 429, contentType: 'text/html', body: '<p role="alert">Slowly.</p>' }), /^Slowly\.$/],
];

test('whatever is pressed, a page says that the server has not answered, until it does @scripts @once',
  apart('without scripts, a browser shows the answer to a form, or why there is none'), async ({ friends: { ann, ben, room }, join }) => {
  const cid = await join('cid');
  await postMessage(ben, room, 'One for all');
  await ben.post(`${room}/messages/2/react`, { emoji: '👍' });
  await cid.post('/friends', { username: ann.name });
  const asked = `/friends/${cid.name}/accept`;
  const name = ann.field('/friends', 'username');
  const places: [page: string, action: string, press: () => Promise<void>, done: () => Promise<void>][] = [
    ['/friends', '/friends', async () => {
      await name.fill('nobody-yet');
      await name.press('Enter');
    }, () => expect(ann.alert).toBeVisible()],
    ['/friends', asked, () => ann.press(asked), () => expect(ann.notice).toBeFocused()],
    [room, `${room}/messages/2/react`, () => ann.reactions('One for all').click(), () => expect(ann.reactions('One for all')).toContainText('2')],
    [room, `${room}/mute`, () => ann.page.locator('#mute').click(), () => expect(ann.page.locator('form.hushed #mute')).toBeFocused()],
  ];
  for (const [page, action, press, done] of places) {
    await ann.open(page);
    await ann.isLive();
    for (const [what, instead, says] of unanswered) {
      await test.step(`${action}: ${what}`, async () => {
        await ann.page.route(ann.at + action, instead);
        await press();
        await expect(ann.connection).toHaveText(says);
        await expect(ann.connection).toBeInViewport();
        await expect(ann.connection).toHaveRole('status');
        if (action === '/friends') await expect(name).toHaveValue('nobody-yet');
        await ann.page.unroute(ann.at + action);
      });
    }
    await press();
    await done();
    await expect(ann.connection).toBeEmpty();
  }
});

test('a page says again what fails again, until a click elsewhere or a message @scripts @once',
  apart('covered by “whatever is pressed, a page says that the server has not answered”'), async ({ friends: { ann, ben, room } }) => {
  await postMessage(ben, room, 'One for all');
  await ben.post(`${room}/messages/2/react`, { emoji: '👍' });
  await ann.open(room);
  await ann.isLive();
  await ann.isComplete(); // from then on a click is heard
  const waits: Route[] = [];
  await ann.page.route(`${ann.at}${room}/messages/2/react`, (route) => { waits.push(route); });
  for (const n of [1, 2]) {
    await ann.reactions('One for all').click();
    await expect.poll(() => waits.length).toBe(n);
    await expect(ann.connection).toBeEmpty(); // a screen reader says only what changes
    await waits[n - 1].abort('connectionreset');
    await expect(ann.connection).toHaveText(/Check your connection/);
  }
  await ann.message('One for all').locator('.body').click();
  await expect(ann.connection).toBeEmpty();
  await ann.reactions('One for all').click();
  await expect.poll(() => waits.length).toBe(3);
  await waits[2].abort('connectionreset');
  await expect(ann.connection).toHaveText(/Check your connection/);
  await ann.say('Then in words');
  await expect(ann.connection).toBeEmpty();
});

test('what a page says about a form or the connection covers nothing @scripts @once',
  apart('without scripts, the next page says it'), async ({ friends: { ann, ben, room } }) => {
  await postMessage(ben, room, 'One for all');
  const group = (await ann.post('/rooms', { name: 'Choir', username: ben.name })).headers().location!;
  for (const action of ['/friends', `${room}/mute`, `${group}/mute`]) {
    await ann.page.route(ann.at + action, (route) => route.request().method() === 'POST' ? route.abort('connectionreset') : route.fallback());
  }
  const others = ann.page.locator('.bar:visible, main h1:visible, #ask:visible, .head:visible, .list-head:visible, .scroller:visible, #composer:visible');
  const boxes = () => others.evaluateAll((all) => all.map((e) => e.getBoundingClientRect()).map(({ top, bottom, left, right }) => ({ top, bottom, left, right })));
  const coversNothing = async (says: RegExp, where: string) => {
    await expect(ann.connection).toHaveText(says);
    await expect(ann.connection).toBeInViewport({ ratio: 1 });
    const said = (await ann.connection.boundingBox())!;
    for (const { top, bottom, left, right } of await boxes()) {
      expect(bottom <= said.y || top >= said.y + said.height || right <= said.x || left >= said.x + said.width, `${where}: ${top} to ${bottom}`).toBe(true);
    }
  };
  await ann.page.clock.install();
  for (const width of [390, 1280]) {
    await ann.page.setViewportSize({ width, height: 800 });
    for (const page of ['/friends', '/rooms', room, group]) {
      await ann.open(page);
      await ann.isLive();
      const before = await boxes();
      expect(before.length).toBeGreaterThan(1);
      await ann.page.route('**/events?*', (route) => route.abort('connectionrefused'));
      await ann.reload();
      await ann.page.clock.runFor(3_000);
      await coversNothing(/^Connection lost/, `${page} at ${width}`);
      await ann.page.unroute('**/events?*');
      await ann.page.clock.runFor(20_000);
      await ann.isLive();
      expect(await boxes()).toEqual(before);
      if (page === '/rooms') continue; // has no form
      if (page === '/friends') {
        await ann.field('/friends', 'username').fill('nobody-yet');
        await ann.field('/friends', 'username').press('Enter');
      } else {
        await ann.page.locator('#mute').evaluate((button: HTMLButtonElement) => button.click()); // hidden on phones
      }
      await coversNothing(/Check your connection/, `${page} at ${width}`);
      await ann.page.locator('main h1').first().dispatchEvent('click');
      await expect(ann.connection).toBeEmpty();
      expect(await boxes()).toEqual(before);
    }
  }
});

test('the menu of a message that does not come says why @scripts @once',
  apart('without scripts, the dots lead to the page of the message'), async ({ friends: { ann, ben, room } }) => {
  await postMessage(ben, room, 'One for all');
  await ann.open(room);
  await ann.isLive();
  await ann.isComplete();
  const [dots, menu] = [ann.message('One for all').locator('.do'), `${ann.at}${room}/messages/2`];
  await ann.message('One for all').hover();
  for (const [what, instead, says] of unanswered) {
    await test.step(what, async () => {
      await ann.page.route(menu, instead);
      await dots.click();
      await expect(ann.connection).toHaveText(says);
      await expect(ann.menu).toBeHidden();
      await ann.page.unroute(menu);
    });
  }
  await dots.click();
  await expect(ann.menu).toBeVisible();
  await expect(ann.connection).toBeEmpty();
});

test('a lost acknowledgement is requested again, and the message is there once @scripts',
  apart('without scripts, sending a form again is up to the browser; “a double click sends one message” covers the result'), async ({ friends: { ann, ben, room } }) => {
  const receipts: string[] = [];
  await ann.page.routeWebSocket(/\/socket\?/, (socket) => {
    const server = socket.connectToServer();
    server.onMessage((text) => {
      if (receipts.push(String(text)) > 1) socket.send(text); // the first is lost
    });
  });
  await ann.page.clock.install();
  await ann.open(room);
  await ann.isLive();
  await ann.composer.fill('only once');
  await ann.enter();
  await ben.open(room);
  await ben.sees('only once');
  await ann.page.clock.runFor(5_000);
  await expect(waiting(ann)).toHaveText(['only once']); // nothing has confirmed that it arrived
  await ann.page.clock.runFor(5_000);
  await expect(waiting(ann)).toHaveCount(0);
  await ann.say('and this');
  for (const who of [ann, ben]) await showsJust(who, ['only once', 'and this']);
  expect(receipts.filter((text) => text.includes('data-seq')).length).toBe(3);
});

test('signed out with three tabs open, each says so @scripts @once',
  apart('without scripts, a browser has connections for two live pages only; covered by “the third tab works”'), async ({ friends: { ann, ben, room } }) => {
  const tabs = [await ann.page.context().newPage(), await ann.page.context().newPage()];
  await tabs[0].goto(ann.at + room);
  await tabs[1].goto(`${ann.at}/friends`);
  await ann.open(room);
  await ann.isLive();
  await ann.composer.fill('not finished');
  for (const tab of tabs) await expect(tab.locator('#connection')).toHaveAttribute('data-state', 'live');
  await ann.post('/sign-out');
  for (const tab of [ann.page, ...tabs]) await status(tab, ['signedOut']);
  await postMessage(ben, room, 'for nobody');
  await expect(ann.composer).toHaveValue('not finished');
  await expect(ann.messages).toHaveCount(0);
});

test('a laptop that slept for hours catches up once @scripts @once',
  apart('without scripts, nothing measures time; covered by “a silently lost connection is shown by the style sheet alone”'), async ({ join, places, linkTo }) => {
  const link = await linkTo(new URL(places[0]).host);
  const ann = await join('ann', `http://${link.addr}`);
  const ben = await join('ben', places[places.length - 1]);
  const room = await befriend(ann, ben);
  await ann.page.clock.install();
  await ann.open(room);
  await ann.isLive();
  await ann.composer.fill('half a thought');
  await look(ann, 'hidden');
  link.refuse();
  const meanwhile = Array.from({ length: 12 }, (_, n) => `said at ${n} o'clock`);
  for (const text of meanwhile) await postMessage(ben, room, text);
  await ann.page.clock.fastForward('12:00:00');
  link.mend();
  await look(ann, 'visible');
  await ann.page.clock.runFor(5_000);
  await showsJust(ann, meanwhile);
  await ann.isLive();
  await expect(ann.composer).toHaveValue('half a thought');
  await ann.enter();
  await expect(ann.composer).toHaveValue('');
  await showsJust(ann, [...meanwhile, 'half a thought']);
});

test('the database is down: the text is kept, and arrives when it is back @once', async ({ join, linkTo, javaScriptEnabled }) => {
  const shared = JSON.parse(process.env.RIG_SHARED!);
  const url = new URL(shared.PARLEY_DATABASE_URL);
  const link = await linkTo(url.host);
  url.host = link.addr;
  const folder = mkdtempSync(path(out, 'away-'));
  const parley = await Parley.start(`away-${random()}`, folder, { ...shared, PARLEY_DATABASE_URL: url.href });
  try {
    const [ann, ben] = [await join('ann', parley.at), await join('ben', parley.at)];
    const room = await befriend(ann, ben);
    await ann.open(room);
    await ann.isLive();
    await ann.say('before');

    link.refuse();
    await ann.composer.fill('while it was away');
    await ann.enter();
    await expect(ann.refusal).toBeVisible();
    if (ann.scripts) await expect(waiting(ann)).toHaveText(['while it was away']);
    else await expect(ann.composer).toHaveValue('while it was away');
    await expect(ann.messages).toHaveCount(1); // reading still works
    link.mend();
    if (javaScriptEnabled === false) {
      await expect.poll(async () => (await fetch(`${parley.at}/readyz`)).status).toBe(200);
      await ann.enter();
    }
    // With scripts it is sent by itself.
    await expect(waiting(ann)).toHaveCount(0);
    await expect(ann.composer).toHaveValue('');
    await expect(ann.refusal).toHaveCount(0);
    await ben.open(room);
    await showsJust(ben, ['before', 'while it was away']);
  } finally {
    await parley.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});

test('a message that waits has the time that it will have in the list @scripts @once',
  apart('without scripts, no message waits on the page'), async ({ join, places, linkTo }) => {
  const link = await linkTo(new URL(places[0]).host);
  const ann = await join('ann', `http://${link.addr}`);
  const room = await befriend(ann, await join('ben', places[places.length - 1]));
  await ann.post('/profile', { display_name: ann.name, time_zone: 'Asia/Kathmandu', language: '' });
  await ann.open(room);
  await ann.isLive();
  link.swallow();
  await ann.composer.fill('on its way');
  await ann.enter();
  const time = ann.page.locator('#outbox time');
  await expect(time).toHaveText(/^\d\d:\d\d$/);
  const there = (await time.innerText()).split(':').map(Number);
  const here = new Date();
  const ahead = (60 * there[0] + there[1] - 60 * here.getUTCHours() - here.getUTCMinutes() + 1440) % 1440;
  expect([344, 345]).toContain(ahead); // minutes
});
