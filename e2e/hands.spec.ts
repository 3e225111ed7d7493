// Everything Parley does, with a keyboard alone. At each stop the focus must be visible: outlined, and
// not covered by anything.
import type { Locator } from '@playwright/test';
import { apart, befriend, expect, password, postMessage, test, type Person } from './story';

// Hundreds of key presses.
test.describe.configure({ timeout: 90_000 });

const photo = {
  name: 'cups.png', mimeType: 'image/png',
  buffer: Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64'),
};

// Reports whether the goal has the focus, or what is wrong with how the focus looks.
function stop(): 'goal' | 'frame' | 'on the way' | string {
  const e = document.activeElement!;
  if (e === document.body) return 'on the way';
  if (e.tagName === 'IFRAME') return 'frame';
  const ring = e.matches('.message') ? e.querySelector('.bubble')! : e; // a message shows it around its bubble
  const { outlineStyle, outlineWidth } = getComputedStyle(ring);
  const name = `${e.tagName} ${e.id} ${e.textContent?.trim().slice(0, 30)}`;
  if (outlineStyle === 'none' || parseFloat(outlineWidth) < 2) return `no outline around ${name}`;
  const { left, right, top, bottom } = e.getClientRects()[0]; // of a wrapped link, the first line
  const [x, y] = [Math.max(left, 0), Math.max(top, 0)];
  const [wide, high] = [Math.min(right, innerWidth) - x, Math.min(bottom, innerHeight) - y];
  const seen = [[0.5, 0.5], [0.1, 0.2], [0.9, 0.2], [0.1, 0.8], [0.9, 0.8]].some(([right, down]) => {
    const top = document.elementFromPoint(x + right * wide, y + down * high);
    return top && (e.contains(top) || top.contains(e) && top.closest('label'));
  });
  if (!seen) return `something covers ${name}`;
  return e === (window as { goal?: Element }).goal ? 'goal' : 'on the way';
}

// Presses Tab until this has the focus.
async function to(who: Person, target: Locator, key = 'Tab'): Promise<void> {
  const passed: string[] = [];
  while (passed.at(-1) !== 'goal' && passed.length < 200) {
    await target.evaluate((e) => Object.assign(window, { goal: e })); // the stream may have replaced it
    await who.page.keyboard.press(key);
    let here = await who.page.evaluate(stop);
    for (const frame of here === 'frame' ? who.page.frames().slice(1) : []) {
      const inside = await frame.evaluate(stop);
      if (inside !== 'on the way' && await frame.evaluate(() => document.hasFocus())) here = inside;
    }
    passed.push(here);
  }
  expect([...new Set(passed)].filter((here) => !['frame', 'on the way'].includes(here))).toEqual(['goal']);
}

async function press(who: Person, target: Locator, key = 'Enter'): Promise<void> {
  await to(who, target);
  await who.page.keyboard.press(key);
}

async function type(who: Person, target: Locator, text: string): Promise<void> {
  await to(who, target);
  await who.page.keyboard.press('ControlOrMeta+a');
  await who.page.keyboard.type(text);
}

const nav = (who: Person, path: string) => who.page.locator(`.bar nav a[href="${path}"]`);
const button = (who: Person, action: string) => who.form(action).locator('button');

// Opens what can be done about a message, and returns the path of its page: with scripts the menu, without
// that page.
async function more(who: Person, text: string): Promise<string> {
  const dots = who.message(text).locator('a.do');
  const path = (await dots.getAttribute('href'))!;
  if (who.scripts) {
    await who.isComplete();
    await to(who, who.page.locator('#messages > li[tabindex="0"]'));
    await who.page.keyboard.press('Home');
    const focused = () => who.message(text).evaluate((item) => item === document.activeElement);
    for (let n = 0; n < 50 && !await focused(); n++) await who.page.keyboard.press('ArrowDown');
    await who.page.keyboard.press('Enter');
    await expect(who.menu.locator('button').first()).toBeFocused();
  } else {
    await press(who, dots);
    await expect(who.page.locator('#react-heading')).toBeVisible();
  }
  return path;
}

// Sees the focus on this, where a script has put it.
async function holds(who: Person, target: Locator): Promise<void> {
  await expect(target).toBeFocused();
  await target.evaluate((e) => Object.assign(window, { goal: e }));
  expect(await who.page.evaluate(stop)).toBe('goal');
}

