// The room list: what it shows, and how a room is found in it. Without scripts it is live, too: a streaming
// page in a frame.
import { apart, befriend, expect, makeGroup, postMessage, test, type Person } from './story';

const script = apart('a plain page filters with a form, and has no keys: “a room is found by its name”');

// Makes groups with nobody else in them, the last one on top of the list.
async function makeGroups(owner: Person, n: number): Promise<string[]> {
  const paths: string[] = [];
  for (let i = 1; i <= n; i++) paths.push(await makeGroup(owner, `Project ${String.fromCharCode(64 + i)}`, []));
  return paths;
}

test('the room list counts new messages, and leads to them @plain',
  apart('covered by “the room list shows unread counts”'), async ({ friends: { ann, ben, room } }) => {
  await ann.open('/rooms');
  const line = ann.line(room);
  await expect(line.locator('.last')).toHaveClass(/none/);
  await expect(ann.page.locator('main > #rooms')).toBeHidden();
  for (const text of ['one', 'two']) await postMessage(ben, room, text);
  await expect(line).toContainText('two');
  await expect(line.locator('.unread')).toContainText('2');
  await expect(ann.page.frameLocator('iframe[name=rooms]').locator('.state:visible')).toHaveCount(1);
  await line.click();
  await expect(ann.page).toHaveURL(new RegExp(`${room}$`));
  await ann.sees('two');
  await expect(ann.rooms.locator('a[aria-current=page]')).toContainText('two');
  await expect(ann.rooms.locator('.unread')).toHaveCount(0);
});

test('another room counts in the frame beside this one @plain @once',
  apart('covered by “another room counts while this one is open”'), async ({ friends: { ann, ben, room }, join }) => {
  const cid = await join('cid');
  const other = await befriend(ann, cid);
  await ann.open(other);
  await postMessage(ben, room, 'psst');
  await expect(ann.unread(room)).toContainText('1');
  await postMessage(cid, other, 'over here');
  await ann.sees('over here');
  await expect(ann.line(other)).toContainText('over here');
  await expect(ann.unread(other)).toHaveCount(0);
});

test('the third tab works, and the first one says that it is paused @plain @once',
  apart('with scripts, hidden tabs disconnect, so there is no third connection'), async ({ friends: { ann, ben, room } }) => {
  await ann.open(room);
  await expect(ann.log).toBeVisible();
  const context = ann.page.context();
  const tabs = [await context.newPage(), await context.newPage(), await context.newPage()];
  for (const tab of tabs) {
    await tab.goto(ann.at + room, { waitUntil: 'domcontentloaded' });
    await expect(tab.frameLocator('iframe[name=messages]').locator('#messages')).toBeVisible();
    await expect(tab.frameLocator('iframe[name=rooms]').locator('#rooms')).toBeVisible();
  }
  await postMessage(ben, room, 'to the last one');
  await expect(tabs[2].frameLocator('iframe[name=messages]').locator('#messages')).toContainText('to the last one');
  const paused = ann.part('messages').locator('main.empty');
  await expect(paused.getByRole('alert')).toBeVisible();
  await paused.locator('a[target=_self]').click();
  await ann.sees('to the last one');
});

test('a plain page has no frames @plain @once',
  apart('with scripts there are no frames anyway'), async ({ friends: { ann, room } }) => {
  await ann.open(`${room}?as=plain`);
  await expect(ann.page.locator('iframe')).toHaveCount(0);
  await expect(ann.page.locator('aside > #rooms')).toBeVisible();
});

