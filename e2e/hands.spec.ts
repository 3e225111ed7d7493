// Everything that can be done, by somebody who has a keyboard and nothing else. At each stop the
// focus must be seen: drawn around what has it, and not covered by anything.
import type { Locator } from '@playwright/test';
import { befriend, expect, password, postMessage, test, type Person } from './story';

// Hundreds of keys, one after the other.
test.describe.configure({ timeout: 90_000 });

const photo = {
  name: 'cups.png', mimeType: 'image/png',
  buffer: Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64'),
};

// Whether the goal has the focus, or what is wrong with how the focus looks.
function stop(): 'goal' | 'frame' | 'on the way' | string {
  const e = document.activeElement!;
  if (e === document.body) return 'on the way';
  if (e.tagName === 'IFRAME') return 'frame';
  const { outlineStyle, outlineWidth } = getComputedStyle(e);
  const name = `${e.tagName} ${e.id} ${e.textContent?.trim().slice(0, 30)}`;
  if (outlineStyle === 'none' || parseFloat(outlineWidth) < 2) return `no outline around ${name}`;
  const { left, right, top, bottom } = e.getClientRects()[0]; // of a link in two lines, the first
  const [x, y] = [Math.max(left, 0), Math.max(top, 0)];
  const [wide, high] = [Math.min(right, innerWidth) - x, Math.min(bottom, innerHeight) - y];
  const seen = [[0.5, 0.5], [0.1, 0.2], [0.9, 0.2], [0.1, 0.8], [0.9, 0.8]].some(([right, down]) => {
    const top = document.elementFromPoint(x + right * wide, y + down * high);
    return top && (e.contains(top) || top.contains(e) && top.closest('label'));
  });
  if (!seen) return `something covers ${name}`;
  return e === (window as { goal?: Element }).goal ? 'goal' : 'on the way';
}