// Is back in the room.
async function isIn(who: Person, room: string): Promise<void> {
  await expect(who.page).toHaveURL(new RegExp(`${room}(#.*)?$`));
}

async function say(who: Person, text: string): Promise<void> {
  await type(who, who.composer, text);
  if (who.scripts) await who.page.keyboard.press('Enter');
  else await press(who, who.send);
  await expect(who.composer).toHaveValue('');
  await who.sees(text);
}

test('from the first visit to a friend, and everything about messages @once', async ({ visitor: ann, join }) => {
  const [ben, cid] = [await join('ben'), await join('cid')];
  await ann.open('/sign-up');
  await type(ann, ann.field('/sign-up', 'username'), ann.name);
  await type(ann, ann.field('/sign-up', 'password'), password);
  await ann.page.keyboard.press('Enter');
  await expect(ann.page).toHaveURL(/\/rooms$/);

  await ben.post('/friends', { username: ann.name });
  await press(ann, nav(ann, '/friends'));
  await type(ann, ann.field('/friends', 'username'), cid.name);
  await ann.page.keyboard.press('Enter');
  await expect(button(ann, `/friends/${cid.name}/cancel`)).toBeVisible();
  await cid.post(`/friends/${ann.name}/accept`);
  await ann.open('/friends');
  await press(ann, button(ann, `/friends/${ben.name}/accept`));
  await expect(ann.notice).toBeVisible(); // the lists have been swapped, and may be once more by what was read before
  const friend = ann.page.locator(`li[data-username="${ben.name}"] a.who[href^="/rooms/"]`);
  await expect(friend).toBeVisible();
  await press(ann, friend);
  await expect(ann.page).toHaveURL(/\/rooms\/\d+$/);
  const room = ann.path;

  await ann.isLive();
  await say(ann, 'Tea or coffe?');
  await postMessage(ben, room, 'Tea, please');
  await ann.sees('Tea, please');
  await ann.open(room);
  await more(ann, 'Tea, please');
  await press(ann, ann.page.locator('.acts a[href*="?reply="]'));
  if (ann.scripts) await expect(ann.composer).toBeFocused();
  await say(ann, 'With milk?');
  await ann.open(room);
  await expect(ann.message('With milk?').locator('.quote')).toContainText('Tea, please');
  await more(ann, 'Tea, please');
  await press(ann, ann.page.locator('.hand button[value="🎉"]'), 'Space');
  await isIn(ann, room);
  await expect(ann.message('Tea, please').locator('.reactions button')).toHaveText('🎉 1');
  const mine = await more(ann, 'Tea or coffe?');
  if (ann.scripts) await press(ann, ann.menu.locator('[data-act=edit]'));
  await type(ann, ann.field(`${mine}/edit`, 'body'), 'Tea or coffee?');
  await press(ann, button(ann, `${mine}/edit`));
  await isIn(ann, room);
  await expect(ann.message('Tea or coffee?').locator('.edited')).toBeVisible();
  const question = await more(ann, 'With milk?');
  await press(ann, ann.page.locator('details', { has: ann.form(`${question}/delete`) }).locator('summary'));
  await press(ann, button(ann, `${question}/delete`));
  await isIn(ann, room);
  await expect(ann.messages.last().locator('.gone')).toBeVisible();

  const chosen = ann.page.waitForEvent('filechooser'); // well before: it takes the browser a moment to listen
  await to(ann, ann.part('composer').locator('.attach summary'));
  await ann.page.keyboard.press('Enter');
  if (!ann.scripts) await press(ann, ann.part('composer').locator('#photo'));
  await (await chosen).setFiles(photo);
  await to(ann, ann.send, 'Shift+Tab');
  await ann.page.keyboard.press('Enter');
  await expect(ann.messages.locator('.pictures img')).toHaveCount(1);

  const theirs = await more(ann, 'Tea, please');
  await press(ann, button(ann, `${theirs}/unread`));
  await expect(ann.unread(room)).toContainText('1');
});

