// People who lose access: removed, blocked, signed out elsewhere.
import { apart, expect, password, postMessage, status, test, type Person } from './story';

// Less than the time after which a stream would notice by itself. The tests of app/web hold it to two seconds.
const soon = { timeout: 15_000 };

for (const [verb, participle] of [['remove', 'removed'], ['block', 'blocked']]) {
  test(`a friend who is ${participle} in mid-chat reads nothing more`, async ({ friends: { ann, ben, room }, javaScriptEnabled: scripts }) => {
    await ann.open(room);
    await ann.isLive();
    await postMessage(ben, room, 'before');
    await ann.sees('before');
    await ann.composer.fill('what I was about to say');

    await ben.open('/friends');
    await ben.press(`/friends/${ann.name}/${verb}`);
    await expect(ben.form(`/friends/${ann.name}/remove`)).toHaveCount(0);

    if (scripts !== false) {
      await status(ann.page, ['closed'], soon);
      await expect(ann.connection).toHaveAttribute('data-state', 'closed');
      await expect(ann.composer).toHaveValue('what I was about to say');
      await expect(ann.send).toBeDisabled();
    } else {
      await expect(ann.log.getByRole('alert').locator('a[href="/rooms"]')).toBeVisible(soon);
      await ann.enter();
      await expect(ann.refusal).toBeVisible();
      await expect(ann.part('composer').locator('#typed')).toHaveValue('what I was about to say');
    }
    expect((await ben.post(`${room}/messages`, { body: 'after', key: 'k1' })).status()).toBe(404);
    expect((await ann.post(`${room}/messages`, { body: 'after', key: 'k2' })).status()).toBe(404);
    expect((await ann.get(room)).status()).toBe(404);
  });
}

// The same person ends their session from a second browser.
async function signOutElsewhere(ann: Person, elsewhere: Person): Promise<void> {
  const answer = await elsewhere.post('/sign-in', { username: ann.name, password });
  expect(answer.status()).toBe(303);
  await elsewhere.open('/profile');
  await elsewhere.unfold('sessions');
  const others = elsewhere.page.locator('form[action^="/sessions/"]');
  await expect(others).toHaveCount(1);
  await others.getByRole('button').click();
  await expect(others).toHaveCount(0);
}

test('signed out elsewhere, the open room says so and stops asking @scripts',
  apart('covered by “signed out elsewhere, the open room says so, once”'), async ({ friends: { ann, ben, room }, visitor }) => {
  await ann.page.clock.install();
  await ann.open(room);
  await ann.isLive();
  await ann.composer.fill('half a sentence');
  await signOutElsewhere(ann, visitor);
  await status(ann.page, ['signedOut'], soon);
  await expect(ann.connection.getByRole('link')).toHaveAttribute('href', `/sign-in?next=${encodeURIComponent(room)}`);
  await expect(ann.composer).toHaveValue('half a sentence');

  let requests = 0;
  ann.page.on('request', () => { requests++; });
  await postMessage(ben, room, 'not for this browser');
  // A page that kept trying would do so within two minutes.
  await ann.page.clock.runFor(120_000);
  expect(requests).toBeLessThanOrEqual(2);
  await expect(ann.messages.filter({ hasText: 'not for this browser' })).toHaveCount(0);

  await ann.connection.getByRole('link').click();
  await ann.signIn();
  await expect(ann.page).toHaveURL(ann.at + room);
  await expect(ann.composer).toHaveValue('half a sentence');
  await ann.sees('not for this browser');
});

test('signed out elsewhere, a page without a room says so too @scripts @once',
  apart('without scripts, pages other than rooms only change on the next click'), async ({ join, visitor }) => {
  const ann = await join('ann');
  await ann.open('/rooms');
  await ann.isLive();
  await signOutElsewhere(ann, visitor);
  await status(ann.page, ['signedOut'], soon);
});

test('signed out elsewhere, the next click leads to the sign-in page and back @once', async ({ friends: { ann, room }, visitor }) => {
  await ann.open('/rooms');
  await signOutElsewhere(ann, visitor);
  await ann.line(room).click();
  await expect(ann.page).toHaveURL(`${ann.at}/sign-in?next=${encodeURIComponent(room)}`);
  await ann.signIn();
  await expect(ann.page).toHaveURL(ann.at + room);
});

test('a new password signs out all other browsers', async ({ join, visitor }) => {
  const ann = await join('ann');
  expect((await visitor.post('/sign-in', { username: ann.name, password })).status()).toBe(303);
  await visitor.open('/profile');
  await visitor.submit('/profile/password', { current: password, password: `${password} and butter` });
  await expect.poll(async () => (await ann.get('/rooms')).headers().location).toContain('/sign-in');
  expect((await visitor.get('/rooms')).status()).toBe(200);
});

test('a draft is not shown to the next person in the same tab @scripts @once',
  apart('without scripts, the tab keeps no draft'), async ({ friends: { ann, ben, room } }) => {
  await ann.open(room);
  await ann.isLive();
  await ann.composer.fill('For my eyes');
  const session = async (who: Person) => (await who.page.context().cookies()).find(({ name }) => name.startsWith('parley'))!;
  const [hers, his] = [await session(ann), await session(ben)];
  const become = ({ name, value }: { name: string; value: string }) => ann.page.context().addCookies([{ name, value, url: ann.at }]);
  await become(his); // her session ends, and he signs in
  await ann.reload();
  await ann.isLive();
  await expect(ann.composer).toHaveValue('');
  await ann.composer.fill('His own words');
  await ann.reload();
  await expect(ann.composer).toHaveValue('His own words');
  await become(hers);
  await ann.reload();
  await expect(ann.composer).toHaveValue('');
});

test('signed out elsewhere, a plain page gives the text back, and sends it after signing in @plain @once',
  apart('covered by “signed out with three tabs open, each says so”'), async ({ friends: { ann, ben, room } }) => {
  await ann.open(`${room}?as=plain`);
  await ann.composer.fill('half a sentence');
  await ann.post('/sign-out');
  await ann.send.click();
  await expect(ann.alert).toBeVisible();
  const box = ann.page.locator('textarea[name=body]');
  await expect(box).toHaveValue('half a sentence');
  await box.fill('a whole sentence');
  const opened = ann.page.context().waitForEvent('page');
  await ann.page.locator('main a[href^="/sign-in"]').click();
  const tab = await opened;
  const form = tab.locator('form[action="/sign-in"]');
  await form.locator('[name=username]').fill(ann.name);
  await form.locator('[name=password]').fill(password);
  await form.locator('button').click();
  await expect(tab).toHaveURL(ann.at + room);
  await ann.page.locator('#composer button.primary').click();
  await ben.open(room);
  await ben.sees('a whole sentence');
});
