import { apart, expect, test, type Person } from './story';

const line = (who: Person, other: Person) => who.page.locator(`#friends li[data-username="${other.name}"]`);

// Waits until the lists show it: by themselves with scripts, after a reload without.
async function shows(who: Person, other: Person, action: string, scripts: boolean | undefined) {
  if (scripts === false) await who.open('/friends');
  await expect(who.page.locator(`#friends form[action="/friends/${other.name}/${action}"]`)).toHaveCount(1);
}

async function gone(who: Person, other: Person, scripts: boolean | undefined) {
  if (scripts === false) await who.open('/friends');
  await expect(line(who, other)).toHaveCount(0);
}

async function ask(who: Person, username: string) {
  await who.open('/friends');
  await who.submit('/friends', { username });
}

test('one sends a request, the other accepts, and both get a room', async ({ join, javaScriptEnabled: scripts }) => {
  const [ann, ben] = [await join('ann'), await join('ben')];
  await ben.open('/friends');
  await ask(ann, ben.name);
  await expect(ann.notice).toBeVisible();
  await shows(ann, ben, 'cancel', scripts);
  await shows(ben, ann, 'accept', scripts);
  await expect(ben.page.locator('#requests')).toHaveText(/^\s*1\b/);
  await ben.press(`/friends/${ann.name}/accept`);
  await expect(ben.notice).toBeVisible();
  await shows(ben, ann, 'remove', scripts);
  await expect(ben.page.locator('#requests')).toHaveText(/^\s*$/);
  await shows(ann, ben, 'remove', scripts);

  await line(ann, ben).locator('a.who').click();
  await expect(ann.composer).toBeVisible();
  await expect(ann.log.locator('> .notice')).toHaveCount(1);
});

test('a request can be declined and sent again @once', async ({ join, javaScriptEnabled: scripts }) => {
  const [ann, ben] = [await join('ann'), await join('ben')];
  await ask(ann, ben.name);
  await ben.open('/friends');
  await ben.press(`/friends/${ann.name}/decline`);
  await gone(ben, ann, scripts);
  await ask(ann, ben.name);
  await shows(ben, ann, 'accept', scripts);
});

test('a request can be canceled @once', async ({ join, javaScriptEnabled: scripts }) => {
  const [ann, ben] = [await join('ann'), await join('ben')];
  await ben.open('/friends');
  await ask(ann, ben.name);
  await shows(ben, ann, 'accept', scripts);
  await ann.press(`/friends/${ben.name}/cancel`);
  await gone(ann, ben, scripts);
  await gone(ben, ann, scripts);
});

test('two people who send each other requests are friends @once', async ({ join, javaScriptEnabled: scripts }) => {
  const [ann, ben] = [await join('ann'), await join('ben')];
  await ask(ann, ben.name);
  await ask(ben, ann.name);
  await shows(ben, ann, 'remove', scripts);
  await shows(ann, ben, 'remove', scripts);
});

test('a friend can be removed', async ({ friends: { ann, ben, room }, javaScriptEnabled: scripts }) => {
  await ben.open('/friends');
  await ann.open('/friends');
  await ann.press(`/friends/${ben.name}/remove`);
  await gone(ann, ben, scripts);
  await gone(ben, ann, scripts);
  await ann.open('/rooms');
  await expect(ann.rooms.locator(`a[href="${room}"]`)).toHaveCount(0);
});

test('a block stops requests and is invisible from outside', async ({ friends: { ann, ben }, join, javaScriptEnabled: scripts }) => {
  const eve = await join('eve');
  await ann.open('/friends');
  await ann.press(`/friends/${ben.name}/block`);
  await shows(ann, ben, 'unblock', scripts);
  // Ben sees the same as if Ann had removed him, or had not answered yet.
  await ask(ben, ann.name);
  await shows(ben, ann, 'cancel', scripts);
  await ask(eve, ann.name);
  await shows(eve, ann, 'cancel', scripts);
  const [toBen, toEve] = [await line(ben, ann).innerText(), await line(eve, ann).innerText()];
  expect(toBen).toBe(toEve);
  // Ann sees Eve's request, but not Ben's.
  await ann.open('/friends');
  await expect(line(ann, eve)).toHaveCount(1);
  await expect(ann.page.locator(`form[action="/friends/${ben.name}/accept"]`)).toHaveCount(0);
  // The profile reveals no more than the list.
  await ben.open(`/people/${ann.name}`);
  await eve.open(`/people/${ann.name}`);
  expect(await ben.page.locator('main').innerText()).toBe(await eve.page.locator('main').innerText());

  await ann.press(`/friends/${ben.name}/unblock`);
  await expect(ann.form(`/friends/${ben.name}/unblock`)).toHaveCount(0);
});

test('a request to nobody, yourself or a friend is refused, and the name stays @once', async ({ friends: { ann, ben } }) => {
  for (const username of ['nobody-at-all', ann.name, ben.name]) {
    await ask(ann, username);
    await expect(ann.alert).toHaveText(/\w+.*\.$/);
    await expect(ann.field('/friends', 'username')).toHaveValue(username);
  }
});

test('with scripts, the badge for open requests is live on every page @scripts',
  apart('without scripts, pages other than rooms only change on the next click'), async ({ join }) => {
  const [ann, ben] = [await join('ann'), await join('ben')];
  for (const path of ['/rooms', '/profile']) {
    await ben.open(path);
    await ben.isLive();
    expect((await ann.post('/friends', { username: ben.name })).status()).toBe(303);
    await expect(ben.page.locator('#requests')).toHaveText(/^\s*1\b/);
    expect((await ann.post(`/friends/${ben.name}/cancel`)).status()).toBe(303);
    await expect(ben.page.locator('#requests')).toHaveText(/^\s*$/);
  }
});