test('what was said can be read at every width, beside a mention and a count @once', async ({ friends: { ann, ben } }) => {
  await ben.post('/profile', { display_name: 'Benedict Cumberland-Smith' });
  const group = await makeGroup(ann, 'Release train and on-call rotation', [ben]);
  for (let i = 1; i <= 12; i++) await postMessage(ben, group, `Shall we, @${ann.name}, meet at the mill or at the old station?`);
  for (const width of [320, 390, 768, 1280]) {
    await ann.page.setViewportSize({ width, height: 800 });
    await ann.open('/rooms');
    const last = ann.line(group).locator('.last');
    await expect(last).toHaveText(/^Benedict:\s+Shall we/);
    await expect(ann.line(group).locator('.mentions')).toHaveText(/^@ \p{L}/u); // the words are for the ear
    await expect.poll(() => last.evaluate((line) => {
      const [name, text] = [line.querySelector('.by')!, line.querySelector(':scope > bdi')!].map((part) => part.getBoundingClientRect());
      const [colon, first] = [document.createRange(), document.createRange()];
      colon.selectNodeContents(line.querySelector('.by')!.lastChild!);
      first.selectNodeContents(line.querySelector('.by > bdi')!);
      return text!.width > 48 && name!.right <= text!.left && Math.abs(colon.getBoundingClientRect().left - first.getBoundingClientRect().right) < 2;
    }), `at ${width}`).toBe(true);
  }
});

test('what leaves a group from the list is inside the window, on one line, in three languages @once', async ({ friends: { ann, ben } }) => {
  await makeGroup(ann, 'Choir', [ben]);
  for (const language of ['en', 'de', 'es']) {
    await ann.page.goto('about:blank'); // an open page would reload
    await ann.post('/profile', { language });
    for (const width of [320, 390, 1280]) {
      await ann.page.setViewportSize({ width, height: 800 });
      await ann.open('/rooms');
      await ann.isLive();
      const line = ann.rooms.locator('li[id]');
      await line.hover();
      await line.locator('summary').click();
      const [menu, button] = [(await line.locator('.choices').boundingBox())!, (await line.locator('.choices button').boundingBox())!];
      expect(menu.width, `${language} at ${width}`).toBeGreaterThanOrEqual(240);
      expect(menu.x).toBeGreaterThanOrEqual(0);
      expect(menu.x + menu.width).toBeLessThanOrEqual(width);
      expect(button.height).toBeLessThanOrEqual(48);
      expect(button.x + button.width).toBeLessThanOrEqual(menu.x + menu.width);
    }
  }
});

test('a room is found by its name, and by the name of a friend @once', async ({ friends: { ann, ben, room } }) => {
  const [first] = await makeGroups(ann, 2);
  await ann.open('/rooms');
  await ann.isLive();
  const find = ann.page.locator('.filter input');
  for (const [query, found, other] of [['project a', first!, room], [ben.name.slice(0, 6), room, first!]] as const) {
    await find.fill(query);
    if (!ann.scripts) await find.press('Enter');
    const line = (path: string) => ann.page.locator(`main #rooms a[href="${path}"]`);
    await expect(line(found)).toBeVisible();
    await expect(line(other)).toBeHidden();
  }
  if (ann.scripts) return find.press('Enter').then(() => expect(ann.page).toHaveURL(ann.at + room));
  await expect(find).toHaveValue(ben.name.slice(0, 6));
  await ann.page.locator('.pages a').click();
  await expect(ann.page).toHaveURL(`${ann.at}/rooms`);
});

test('the filter asks for rooms that are not on the page, and goes on while messages come @scripts @once', script, async ({ friends: { ann, ben, room } }) => {
  const paths = await makeGroups(ann, 16);
  await ann.open(room);
  await ann.isLive();
  const find = ann.page.locator('.filter input');
  const line = (path: string) => ann.page.locator(`.list a[href="${path}"]`);
  await expect(line(paths[0]!)).toHaveCount(0);
  await find.fill('project a');
  await expect(line(paths[0]!)).toBeVisible();
  await expect(line(paths[15]!)).toBeHidden();
  await postMessage(ben, room, 'Meanwhile');
  await ann.sees('Meanwhile');
  await expect(ann.line(room).locator('.last')).toHaveText(/Meanwhile/);
  await expect(line(paths[15]!)).toBeHidden();
  await expect(line(paths[0]!)).toBeVisible();
  await find.press('Escape');
  await expect(line(paths[15]!)).toBeVisible();
  await expect(line(paths[0]!)).toHaveCount(0);
});

