import { befriend, expect, makeGroup, postMessage, test, type Person } from './story';

// Creates a group by its form.
async function create(owner: Person, name: string, friends: Person[]): Promise<string> {
  await owner.open('/rooms');
  await owner.page.locator('a[href="/rooms/new"]').click();
  await owner.field('/rooms', 'name').fill(name);
  for (const friend of friends) await owner.form('/rooms').locator(`input[value="${friend.name}"]`).check();
  await owner.press('/rooms');
  await expect(owner.page.locator('#room-title')).toHaveText(name);
  return owner.path;
}

// Reloads where nothing arrives by itself.
async function again(who: Person, scripts: boolean | undefined): Promise<void> {
  if (scripts === false) await who.reload();
}

const notices = (who: Person) => who.log.locator('> .notice');

test('friends create a group, chat, add and remove members, and leave', async ({ join, javaScriptEnabled: scripts }) => {
  const [ann, ben, cid] = [await join('ann'), await join('ben'), await join('cid')];
  await befriend(ann, ben);
  await befriend(ann, cid);
  await ben.open('/rooms');
  const room = await create(ann, 'Sunday walk', [ben]);
  await expect(ann.page.locator('#room-members')).toContainText('2');
  await ann.isLive();

  await again(ben, scripts);
  await ben.line(room).click();
  await expect(notices(ben)).toHaveCount(1);
  await expect(notices(ben)).toContainText(ann.name);
  await ben.isLive();
  await ben.say('Who brings the map?');
  await ann.sees('Who brings the map?');

  await cid.open('/rooms');
  await ann.page.locator('#room-members').click();
  await ann.submit(`${room}/members`, { username: cid.name });
  await expect(ann.page.locator(`li[data-username="${cid.name}"]`)).toBeVisible();
  await again(ben, scripts);
  await expect(notices(ben).filter({ hasText: cid.name })).toHaveCount(1);
  await expect(ben.page.locator('#room-members')).toContainText('3');
  await again(cid, scripts);
  await cid.line(room).click();
  await expect(cid.messages).toHaveCount(0);
  await cid.isLive();
  await ben.say('Hello Cid');
  await cid.sees('Hello Cid');

  await ann.submit(`${room}/name`, { name: 'Saturday walk' });
  await again(ben, scripts);
  await expect(ben.page.locator('#room-title')).toHaveText('Saturday walk');

  await ann.press(`${room}/members/${cid.name}/remove`);
  await expect(ann.page.locator(`li[data-username="${cid.name}"]`)).toHaveCount(0);
  if (scripts === false) {
    expect((await cid.reload())!.status()).toBe(404);
    await expect(cid.page.locator('.trouble')).toBeVisible();
  } else {
    await expect(cid.connection).toHaveAttribute('data-state', 'closed');
  }

  await ann.press(`${room}/leave`);
  await expect(ann.page).toHaveURL(/\/rooms$/);
  await expect(ann.line(room)).toHaveCount(0);
  await again(ben, scripts);
  await expect(notices(ben)).toHaveCount(5); // created, added, renamed, removed, left
  await expect(notices(ben).last()).toContainText(ann.name);
  await ben.page.locator('#room-members').click();
  await expect(ben.page.locator(`li[data-username="${ben.name}"] .role`)).toHaveCount(1); // the owner now
  await expect(ben.form(`${room}/name`)).toHaveCount(1);
});

test('a group is left from the room list, without opening it @once', async ({ join, javaScriptEnabled: scripts }) => {
  const [ann, ben] = [await join('ann'), await join('ben')];
  await befriend(ann, ben);
  const [room, other] = [await makeGroup(ann, 'Sunday walk', [ben]), await makeGroup(ann, 'Choir', [ben])];
  await ben.open('/rooms');
  const row = ben.line(room).locator('xpath=..');
  await row.locator('summary').click();
  await expect(row.locator('form')).toBeVisible();
  if (scripts !== false) { // the form stays open while the list around it changes
    await postMessage(ann, other, 'Seven or eight?');
    await expect(ben.line(other)).toContainText('Seven or eight?');
    await expect(row.locator('form')).toBeVisible();
  }
  await row.locator('form button').click();
  await expect(ben.page).toHaveURL(/\/rooms$/);
  await expect(ben.line(room)).toHaveCount(0);
  await expect(ben.line(other)).toHaveCount(1);
  await ann.open(room);
  await expect(notices(ann).last()).toContainText(ben.name);
});

