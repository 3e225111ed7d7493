// Axe finds no fault with any page in either color scheme, and no page scrolls sideways on the narrowest
// phone. Axe itself is a script, so these stories run only with scripts on.
import AxeBuilder from '@axe-core/playwright';
import { apart, befriend, expect, password, Person, postMessage, test } from './story';

const axe = apart('axe itself is a script; the pages are the same without');

// Some twenty pages each.
test.describe.configure({ timeout: 120_000 });

async function faultless(who: Person, path: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await who.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const rules = new AxeBuilder({ page: who.page }).setLegacyMode(); // without it, each run opens another tab
    if (colorScheme === 'light') rules.options({ rules: { 'target-size': { enabled: true } } });
    else rules.withRules('color-contrast'); // nothing else depends on it
    const { violations, passes } = await rules.analyze();
    const found = violations.map((v) => `${v.id}: ${v.help}: ${v.nodes.map((n) => n.html).join(' | ')}`);
    expect(found, `${path} in ${colorScheme}`).toEqual([]);
    expect(passes.length, 'rules that axe could check').toBeGreaterThan(colorScheme === 'light' ? 10 : 0);
  }
  const window = who.page.viewportSize()!;
  await who.page.setViewportSize({ width: 320, height: 640 });
  const width = await who.page.evaluate(() => document.documentElement.scrollWidth);
  expect(width, `${path} is wider than 320 px`).toBeLessThanOrEqual(320);
  await who.page.setViewportSize(window);
}

test('the pages before signing in @scripts @once', axe, async ({ visitor }) => {
  for (const path of ['/sign-in', '/sign-up', '/forgot', '/recover', '/reset/none', '/device', '/sign-in/passkey', '/about']) {
    await visitor.open(path);
    await faultless(visitor, path);
  }
  await visitor.open('/sign-up');
  await visitor.submit('/sign-up', { username: 'Not A Name', password: 'short' });
  await expect(visitor.alert.first()).toBeVisible();
  await faultless(visitor, '/sign-up with errors');
});

test('the design page @scripts @once', axe, async ({ visitor }) => {
  await visitor.page.goto(`${process.env.RIG_ADMIN}/design`);
  await expect(visitor.page.locator('.avatar').first()).toBeVisible();
  await faultless(visitor, '/design');
});

// Its words are long.
test.describe('in German', () => {
  test.use({ locale: 'de-DE' });
  test('sign-up, friends, members and the profile @scripts @once', axe, async ({ friends: { ann, ben }, visitor }) => {
    for (const path of ['/sign-up', '/forgot', '/recover']) {
      await visitor.open(path);
      await faultless(visitor, `${path} in German`);
    }
    const room = (await ann.post('/rooms', { name: 'Wanderfreunde', username: ben.name })).headers().location;
    for (const path of ['/friends', room, `${room}/members`, '/profile', '/profile/delete', '/search']) {
      await ann.open(path);
      await faultless(ann, `${path} in German`);
    }
  });
});

test('reports, and the pages of administrators @scripts @once', axe, async ({ join, own }) => {
  const [root, ann, ben] = [await join('root', own.at), await join('ann', own.at), await join('ben', own.at)];
  const room = await befriend(ann, ben);
  await postMessage(ben, room, 'You silly goose. ' + 'Averylongwordwithoutanyplacetobreak'.repeat(3));
  const group = (await ann.post('/rooms', { name: 'Sunday walk and all that comes after it', username: ben.name })).headers().location;
  await ann.open(`${room}/messages/2/report`);
  await faultless(ann, 'the form of a report');
  expect((await ann.post(`${room}/messages/2/report`, { reason: 'insult', words: 'Please look' })).status()).toBe(303);
  await ann.open('/reports');
  await faultless(ann, '/reports');
  for (const path of ['/admin/people', `/admin/people/${ann.name}`, '/admin/reports', '/admin/reports/1', '/admin/rooms', `/admin${group}`, '/admin/invitations', '/admin/settings', '/admin/log']) {
    await root.open(path);
    await faultless(root, path);
  }
});

test('the pages of a newcomer @scripts @once', axe, async ({ join, visitor }) => {
  const ann = await join('ann');
  const device = (await ann.post('/profile/device')).headers().location;
  await ann.post('/rooms', { name: 'A group with a rather long name' });
  await ann.post('/invitations', { uses: '2', days: '30' });
  for (const path of ['/rooms', '/friends', '/invitations', '/profile', device, '/profile/second-factor', '/profile/passkeys', '/formatting', '/keys', '/no-such-page', '/rooms/987654321']) {
    await ann.open(path);
    await faultless(ann, path);
  }
  await ann.open('/invitations');
  await visitor.page.goto((await ann.page.locator('#new-link a').getAttribute('href'))!);
  await faultless(visitor, 'an invitation');
});