test('Ctrl K jumps to a room from every page, and Escape leads back @scripts @once', script, async ({ friends: { ann, ben, room } }) => {
  const [first, second] = await makeGroups(ann, 2);
  for (const path of [room, '/profile']) {
    await ann.open(path);
    await ann.isLive();
    const { page } = ann;
    const before = path === room ? ann.composer : page.locator('.bar .self');
    await expect(async () => { // the script comes when the page is idle
      await before.focus();
      await page.keyboard.press('Control+k');
      await expect(page.getByRole('dialog')).toBeVisible({ timeout: 500 });
    }).toPass();
    await expect(page.locator('#jump [role=option]')).toHaveCount(3);
    const active = page.locator('#jump [aria-selected=true]');
    await expect(active).toHaveAttribute('href', second!);
    await page.keyboard.type('project');
    await expect(page.locator('#jump [role=option]')).toHaveCount(2);
    await page.keyboard.press('ArrowDown');
    await expect(active).toHaveAttribute('href', first!);
    // Only that one looks chosen.
    await expect(active).toHaveCSS('outline-style', 'solid');
    await expect(page.locator('#jump [aria-selected=false]')).toHaveCSS('outline-style', 'none');
    await expect(page.getByRole('combobox', { name: 'Find a room or person' })).toHaveAttribute('aria-activedescendant', (await active.getAttribute('id'))!);
    await page.keyboard.press('Tab');
    await expect(page.getByRole('combobox', { name: 'Find a room or person' })).toBeFocused();
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await expect(before).toBeFocused();
    await page.keyboard.press('Control+k');
    await page.keyboard.type(ben.name);
    await expect(page.locator('#jump [role=option]')).toHaveCount(1);
    await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')]); // to the room, also from itself
    await expect(page).toHaveURL(ann.at + room);
  }
});

test('muting a room from its head changes the button and leaves the page as it is @scripts @once',
  apart('without scripts, the page is loaded again'), async ({ friends: { ann, room } }) => {
  await ann.open(room);
  await ann.isLive();
  await ann.composer.fill('half a sentence');
  const button = ann.page.locator('#mute');
  await button.focus();
  for (const name of ['Unmute', 'Mute this room', 'Unmute']) {
    await expect(ann.page.locator('.hush[data-htmx-powered]')).toHaveCount(1); // before, the browser would send the form
    await ann.page.keyboard.press('Enter');
    await expect(button).toHaveAccessibleName(name);
    await expect(button).toBeFocused();
  }
  await expect(ann.composer).toHaveValue('half a sentence');
  await expect(ann.line(room).locator('.muted')).toBeVisible();
  await ann.reload();
  await expect(button).toHaveAccessibleName('Unmute');
});

test('the list says where a draft waits, and keeps its place from room to room @scripts @once',
  apart('a plain page keeps nothing that is not sent'), async ({ friends: { ann, room } }) => {
  const paths = await makeGroups(ann, 14);
  await ann.page.setViewportSize({ width: 1280, height: 600 });
  await ann.open(paths[0]!);
  await ann.isLive();
  await ann.composer.fill('half a thought');
  const list = ann.page.locator('.list');
  await ann.line(paths[4]!).evaluate((line) => line.scrollIntoView({ block: 'center' })); // at once: the list may be replaced
  const place = await list.evaluate((e) => e.scrollTop);
  expect(place).toBeGreaterThan(100);
  await ann.line(paths[4]!).click();
  await expect(ann.page).toHaveURL(ann.at + paths[4]);
  await expect.poll(() => list.evaluate((e) => e.scrollTop)).toBe(place);
  await expect(ann.line(paths[0]!).locator('.last')).toHaveText('Draft: half a thought');
  await expect(ann.line(room).locator('.draft')).toHaveCount(0);
  await ann.line(paths[0]!).click();
  await expect(ann.composer).toHaveValue('half a thought');
  await ann.say('half a thought');
  await ann.open(paths[1]!);
  await expect(ann.line(paths[0]!).locator('.last')).toHaveText(/^You:\s+half a thought/);
});