test('a group form with an error keeps what was typed @once', async ({ join }) => {
  const [ann, ben] = [await join('ann'), await join('ben')];
  await befriend(ann, ben);
  await ann.open('/rooms/new');
  const [name, friend] = [ann.field('/rooms', 'name'), ann.field('/rooms', 'username')];
  await name.fill('x'.repeat(61));
  await friend.check();
  await ann.press('/rooms');
  await expect(ann.alert).toContainText('60');
  await expect(name).toHaveValue('x'.repeat(61));
  await expect(friend).toBeChecked();
});

test('the room list shows who wrote last in a group @once', async ({ join, javaScriptEnabled: scripts }) => {
  const [ann, ben] = [await join('ann'), await join('ben')];
  await befriend(ann, ben);
  const room = await create(ann, 'Two for tea', [ben]);
  await ann.open('/rooms');
  await postMessage(ben, room, 'Milk or lemon?');
  await again(ann, scripts);
  await expect(ann.line(room)).toContainText(`${ben.name}: Milk or lemon?`);
});

test('a long name leaves space for the last message @once', async ({ join }) => {
  const [ann, ben] = [await join('ann'), await join('ben')];
  expect((await ben.post('/profile', { display_name: 'Anna-Katharina von Wolkenstein-Trost' })).status()).toBe(303);
  await befriend(ann, ben);
  const room = await makeGroup(ann, 'Choir', [ben]);
  await postMessage(ben, room, 'hello, and who brings the map that we all had last time?');
  for (const width of [390, 1280]) {
    await ann.page.setViewportSize({ width, height: 800 });
    await ann.open('/rooms');
    const last = ann.line(room).locator('.last');
    await expect(last).toHaveText(/^Anna-Katharina:\s+hello, and/);
    await expect.poll(() => last.evaluate((line) => { // in one step: the list may be swapped in between
      const [all, name, text] = [line, line.querySelector('.by')!, line.querySelector(':scope > bdi')!].map((part) => part.getBoundingClientRect());
      return text!.width > all!.width / 2 && name!.width > all!.width / 8 && name!.right <= text!.left && text!.right <= all!.right + 1;
    })).toBe(true);
  }
});

test('two members with one name are told apart by their usernames @once', async ({ join, javaScriptEnabled: scripts }) => {
  const [ann, ben, cid] = [await join('ann'), await join('ben'), await join('cid')];
  for (const friend of [ben, cid]) await befriend(ann, friend);
  expect((await ann.post('/profile', { display_name: 'Ada Lovelace' })).status()).toBe(303);
  expect((await cid.post('/profile', { display_name: 'Аdа Lоvelасе' })).status()).toBe(303); // with Cyrillic letters
  const room = await makeGroup(ann, 'Choir', [ben]);
  const author = (who: Person) => ben.messages.and(ben.page.locator(`[data-author="${who.name}"]`)).locator('.author');
  for (const text of ['hello', 'who is coming?']) await postMessage(ann, room, text);
  await ben.open(room);
  await ben.isLive();
  for (const name of [0, 1]) await expect(author(ann).nth(name)).toHaveText('Ada Lovelace');

  expect((await ann.post(`${room}/members`, { username: cid.name })).status()).toBe(303);
  await postMessage(cid, room, 'I am');
  await again(ben, scripts);
  await expect(author(cid)).toHaveText(`Аdа Lоvelасе @${cid.name}`);
  for (const name of [0, 1]) await expect(author(ann).nth(name)).toHaveText(`Ada Lovelace @${ann.name}`);
});

test('what a room notifies of is confirmed, for the eye and the ear @once', async ({ friends: { ann, ben, room } }) => {
  const group = (await ann.post('/rooms', { name: 'Choir', username: ben.name })).headers().location!;
  await ann.page.setViewportSize({ width: 390, height: 600 });
  for (const [page, mute] of [[`${group}/members`, `${group}/mute`], [`/people/${ben.name}`, `${room}/mute`]] as const) {
    await ann.open(page);
    await expect(ann.notice).toHaveCount(0);
    await ann.form(mute).locator('input[value=mentions]').check();
    await ann.press(mute);
    await expect(ann.notice).toHaveText('Saved.');
    await expect(ann.notice).toBeFocused();
    await expect(ann.notice).toBeInViewport({ ratio: 1 });
    await expect(ann.notice).toHaveCSS('outline-style', 'none'); // the focus is for the ear: this is no control
    await expect(ann.form(mute).locator('input[value=mentions]')).toBeChecked();
    await ann.page.keyboard.press('Tab');
    await expect(ann.form(mute).locator('input[value=mentions]')).toBeFocused();
    await expect(ann.form(mute).locator('input[value=mentions]')).not.toHaveCSS('outline-style', 'none');
  }
});