test('what opens over a room, a photo, and the keys of every page @scripts @once',
  apart('without scripts, a page hears no keys'), async ({ join, places }) => {
  const [ann, ben] = [await join('ann', places[0]), await join('ben', places[0])];
  const room = await befriend(ann, ben);
  const { page } = ann;
  const { keyboard } = page;
  await postMessage(ben, room, 'Tea, please');
  await ann.open(room);
  await ann.isLive();
  await ann.isComplete();

  // Photos, described.
  await ann.part('composer').locator('#photo').setInputFiles([photo, { ...photo, name: 'pot.png' }]);
  await press(ann, page.getByRole('button', { name: 'ALT cups.png' }));
  await holds(ann, page.getByLabel('Alt text for cups.png'));
  await keyboard.type('Two cups');
  await keyboard.press('Enter');
  await holds(ann, page.getByRole('button', { name: 'ALT cups.png' }));

  // Completion, and the picker.
  await to(ann, ann.composer);
  await keyboard.type(`Look @${ben.name.slice(0, 5)}`);
  await expect(page.locator('#suggestions [aria-selected=true]')).toHaveCount(1);
  await keyboard.press('Enter');
  await keyboard.type(':teap');
  await expect(page.getByRole('option', { name: 'teapot' })).toHaveAttribute('aria-selected', 'true');
  await keyboard.press('Tab');
  await expect(ann.composer).toHaveValue(`Look @${ben.name} 🫖`);
  for (const key of ['Escape', 'Tab']) {
    await press(ann, page.locator('#pick'));
    await holds(ann, page.locator('#picker input'));
    await keyboard.press(key);
    await expect(page.locator('#picker')).toHaveCount(0);
    await holds(ann, page.locator('#pick'));
  }
  await keyboard.press('Enter');
  await keyboard.type('grinning cat');
  const options = page.locator('#picker [role=option]');
  await expect(options.first()).toHaveAttribute('aria-selected', 'true');
  await keyboard.press('ArrowRight');
  await expect(options.nth(1)).toHaveAttribute('aria-selected', 'true');
  await keyboard.press('ArrowLeft');
  await keyboard.press('Enter');
  await expect(ann.composer).toHaveValue(`Look @${ben.name} 🫖😺`);
  await holds(ann, ann.composer);
  await keyboard.press('Enter');
  await expect(ann.messages.locator('.pictures img')).toHaveCount(2);

  // The menu at a message: Escape and Tab leave it, arrows go around in it.
  const dots = ann.message('Tea, please').locator('a.do');
  await more(ann, 'Tea, please');
  await keyboard.press('Escape');
  await expect(ann.menu).toHaveCount(0);
  await holds(ann, dots);
  await keyboard.press('Enter');
  await expect(ann.menu.locator('button').first()).toBeFocused();
  for (const key of ['ArrowUp', 'Home', 'End', 'ArrowDown']) await keyboard.press(key);
  await holds(ann, ann.menu.locator('.hand button').first());
  await press(ann, ann.menu.locator('.another summary'));
  await holds(ann, page.locator('#picker input'));
  await keyboard.press('Escape');
  await holds(ann, ann.menu.locator('.another summary'));
  await keyboard.press('Enter');
  await keyboard.type('fox');
  await expect(options.first()).toHaveText('🦊');
  await keyboard.press('Enter');
  await expect(ann.reactions('Tea, please')).toHaveText('🦊 1');
  await holds(ann, dots);
  await keyboard.press('Enter');
  await press(ann, ann.menu.locator('[data-act=reply]'));
  await holds(ann, ann.composer);
  await expect(page.locator('#reply')).toContainText('Tea, please');
  await keyboard.press('Escape');
  await expect(page.locator('#reply')).toBeEmpty();

  // The viewer.
  await press(ann, page.locator('#messages > li[tabindex="0"]'), 'End');
  await holds(ann, ann.messages.last());
  await press(ann, ann.messages.last().locator('.pictures a').first());
  const picture = page.locator('.picture img');
  await expect(picture).toHaveAttribute('alt', 'Two cups');
  await expect(async () => { // once the script is here; a key that came too early would break off the page that loads
    await keyboard.press('ArrowRight');
    await expect(picture).not.toHaveAttribute('alt', 'Two cups', { timeout: 5_000 });
  }).toPass();
  await expect(async () => {
    await keyboard.press('ArrowLeft');
    await expect(picture).toHaveAttribute('alt', 'Two cups', { timeout: 5_000 });
  }).toPass();
  await expect(async () => {
    await keyboard.press('Escape');
    await expect(picture).toHaveCount(0, { timeout: 5_000 });
  }).toPass();

  // Ctrl K leads back on Escape, and on to a room.
  await ann.open('/friends');
  await press(ann, nav(ann, '/search'), 'Tab');
  await expect(async () => {
    await keyboard.press('Control+k');
    await expect(page.locator('.jump input')).toBeFocused({ timeout: 500 });
  }).toPass();
  await holds(ann, page.locator('.jump input'));
  await keyboard.press('Escape');
  await expect(page.locator('.jump')).toHaveCount(0);
  await holds(ann, nav(ann, '/profile'));
  await keyboard.press('Control+k');
  await keyboard.type(ben.name);
  await expect(page.locator('.jump [role=option]')).toHaveCount(1);
  await keyboard.press('Enter');
  await isIn(ann, room);

  // The list of keys, from anywhere but a field.
  await ann.isComplete();
  await keyboard.type('?');
  await expect(ann.composer).toHaveValue('?');
  await keyboard.press('Backspace');
  await keyboard.press('Tab');
  await keyboard.type('?');
  await expect(page).toHaveURL(/\/keys$/);
});

