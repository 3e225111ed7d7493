import { befriend, expect, postMessage, test, type Person } from './story';

async function makeGroup(owner: Person, name: string, friends: Person[]): Promise<string> {
  await owner.open('/rooms');
  await owner.page.getByRole('link', { name: 'New group' }).click();
  await owner.page.getByLabel('Name of the group').fill(name);
  for (const friend of friends) await owner.page.getByLabel(friend.name).check();
  await owner.page.getByRole('button', { name: 'Make the group' }).click();
  await expect(owner.page.locator('#room-title')).toHaveText(name);
  return new URL(owner.page.url()).pathname;
}

// Looks again where nothing comes by itself.
async function again(who: Person, scripts: boolean | undefined): Promise<void> {
  if (scripts === false) await who.reload();
}

const notice = (who: Person) => who.log.locator('> .notice');

test('friends make a group, talk in it, bring somebody in and part', async ({ join, javaScriptEnabled: scripts }) => {
  const [ann, ben, cid] = [await join('ann'), await join('ben'), await join('cid')];
  await befriend(ann, ben);
  await befriend(ann, cid);
  await ben.open('/rooms');
  const room = await makeGroup(ann, 'Sunday walk', [ben]);
  await expect(ann.page.locator('#room-members')).toHaveText('2 members');
  await ann.isLive();

  await again(ben, scripts);
  await ben.rooms.locator(`a[href="${room}"]`).click();
  await expect(notice(ben)).toContainText('made this room');
  await ben.isLive();
  await ben.say('Who brings the map?');
  await ann.sees('Who brings the map?');

  await cid.open('/rooms');
  await ann.page.locator('#room-members').click();
  await ann.page.getByLabel('Username').fill(cid.name);
  await ann.page.getByRole('button', { name: 'Bring in' }).click();
  await expect(ann.page.locator(`li[data-username="${cid.name}"]`)).toBeVisible();
  await again(ben, scripts);
  await expect(notice(ben).filter({ hasText: 'brought' })).toHaveCount(1);
  await expect(ben.page.locator('#room-members')).toHaveText('3 members');
  await again(cid, scripts);
  await cid.rooms.locator(`a[href="${room}"]`).click();
  await expect(cid.messages).toHaveCount(0);
  await cid.isLive();
  await ben.say('Hello Cid');
  await cid.sees('Hello Cid');

  await ann.page.getByLabel('Name', { exact: true }).fill('Saturday walk');
  await ann.page.getByRole('button', { name: 'Rename' }).click();
  await again(ben, scripts);
  await expect(ben.page.locator('#room-title')).toHaveText('Saturday walk');

  await ann.press(`${room}/members/${cid.name}/remove`);
  await expect(ann.page.locator(`li[data-username="${cid.name}"]`)).toHaveCount(0);
  if (scripts === false) {
    await cid.reload();
    await expect(cid.page.getByRole('heading', { name: 'There is nothing here' })).toBeVisible();
  } else {
    await expect(cid.connection).toHaveAttribute('data-state', 'closed');
  }

  await ann.press(`${room}/leave`);
  await expect(ann.page).toHaveURL(/\/rooms$/);
  await expect(ann.rooms.locator(`a[href="${room}"]`)).toHaveCount(0);
  await again(ben, scripts);
  await expect(notice(ben).filter({ hasText: 'left' })).toHaveCount(1);
  await ben.page.locator('#room-members').click();
  await expect(ben.page.locator(`li[data-username="${ben.name}"]`)).toContainText('Owner');
});

test('what was typed stays when a group cannot be made @once', async ({ join }) => {
  const [ann, ben] = [await join('ann'), await join('ben')];
  await befriend(ann, ben);
  await ann.open('/rooms/new');
  await ann.page.getByLabel('Name of the group').fill('x'.repeat(61));
  await ann.page.getByLabel(ben.name).check();
  await ann.page.getByRole('button', { name: 'Make the group' }).click();
  await expect(ann.alert).toContainText('1 to 60 characters');
  await expect(ann.page.getByLabel('Name of the group')).toHaveValue('x'.repeat(61));
  await expect(ann.page.getByLabel(ben.name)).toBeChecked();
});

test('the room list names who spoke last in a group @once', async ({ join, javaScriptEnabled: scripts }) => {
  const [ann, ben] = [await join('ann'), await join('ben')];
  await befriend(ann, ben);
  const room = await makeGroup(ann, 'Two for tea', [ben]);
  await ann.open('/rooms');
  await postMessage(ben, room, 'Milk or lemon?');
  await again(ann, scripts);
  await expect(ann.rooms.locator(`a[href="${room}"]`)).toContainText(`${ben.name}: Milk or lemon?`);
});

test('a long name leaves room for what was said @once', async ({ join }) => {
  const [ann, ben] = [await join('ann'), await join('ben')];
  expect((await ben.post('/profile', { display_name: 'Anna-Katharina von Wolkenstein-Trost' })).status()).toBe(303);
  await befriend(ann, ben);
  await ann.open('/rooms/new');
  await ann.page.getByLabel('Name of the group').fill('Choir');
  await ann.page.getByLabel('Wolkenstein').check();
  await ann.page.getByRole('button', { name: 'Make the group' }).click();
  await expect(ann.page.locator('#room-title')).toHaveText('Choir');
  const room = new URL(ann.page.url()).pathname;
  await postMessage(ben, room, 'hello, and who brings the map that we all had last time?');
  for (const width of [390, 1280]) {
    await ann.page.setViewportSize({ width, height: 800 });
    await ann.open('/rooms');
    const last = ann.rooms.locator(`a[href="${room}"] .last`);
    await expect(last).toHaveText(/^Anna-Katharina von Wolkenstein-Trost:\s+hello, and/);
    await expect.poll(() => last.evaluate((line) => { // at one moment: the list is swapped while one looks
      const [all, name, text] = [line, line.querySelector('.by')!, line.querySelector(':scope > bdi')!].map((part) => part.getBoundingClientRect());
      return text!.width > all!.width / 2 && name!.width > all!.width / 4 && name!.right <= text!.left && text!.right <= all!.right + 1;
    })).toBe(true);
  }
});
