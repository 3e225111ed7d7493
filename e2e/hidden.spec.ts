// A hidden tab disconnects, and catches up when it is shown again.
import { look } from './hidden';
import type { Page } from '@playwright/test';
import { apart, befriend, expect, makeGroup, postMessage, test, type Person } from './story';

test('a hidden tab disconnects, and has everything when it is shown again @scripts @once',
  apart('without scripts, a page cannot know that it is hidden'), async ({ friends: { ann, ben, room } }) => {
  await ann.open(room);
  await ann.isLive();
  await postMessage(ben, room, 'seen at once');
  await ann.sees('seen at once');

  const disconnected = Promise.race([
    ann.page.waitForEvent('requestfailed', (r) => r.url().includes('/events')),
    ann.page.waitForEvent('requestfinished', (r) => r.url().includes('/events')),
  ]);
  await look(ann, 'hidden');
  await disconnected;
  for (const text of ['while', 'nobody', 'looked']) await postMessage(ben, room, text);
  // Messages stay unread as long as nobody looks.
  await expect(ann.messages).toHaveCount(1);

  await look(ann, 'visible');
  await expect(ann.messages).toHaveCount(4);
  await ann.isLive();
  await ann.say('back again');
  expect(await ann.messages.locator('.body').allInnerTexts())
    .toEqual(['seen at once', 'while', 'nobody', 'looked', 'back again']);
});

test('a draft in a hidden tab is still there when it is shown again @scripts @once',
  apart('without scripts, a page cannot know that it is hidden'), async ({ friends: { ann, room } }) => {
  await ann.open(room);
  await ann.isLive();
  await ann.composer.fill('half a thought');
  await look(ann, 'hidden');
  await look(ann, 'visible');
  await ann.isLive();
  await expect(ann.composer).toHaveValue('half a thought');
  await ann.enter();
  await expect(ann.messages).toHaveCount(1);
});

const onlyScriptsNotify = apart('without scripts, a page cannot notify anybody');

test('a hidden tab shows in its title and its icon that something is new @scripts', onlyScriptsNotify, async ({ friends: { ann, ben, room }, join }) => {
  const cid = await join('cid');
  const other = await befriend(ann, cid);
  const quiet = await makeGroup(ann, 'Machines', [ben]);
  await ann.post(`${quiet}/mute`, { muted: 'yes' });
  await ann.open(room);
  await ann.isLive();
  const icon = ann.page.locator('link[rel=icon]').first();
  await expect(icon).not.toHaveAttribute('href', /dot/);
  await look(ann, 'hidden');
  await postMessage(ben, quiet, 'beep');
  await postMessage(cid, other, 'psst');
  await expect(ann.page).toHaveTitle(/^\(1\) /);
  await expect(icon).toHaveAttribute('href', /dot/);
  await postMessage(ben, room, 'are you there?');
  await expect(ann.page).toHaveTitle(/^\(2\) /);
  await (await join('dan')).post('/friends', { username: ann.name });
  await expect(ann.page).toHaveTitle(/^\(3\) /);
  await ann.post(`${room}/read`);
  await expect(ann.page).toHaveTitle(/^\(2\) /);
  await look(ann, 'visible');
  await ann.sees('are you there?');
  await expect(ann.page).toHaveTitle(/^\(2\) /);
});

// Lets a tab note what it would show and play.
async function record(page: Page): Promise<() => Promise<string[]>> {
  await page.addInitScript(() => {
    const calls: string[] = [];
    class Note {
      static permission = 'granted';
      static requestPermission = async () => 'granted';
      constructor(title: string, { body }: { body: string }) { calls.push(`${title}: ${body}`); }
      close() {}
    }
    class Sound extends AudioContext {
      constructor() { super(); calls.push('sound'); }
    }
    Object.assign(window, { calls, Notification: Note, AudioContext: Sound });
  });
  return () => page.evaluate(() => (window as unknown as { calls: string[] }).calls);
}

// Lets the patience of a tab last until the story ends it, so that no busy machine can use it up.
async function holdPatience(page: Page): Promise<() => Promise<void>> {
  await page.addInitScript(() => {
    const now = window.setTimeout;
    const held: (() => void)[] = [];
    const hold = (call: (...args: unknown[]) => void, ms = 0, ...args: unknown[]) => (
      ms >= 3000 && ms < 8000 ? held.push(() => call(...args)) : now(call, ms, ...args)
    );
    Object.assign(window, { setTimeout: hold, endPatience: () => {
      window.setTimeout = now;
      for (const call of held) call();
    } });
  });
  return () => page.evaluate(() => (window as unknown as { endPatience: () => void }).endPatience());
}

// Waits until a tab has heard everything so far, and no longer notifies of it. One whose stream a busy server refused
// asks again half a minute later.
async function knows(tab: Page): Promise<void> {
  await expect.poll(() => tab.evaluate(() => Object.keys(sessionStorage).some((key) => /newest/.test(key))), { timeout: 75_000 }).toBe(true);
}

// Reports whether the server knows that the last message of a room was read.
async function isRead(who: Person, room: string, last: string): Promise<boolean> {
  const line = (await (await who.get('/rooms')).text()).split('<li').find((li) => li.includes(`href="${room}"`))!;
  return line.includes(last) && !line.includes('class="unread"');
}