test('history, search, a group, the profile and signing out @once', async ({ join, places }) => {
  const [ann, ben] = [await join('ann', places[0]), await join('ben', places[0])];
  const room = await befriend(ann, ben);
  for (let n = 1; n <= 52; n++) await postMessage(ben, room, `number ${n}.`);
  await ann.post(`${room}/read`);
  await ann.open(room);
  if (ann.scripts) { // the rest is loaded as one nears the first
    await ann.isComplete();
    await press(ann, ann.page.locator('#messages > li[tabindex="0"]'), 'Home');
  } else {
    await press(ann, ann.older);
    await expect(ann.page).toHaveURL(/before=/);
  }
  await expect(ann.message('number 1.')).toBeVisible();
  await press(ann, nav(ann, '/search'));
  await type(ann, ann.field('/search', 'q'), '"number 7"');
  await ann.page.keyboard.press('Enter');
  await press(ann, ann.page.locator('.found a').first());
  await expect(ann.page).toHaveURL(/around=/);
  await expect(ann.message('number 7.')).toHaveAttribute('aria-current', 'true');

  await ann.open('/rooms');
  await press(ann, ann.page.locator('a[href="/rooms/new"]'));
  await type(ann, ann.field('/rooms', 'name'), 'Tea party');
  await press(ann, button(ann, '/rooms'));
  await expect(ann.page).toHaveURL(/\/rooms\/\d+$/);
  const group = ann.path;
  await press(ann, ann.page.locator('#room-members'));
  await type(ann, ann.field(`${group}/members`, 'username'), ben.name);
  await press(ann, button(ann, `${group}/members`));
  const line = ann.page.locator(`li[data-username="${ben.name}"]`);
  await expect(line).toBeVisible();
  const level = (value: string) => ann.form(`${group}/mute`).locator(`[value=${value}]`);
  await level('all').focus();
  await ann.page.keyboard.press('ArrowUp');
  await expect(level('nothing')).toBeChecked();
  await press(ann, button(ann, `${group}/mute`));
  await expect(level('nothing')).toBeChecked();
  await press(ann, line.locator('summary'));
  await press(ann, line.locator('form[action$="/remove"] button'));
  await expect(line).toHaveCount(0);

  const elsewhere = await ben.page.context().browser()!.newContext();
  await elsewhere.request.post(`${ann.at}/sign-in`, { form: { username: ann.name, password }, maxRedirects: 0 });
  await elsewhere.close();
  await press(ann, nav(ann, '/profile'));
  await type(ann, ann.field('/profile', 'display_name'), 'Ann at last');
  await ann.page.keyboard.press('Enter');
  await expect(ann.notice).toBeVisible();
  await press(ann, ann.page.locator('#sessions > summary'));
  const sessions = ann.page.locator('.sessions');
  await press(ann, sessions.getByRole('button').first());
  await press(ann, ann.page.locator('#sessions > summary'));
  await expect(sessions).toBeVisible();
  await expect(sessions.getByRole('button')).toHaveCount(0);
  await press(ann, button(ann, '/sign-out'));
  await expect(ann.page).toHaveURL(/\/sign-in$/);
});
