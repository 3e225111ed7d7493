// Axe finds no fault with any page in either color scheme, and no page scrolls sideways on the narrowest
// phone. Axe itself is a script, so these stories run only with scripts on.
import AxeBuilder from '@axe-core/playwright';
import { apart, befriend, expect, postMessage, test, type Person } from './story';

const axe = apart('axe itself is a script; the pages are the same without');

// Some twenty pages each.
test.describe.configure({ timeout: 120_000 });

async function faultless(who: Person, path: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await who.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const { violations, passes } = await new AxeBuilder({ page: who.page })
      .setLegacyMode() // without it, each run opens another tab
      .options({ rules: { 'target-size': { enabled: true } } })
      .analyze();
    const found = violations.map((v) => `${v.id}: ${v.help}: ${v.nodes.map((n) => n.html).join(' | ')}`);
    expect(found, `${path} in ${colorScheme}`).toEqual([]);
    expect(passes.length, 'rules that axe could check').toBeGreaterThan(10);
  }
  const window = who.page.viewportSize()!;
  await who.page.setViewportSize({ width: 320, height: 640 });
  const width = await who.page.evaluate(() => document.documentElement.scrollWidth);
  expect(width, `${path} is wider than 320 px`).toBeLessThanOrEqual(320);
  await who.page.setViewportSize(window);
}

test('the pages before signing in @scripts @once', axe, async ({ visitor }) => {
  for (const path of ['/sign-in', '/sign-up']) {
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
    await visitor.open('/sign-up');
    await faultless(visitor, '/sign-up in German');
    const room = (await ann.post('/rooms', { name: 'Wanderfreunde', username: ben.name })).headers().location;
    for (const path of ['/friends', room, `${room}/members`, '/profile', '/search']) {
      await ann.open(path);
      await faultless(ann, `${path} in German`);
    }
  });
});

test('the pages of a newcomer @scripts @once', axe, async ({ join }) => {
  const ann = await join('ann');
  for (const path of ['/rooms', '/friends', '/profile', '/formatting', '/no-such-page', '/rooms/987654321']) {
    await ann.open(path);
    await faultless(ann, path);
  }
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
  for (const path of ['/rooms/new', room, `${room}?reply=3`, `${room}?around=2#m-2`, `${room}/members`, `${room}/messages/2`, `${room}/messages/3`,
    `/search?room=${room.split('/').pop()}`, '/search?q=reply', '/search?q=nothing+of+that', '/search?q=%25']) {
    await ann.open(path);
    await faultless(ann, path);
  }
});

test('photos, chosen and sent @scripts @once', axe, async ({ friends: { ann, room } }) => {
  await ann.open(room);
  await ann.isLive();
  const photo = { name: 'a-rather-long-name-of-a-photo-from-a-camera.png', mimeType: 'image/png', buffer: await ann.page.screenshot() };
  await ann.page.locator('.attach summary').click();
  await ann.page.locator('.attach input[type=file]').setInputFiles([photo, { ...photo, name: 'b.png' }]);
  await faultless(ann, `${room} with photos chosen`);
  await ann.send.click();
  await expect(ann.messages.locator('.pictures img')).toHaveCount(2);
  for (const path of [room, `${room}/messages/2`, `${room}/messages/2/photos/1`]) {
    await ann.open(path);
    await faultless(ann, path);
  }

  // As a browser without scripts sends it, to describe each photo.
  await ann.open(`${room}?as=plain`);
  await ann.page.locator('.attach summary').click();
  await ann.page.locator('.attach input[type=file]').setInputFiles([photo, { ...photo, name: 'b.png' }]);
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