test('the pages of somebody with friends @scripts @once', axe, async ({ friends: { ann, ben, room }, join }) => {
  const people = { cid: await join('cid'), dot: await join('dot'), eli: await join('eli'), flo: await join('flo') };
  await befriend(ann, people.cid);
  await people.dot.post('/friends', { username: ann.name });
  await ann.post('/friends', { username: people.eli.name });
  await ann.post(`/friends/${people.flo.name}/block`);
  await postMessage(ann, room, 'A link: https://example.org/a-rather-long-address/that-has/to-break-somewhere/on-a-narrow-screen?or=it&scrolls=sideways');
  await postMessage(ben, room, 'And an answer,\nin two lines. ' + 'Averylongwordwithoutanyplacetobreak'.repeat(5));
  const others = Object.values(people).map((p) => `/people/${p.name}`);
  for (const path of ['/rooms', room, '/friends', '/profile', `/people/${ann.name}`, `/people/${ben.name}`, ...others]) {
    await ann.open(path);
    await faultless(ann, path);
  }
});

test('the pages of single sign-on @scripts @once', axe, async ({ sso, join, visitor }) => {
  const [ann, ben] = [await join('ann', sso.at), new Person(visitor.name, visitor.page, sso.at, true)];
  for (const path of ['/sign-in', '/sign-up', '/sign-in?sso=denied&provider=corp']) {
    await ben.open(path);
    await faultless(ben, path);
  }
  await ben.open('/oidc/corp');
  await sso.provider.enter(ben.page, 'benedict');
  await expect(ben.form('/sign-in/new')).toBeVisible();
  await faultless(ben, 'a newcomer');
  await ben.submit('/sign-in/new', { username: 'two words', display_name: 'Ben' });
  await expect(ben.alert).toBeVisible();
  await faultless(ben, 'a newcomer with errors');
  await ben.submit('/sign-in/connect', { username: ann.name, password: 'not the password' });
  await expect(ben.alert).toBeVisible();
  await faultless(ben, 'an account that there is, with errors');
  await ben.submit('/sign-in/new', { username: ben.name, display_name: 'Ben' });
  await expect(ben.page).toHaveURL(/\/rooms$/);
  await ben.open('/profile');
  await ben.unfold('sso');
  await ben.page.locator('#sso form button').click(); // the last way in
  await expect(ben.alert).toBeVisible();
  await faultless(ben, 'the profile of somebody without a password');
  await ben.open('/profile/delete');
  await faultless(ben, 'a page that asks for a provider instead of a password');

  await ann.open('/oidc/club');
  await sso.provider.enter(ann.page, 'ann');
  await expect(ann.form('/sign-in/connect')).toBeVisible();
  await faultless(ann, 'an account to connect');
  await ann.submit('/sign-in/connect', { password: 'not the password' });
  await expect(ann.alert).toBeVisible();
  await faultless(ann, 'an account to connect, with errors');
  await ann.submit('/sign-in/connect', { password });
  await expect(ann.page.locator('#sso [role=status]')).toBeVisible();
  await faultless(ann, 'a profile with an account that is connected');
  await ann.open('/admin/log');
  await faultless(ann, 'the log');
});

test('the menu at a message, and an edit @scripts @once', axe, async ({ friends: { ann, ben, room } }) => {
  await postMessage(ann, room, 'Tea or coffee?');
  await ben.post(`${room}/messages/2/react`, { emoji: '🎉' });
  await ann.open(room);
  await ann.openMenu('Tea or coffee?');
  await ann.menu.locator('.another summary').click();
  await expect(ann.page.locator('#emoji [role=option]').first()).toBeVisible();
  await ann.page.keyboard.type('tea'); // a few of them: of all, axe takes half a minute
  await expect.poll(() => ann.page.locator('#emoji [role=option]').count()).toBeLessThan(60);
  await faultless(ann, 'the menu with the picker');
  await ann.page.keyboard.press('Escape');
  await ann.menu.locator('.apart summary').click();
  await faultless(ann, 'the menu');
  await ann.menu.locator('[data-act=edit]').click();
  await expect(ann.editor).toBeFocused();
  await faultless(ann, 'the edit');
});

