import { apart, expect, postMessage, test, type Person } from './story';

async function choosePhoto(who: Person, buffer: Buffer, mimeType = 'image/png'): Promise<void> {
  await who.open('/profile');
  await who.field('/profile', 'photo').setInputFiles({ name: 'me.png', mimeType, buffer });
  await who.press('/profile');
}

const photos = (who: Person) => who.page.locator('img[src^="/photos/"]');

async function allDrawn(who: Person): Promise<void> {
  await expect.poll(() => photos(who).evaluateAll((all) => (
    all.length > 0 && all.every((img) => (img as HTMLImageElement).complete && (img as HTMLImageElement).naturalWidth > 0)
  ))).toBe(true);
}

test('a photo is shown wherever the person appears @once', async ({ friends: { ann, ben, room }, join }) => {
  await ann.open('/profile');
  await expect(photos(ann)).toHaveCount(0);
  await choosePhoto(ann, await ann.page.screenshot());
  await expect(ann.alert).toHaveCount(0);
  await allDrawn(ann);
  const source = await photos(ann).first().getAttribute('src');

  await postMessage(ann, room, 'look at me');
  for (const path of ['/rooms', '/friends', `/people/${ann.name}`, room]) {
    await ben.open(path);
    await allDrawn(ben);
  }
  const shown = await ben.get(source!);
  expect(shown.status()).toBe(200);
  expect(shown.headers()['content-type']).toMatch(/^image\//);
  expect(shown.headers()['x-content-type-options']).toBe('nosniff');
  expect(shown.headers()['cache-control']).toContain('private');

  const outside = await (await join('eve')).page.context().browser()!.newContext();
  expect((await outside.request.get(ann.at + source!, { maxRedirects: 0 })).status()).not.toBe(200);
  await outside.close();

  await ann.open('/profile');
  await ann.press('/profile/photo/remove');
  await expect(photos(ann)).toHaveCount(0);
  await expect.poll(async () => (await ben.get(source!)).status()).toBe(404);
});

test('a file that is no photo is refused, and the rest of the form is kept @once', async ({ join }) => {
  const ann = await join('ann');
  for (const text of ['<svg xmlns="http://www.w3.org/2000/svg"/>', 'GIF89a']) {
    await ann.open('/profile');
    await ann.field('/profile', 'display_name').fill('Ann of the hills');
    await ann.field('/profile', 'photo').setInputFiles({ name: 'me.png', mimeType: 'image/png', buffer: Buffer.from(text) });
    const [answer] = await Promise.all([
      ann.page.waitForResponse((r) => r.request().method() === 'POST' && r.url().endsWith('/profile')),
      ann.press('/profile'),
    ]);
    expect(answer.status()).toBe(422);
    await expect(ann.page.locator('#photo-problem').getByRole('alert')).toHaveText(/\w+.*\.$/);
    await expect(ann.field('/profile', 'display_name')).toHaveValue('Ann of the hills');
  }
});

test('a display name is shown to others @once', async ({ friends: { ann, ben, room } }) => {
  await ann.open('/profile');
  await ann.submit('/profile', { display_name: 'Ann O’Hara 🌱' });
  await expect(ann.field('/profile', 'display_name')).toHaveValue('Ann O’Hara 🌱');
  await postMessage(ann, room, 'it is me');
  await ben.open(room);
  await expect(ben.messages).toContainText('Ann O’Hara 🌱');
  await expect(ben.title).toHaveText('Ann O’Hara 🌱');
  await ben.open(`/people/${ann.name}`);
  await expect(ben.title).toHaveText('Ann O’Hara 🌱');
});

test('times are shown in the viewer’s time zone @once', async ({ friends: { ann, ben, room } }) => {
  await postMessage(ann, room, 'what time is it?');
  for (const [who, zone] of [[ann, 'Asia/Kathmandu'], [ben, 'America/St_Johns']] as const) {
    await who.open('/profile');
    await who.submit('/profile', { time_zone: zone });
    await expect(who.field('/profile', 'time_zone')).toHaveValue(zone);
    await who.open(room);
    const time = who.messages.locator('time');
    const at = new Date((await time.getAttribute('datetime'))!);
    const clock = at.toLocaleTimeString('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' });
    await expect(time).toContainText(clock);
  }
});

test('an unknown time zone is refused, and stays in the form @once', async ({ join }) => {
  const ann = await join('ann');
  await ann.open('/profile');
  await ann.submit('/profile', { time_zone: 'Middle/Earth' });
  await expect(ann.alert).toHaveText(/\w+.*\.$/);
  await expect(ann.field('/profile', 'time_zone')).toHaveValue('Middle/Earth');
});

test('an open room shows the other’s current name and photo', async ({ friends: { ann, ben, room }, javaScriptEnabled }) => {
  await ben.open(room);
  await ben.isLive();
  const heading = ben.page.locator('#room-title a');
  await heading.focus();
  expect((await ann.post('/profile', { display_name: 'Ann of the hills' })).status()).toBe(303);
  await choosePhoto(ann, await ann.page.screenshot());
  if (javaScriptEnabled === false) await ben.open(room); // the header is as old as its page
  await expect(heading).toHaveText('Ann of the hills');
  await expect.poll(() => ben.page.locator('#room-face img').evaluateAll((all) => all.map((img) => (img as HTMLImageElement).naturalWidth > 0))).toEqual([true]);
  if (javaScriptEnabled !== false) await expect(heading).toBeFocused();
});

test('how a tab notifies is off until asked for, and follows the person @once', async ({ join }) => {
  const ann = await join('ann');
  await ann.page.context().grantPermissions(['notifications']);
  await ann.open('/profile');
  await ann.unfold('notifications');
  const [notify, sound] = ['notify', 'sound'].map((name) => ann.page.locator(`#calls input[name=${name}]`));
  await expect(notify!).not.toBeChecked();
  await expect(sound!).not.toBeChecked();
  await notify!.check();
  await ann.page.locator('#calls button:not([type])').click();
  await expect(ann.notice).toBeVisible();
  await expect(notify!).toBeChecked();
  await expect(sound!).not.toBeChecked();
});

test('the browser is asked for its permission when the box is ticked, and what it says is shown @scripts @once',
  apart('without scripts there are no notifications, and the page says so'), async ({ join }) => {
  const ann = await join('ann');
  await ann.page.addInitScript(() => {
    class Note {
      static permission = 'default';
      static requestPermission = async () => { Note.permission = 'denied'; };
    }
    Object.assign(window, { Notification: Note });
  });
  await ann.open('/profile');
  await ann.unfold('notifications');
  const status = ann.page.locator('#calls [aria-live]');
  await ann.isLive();
  await expect(async () => { // the script comes when the page is idle
    await ann.page.locator('#calls input[name=notify]').uncheck();
    await ann.page.locator('#calls input[name=notify]').check();
    await expect(status).not.toBeEmpty({ timeout: 500 });
  }).toPass();
  const blocked = await ann.page.locator('#calls').getAttribute('data-refused');
  await expect(status).toHaveText(blocked!);
});