// Goes on with the Tab key until this has the focus.
async function to(who: Person, target: Locator, key = 'Tab'): Promise<void> {
  await target.evaluate((e) => Object.assign(window, { goal: e }));
  const passed: string[] = [];
  while (passed.at(-1) !== 'goal' && passed.length < 200) {
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

const main = (who: Person, name: string) => who.page.getByRole('navigation', { name: 'Main' }).getByRole(name === 'Sign out' ? 'button' : 'link', { name });
const button = (who: Person, name: string) => who.page.getByRole('button', { name, exact: true });
const said = (who: Person, text: string) => who.messages.filter({ hasText: text }).first();

// Opens the page of a message.
async function more(who: Person, text: string): Promise<void> {
  await press(who, said(who, text).getByRole('link', { name: 'More' }));
  await expect(who.page.getByRole('heading', { name: /^Message in/ })).toBeVisible();
}

// Has come back from it.
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

test('from the first visit to a friend, and all that is done with messages @once', async ({ visitor: ann, join }) => {
  const [ben, cid] = [await join('ben'), await join('cid')];
  await ann.open('/sign-up');
  await type(ann, ann.page.getByLabel('Username'), ann.name);
  await type(ann, ann.page.getByLabel('Password'), password);
  await ann.page.keyboard.press('Enter');
  await expect(ann.page).toHaveURL(/\/rooms$/);

  await ben.post('/friends', { username: ann.name });
  await press(ann, main(ann, 'Friends'));
  await type(ann, ann.page.getByLabel('Ask somebody'), cid.name);
  await ann.page.keyboard.press('Enter');
  await expect(button(ann, `Take it back from ${cid.name}`)).toBeVisible();
  await cid.post(`/friends/${ann.name}/accept`);
  await ann.open('/friends');
  await press(ann, button(ann, `Accept ${ben.name}`));
  await press(ann, ann.page.getByRole('link', { name: `Message ${ben.name}` }));
  await expect(ann.page).toHaveURL(/\/rooms\/\d+$/);
  const room = new URL(ann.page.url()).pathname;

  await ann.isLive();
  await say(ann, 'Tea or coffe?');
  await postMessage(ben, room, 'Tea, please');
  await ann.sees('Tea, please');
  await ann.open(room);
  await more(ann, 'Tea, please');
  await type(ann, ann.page.getByLabel('Your reply'), 'With milk?');
  await press(ann, button(ann, 'Reply'));
  await isIn(ann, room);
  await expect(said(ann, 'With milk?')).toContainText('in reply to');
  await more(ann, 'Tea, please');
  await press(ann, button(ann, '🎉'), 'Space');
  await isIn(ann, room);
  await expect(said(ann, 'Tea, please').getByRole('button')).toHaveText('🎉 1');
  await more(ann, 'Tea or coffe?');
  await type(ann, ann.page.getByLabel('Its text'), 'Tea or coffee?');
  await press(ann, button(ann, 'Save'));
  await isIn(ann, room);
  await expect(said(ann, 'Tea or coffee?')).toContainText('edited');
  await more(ann, 'With milk?');
  await press(ann, ann.page.getByText('Delete it'));
  await press(ann, button(ann, 'Delete'));
  await isIn(ann, room);
  await expect(ann.messages.last()).toContainText('Message deleted');

  await to(ann, ann.part('composer').locator('.attach summary'));
  const chosen = ann.page.waitForEvent('filechooser');
  await ann.page.keyboard.press('Enter');
  if (!ann.scripts) await press(ann, ann.part('composer').getByLabel('Choose photos'));
  await (await chosen).setFiles(photo);
  await to(ann, ann.send, 'Shift+Tab');
  await ann.page.keyboard.press('Enter');
  await expect(ann.messages.locator('img[alt="Photo"]')).toHaveCount(1);

  await more(ann, 'Tea, please');
  await press(ann, button(ann, 'Mark unread from here'));
  await expect(ann.rooms.getByRole('link', { name: ben.name })).toContainText('1 unread');
});

test('history, search, a group, oneself and the way out @once', async ({ join, places }) => {
  const [ann, ben] = [await join('ann', places[0]), await join('ben', places[0])];
  const room = await befriend(ann, ben);
  for (let n = 1; n <= 52; n++) await postMessage(ben, room, `number ${n}.`);
  await ann.post(`${room}/read`);
  await ann.open(room);
  await press(ann, ann.older);
  await expect(ann.page).toHaveURL(/before=/);
  await expect(said(ann, 'number 1.')).toBeVisible();
  await press(ann, main(ann, 'Search'));
  await type(ann, ann.page.getByLabel('Words'), '"number 7"');
  await ann.page.keyboard.press('Enter');
  await press(ann, ann.page.locator('.found a').first());
  await expect(ann.page).toHaveURL(/around=/);
  await expect(said(ann, 'number 7.')).toHaveAttribute('aria-current', 'true');

  await ann.open('/rooms');
  await press(ann, ann.page.getByRole('link', { name: 'New group' }));
  await type(ann, ann.page.getByLabel('Name of the group'), 'Tea party');
  await press(ann, button(ann, 'Make the group'));
  await press(ann, ann.page.locator('#room-members'));
  await type(ann, ann.page.getByLabel('Username'), ben.name);
  await press(ann, button(ann, 'Bring in'));
  const line = ann.page.locator(`li[data-username="${ben.name}"]`);
  await press(ann, button(ann, 'Mute this room'));
  await expect(button(ann, 'Unmute')).toBeVisible();
  await press(ann, line.locator('summary'));
  await press(ann, line.locator('button.danger'));
  await expect(line).toHaveCount(0);

  const elsewhere = await ben.page.context().browser()!.newContext();
  await elsewhere.request.post(`${ann.at}/sign-in`, { form: { username: ann.name, password }, maxRedirects: 0 });
  await elsewhere.close();
  await press(ann, main(ann, 'Profile'));
  await type(ann, ann.page.getByLabel('Name', { exact: true }), 'Ann at last');
  await ann.page.keyboard.press('Enter');
  await expect(ann.page.getByRole('status').filter({ hasText: 'Saved' })).toBeVisible();
  const sessions = ann.page.locator('.sessions');
  await press(ann, sessions.getByRole('button').first());
  await expect(sessions.getByRole('button')).toHaveCount(0);
  await press(ann, main(ann, 'Sign out'));
  await expect(ann.page).toHaveURL(/\/sign-in$/);
});