test('the pages of a group and its messages @scripts @once', axe, async ({ join }) => {
  const [ann, ben] = [await join('ann'), await join('ben')];
  await befriend(ann, ben);
  const room = (await ann.post('/rooms', { name: 'A group with a rather long name', username: ben.name })).headers().location;
  await postMessage(ben, room, 'Averylongwordwithoutanyplacetobreak'.repeat(5));
  await ann.post(`${room}/messages`, { body: 'A reply', reply_to: '2' });
  await ann.post(`${room}/messages`, { body: 'A mistake', reply_to: '3' });
  await ann.post(`${room}/messages/4/delete`);
  await ann.post(`${room}/messages/3/edit`, { body: 'A reply, edited' });
  for (const emoji of ['👍', '🎉', '😢', '🦊', '❤️', '😂', '😮', '🐝']) await ann.post(`${room}/messages/3/react`, { emoji });
  await ben.post(`${room}/messages/3/react`, { emoji: '🎉' });
  const cid = await join('cid');
  await befriend(ann, cid);
  await ann.post(`${room}/members`, { username: cid.name });
  await ann.post(`${room}/members/${cid.name}/ban`);
  await ann.post(`${room}/messages/2/pin`);
  for (const path of ['/rooms/new', '/rooms/open', room, `${room}/pins`, `${room}/moderation`, `${room}?reply=3`, `${room}?around=2#m-2`, `${room}/members`, `${room}/messages/2`, `${room}/messages/3`,
    `/search?room=${room.split('/').pop()}`, '/search?q=reply', '/search?q=nothing+of+that', '/search?q=%25']) {
    await ann.open(path);
    await faultless(ann, path);
  }
});

test('photos, chosen and sent @scripts @once', axe, async ({ friends: { ann, room } }) => {
  await ann.open(room);
  await ann.isLive();
  const photo = { name: 'a-rather-long-name-of-a-photo-from-a-camera.png', mimeType: 'image/png', buffer: await ann.page.screenshot() };
  await expect(ann.page.locator('.tray')).toBeAttached();
  await ann.page.locator('#composer input[type=file]').setInputFiles([photo, { ...photo, name: 'b.png' }]);
  await ann.page.locator('#chosen [aria-expanded]').first().click();
  await faultless(ann, `${room} with photos chosen`);
  await ann.send.click();
  await expect(ann.messages.locator('.pictures img')).toHaveCount(2);
  for (const path of [room, `${room}/messages/2`, `${room}/messages/2/photos/1`]) {
    await ann.open(path);
    await faultless(ann, path);
  }

  // As a browser without scripts sends it, to describe each photo.
  await ann.open(`${room}?as=plain`);
  await expect(ann.page.locator('.tray')).toBeAttached();
  await ann.page.locator('#composer input[type=file]').setInputFiles([photo, { ...photo, name: 'b.png' }]);
  await ann.page.evaluate(() => {
    const form = document.querySelector<HTMLFormElement>('#composer')!;
    form.append(Object.assign(document.createElement('input'), { type: 'hidden', name: 'describe', value: 'each' }));
    form.submit();
  });
  await expect(ann.page.locator('#kept img')).toHaveCount(2);
  await faultless(ann, 'photos to describe');
  await ann.page.locator('#kept [name=leave_out]').first().check();
  await ann.composer.fill('Sent by the script');
  await ann.enter();
  await expect(ann.composer).toHaveValue('');
  await expect(ann.page.locator('#kept')).toHaveCount(0);
  await ann.open(room);
  await expect(ann.messages.last().locator('.pictures img')).toHaveCount(1);
});

test('what is completed and picked in the composer @scripts @once', axe, async ({ friends: { ann, ben, room } }) => {
  await ann.open(room);
  await ann.isLive();
  await expect(ann.page.locator('#pick')).toBeVisible();
  await ann.composer.pressSequentially('Hello @');
  await expect(ann.page.getByRole('option')).toHaveText(new RegExp(ben.name));
  await faultless(ann, `${room} with people to choose`);
  await ann.composer.fill('');
  await ann.composer.pressSequentially(':cat');
  await expect(ann.page.getByRole('option')).toHaveCount(8);
  await faultless(ann, `${room} with emoji to choose`);
  await ann.page.locator('#pick').click();
  await ann.page.locator('#picker input').fill('cat');
  await expect(ann.page.getByRole('option', { name: 'grinning cat', exact: true })).toBeVisible();
  await faultless(ann, `${room} with the picker`);
  await ann.page.locator('#picker input').fill('no such emoji');
  await expect(ann.page.getByRole('option')).toHaveCount(0);
  await faultless(ann, `${room} with nothing in the picker`);
});