for (const channel of [true, false]) {
  test(`several tabs notify once of what nobody has seen${channel ? '' : ', without a channel between them'} @scripts @once`, onlyScriptsNotify, async ({ friends: { ann, ben, room }, join }) => {
    const cid = await join('cid');
    const other = await befriend(ann, cid);
    const quiet = await makeGroup(ann, 'Machines', [ben]);
    await ann.post(`${quiet}/mute`, { muted: 'yes' });
    await ann.post('/profile/calls', { notify: 'yes', sound: 'yes' });
    const context = ann.page.context();
    const tabs = [ann.page, await context.newPage(), await context.newPage()];
    const noted: (() => Promise<string[]>)[] = [];
    const hidden = tabs.slice(1);
    const patient: (() => Promise<void>)[] = [];
    for (const [i, tab] of tabs.entries()) {
      noted.push(await record(tab));
      if (!channel) {
        await tab.addInitScript(() => Reflect.deleteProperty(window, 'BroadcastChannel'));
        if (i > 0) patient.push(await holdPatience(tab));
      }
      await tab.goto(ann.at + [room, '/rooms', '/friends'][i]);
      if (i > 0) await look({ ...ann, page: tab } as typeof ann, 'hidden');
    }
    // The sound is fetched when it is first played, so it may come after the notification.
    const all = async () => (await Promise.all(noted.map((one) => one()))).flat().sort();
    // Each tab knows what was there before.
    for (const tab of tabs) await knows(tab);
    await postMessage(ben, quiet, 'beep');
    await postMessage(ben, room, 'in the open room');
    await ann.sees('in the open room');
    if (!channel) {
      // The hidden tabs learn only from the server that it was read, and wait for that before they call.
      await expect.poll(() => isRead(ann, room, 'in the open room')).toBe(true);
      for (const tab of hidden) await expect(tab).not.toHaveTitle(/^\(/);
      for (const end of patient) await end();
    }
    await postMessage(cid, other, 'psst');
    await expect.poll(all).toEqual([`${cid.name}: psst`, 'sound']);
    // What is read elsewhere does not call.
    await postMessage(cid, other, 'never mind');
    await ann.post(`${other}/read`);
    await postMessage(cid, await makeGroup(cid, 'Walks', [ann]), 'this one notifies');
    await expect.poll(async () => (await all()).length).toBe(4);
    expect(await all()).toEqual(expect.arrayContaining(['Walks: ' + cid.name + ': this one notifies']));
  });
}

test('a tab whose stream is refused by a busy server asks for it again @scripts @once', onlyScriptsNotify, async ({ friends: { ann, ben, room } }) => {
  let asked = 0;
  await ann.page.clock.install();
  await ann.page.route('**/events?page=hidden*', (route) => (
    asked++ === 0 ? route.fulfill({ status: 503, body: 'busy' }) : route.continue()
  ));
  await ann.open('/rooms');
  await ann.isLive();
  await look(ann, 'hidden');
  await expect.poll(() => asked).toBe(1);
  await ann.page.clock.fastForward(30_000);
  await expect.poll(() => asked).toBe(2);
  await postMessage(ben, room, 'still there?');
  await expect(ann.page).toHaveTitle(/^\(1\) /);
});

test('a hidden tab asks for nothing more once somebody else is signed in, or nobody @scripts @once', onlyScriptsNotify, async ({ friends: { ann } }) => {
  await ann.page.addInitScript(() => {
    const streams: EventSource[] = [];
    class Stream extends EventSource {
      constructor(url: string) {
        super(url);
        streams.push(this);
      }
    }
    Object.assign(window, { streams, EventSource: Stream });
  });
  const states = () => ann.page.evaluate(() => (window as unknown as { streams: EventSource[] }).streams.map(({ readyState }) => readyState));
  await ann.page.clock.install();
  const stops = async () => {
    await expect.poll(states).toEqual([2]);
    for (let i = 0; i < 5; i++) await ann.page.clock.fastForward(30_000);
    expect(await states()).toEqual([2]);
  };
  const events = '**/events?page=hidden*';
  await ann.page.route(events, (route) => route.continue({ url: route.request().url().replace(/me=\d+/, 'me=999999') }));
  await ann.open('/rooms');
  await ann.isLive();
  await look(ann, 'hidden');
  await stops();
  await ann.page.unroute(events);
  await ann.reload();
  await ann.isLive();
  await look(ann, 'hidden');
  await expect.poll(states).toEqual([1]);
  await ann.post('/sign-out');
  await stops();
});

test('a tab notifies nobody unless the profile says so @scripts @once', onlyScriptsNotify, async ({ friends: { ann, ben, room } }) => {
  const noted = await record(ann.page);
  const endPatience = await holdPatience(ann.page);
  await ann.open('/rooms');
  await ann.isLive();
  await look(ann, 'hidden');
  await postMessage(ben, room, 'psst');
  await expect(ann.page).toHaveTitle(/^\(1\) /);
  await endPatience();
  await ann.page.waitForTimeout(1000); // longer than the tabs of a browser take to agree on who notifies
  expect(await noted()).toEqual([]);
});

test('notifications are gone after signing out @scripts @once', onlyScriptsNotify, async ({ friends: { ann, ben, room } }) => {
  await ann.post('/profile/calls', { notify: 'yes' });
  await ann.page.addInitScript(() => {
    const open = new Set<object>();
    class Note {
      static permission = 'granted';
      constructor() { open.add(this); }
      close() { open.delete(this); }
    }
    Object.assign(window, { open, Notification: Note });
  });
  const count = () => ann.page.evaluate(() => (window as unknown as { open: Set<object> }).open.size);
  await ann.open('/rooms');
  await knows(ann.page);
  await postMessage(ben, room, 'for ann alone');
  await expect.poll(count).toBe(1);
  await ann.post('/sign-out');
  await expect.poll(count).toBe(0);
});
