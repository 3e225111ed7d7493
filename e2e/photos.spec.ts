// Photos in rooms, from the file picker to the page of a single photo.
import { allDrawn, choose, describe, hill, panel, sea, shown } from './photos';
import { apart, befriend, expect, postMessage, test, type Person } from './story';

test('two photos with a text arrive, and open large', async ({ friends: { ann, ben, room }, join, javaScriptEnabled }) => {
  await ben.open(room);
  await ben.isLive();
  await ann.open(room);
  await ann.isLive();
  await ann.composer.fill('We are there');
  await choose(ann, sea, hill);
  await describe(ann, 0, 'The sea, quite calm');
  await ann.send.click();
  await expect(ann.composer).toHaveValue('');
  for (const who of [ann, ben]) {
    await who.sees('We are there');
    await allDrawn(who, 2);
    await expect(shown(who).nth(0)).toHaveAttribute('alt', 'The sea, quite calm');
    await expect(shown(who).nth(1)).toHaveAttribute('alt', /2.*2/);
    await expect(shown(who).nth(0)).toHaveAttribute('width', '320');
    await expect(shown(who).nth(0)).toHaveAttribute('height', '213');
  }
  if (javaScriptEnabled !== false) await expect(panel(ann).locator('img')).toHaveCount(0);

  const source = (await shown(ben).first().getAttribute('src'))!;
  expect((await ben.get(source)).headers()['cache-control']).toContain('private');
  const eve = await join('eve');
  expect((await eve.get(source)).status()).toBe(404);
  expect((await eve.get(`${room}/messages/2/photos/1`)).status()).toBe(404);

  await ben.messages.locator('.pictures a').first().click();
  await expect(ben.page).toHaveURL(/\/messages\/2\/photos\/1$/);
  await expect(ben.page.getByRole('img', { name: 'The sea, quite calm' })).toHaveAttribute('width', '600');
  await ben.page.locator('a[rel=next]').click();
  await expect(ben.page).toHaveURL(/\/messages\/2\/photos\/2$/);
  await expect(ben.title).toContainText(/2.*2/);
  await expect(ben.page.locator('input[name=alt]')).toHaveCount(0);
  await ben.page.locator('a.back').click(); // to the room, where they were
  await expect(ben.page).toHaveURL(`${ben.at}${room}?around=2#m-2`);

  await ann.open(`${room}/messages/2/photos/2`);
  await ann.submit(ann.path, { alt: 'A green hill' });
  await expect(ann.page.getByRole('img', { name: 'A green hill' })).toBeVisible();
  await ben.open(`${room}?around=2`);
  await expect(shown(ben).nth(1)).toHaveAttribute('alt', 'A green hill');
});

test('a photo needs no text, and is deleted with its message @once', async ({ friends: { ann, ben, room }, javaScriptEnabled }) => {
  await ann.open(room);
  await ann.isLive();
  await choose(ann, sea);
  await ann.send.click();
  await allDrawn(ann, 1);
  const source = (await shown(ann).getAttribute('src'))!;
  await ben.open('/rooms');
  await expect(ben.rooms.locator('.last')).toHaveText(/\w+/);
  await ben.open(`${room}/messages/2`);
  await ben.reply('Where is that?');
  await expect(ben.message('Where is that?').locator('.quote')).toContainText(ann.name);
  await ann.open(`${room}/messages/2`);
  await ann.press(`${room}/messages/2/delete`);
  if (javaScriptEnabled === false) await ben.open(room); // a streaming page can only hide the quote
  await expect(ben.message('Where is that?').locator('.quote .gone')).toBeVisible();
  for (const who of [ann, ben]) {
    await expect(shown(who)).toHaveCount(0);
    expect((await who.get(source)).status()).toBe(404);
  }
});

// Nothing but the photo: the time on it, no strip of the bubble below it.
async function fills(who: Person): Promise<void> {
  await allDrawn(who, 1);
  expect(await who.messages.last().evaluate((message) => {
    const [bubble, photo, time] = ['.bubble', '.pictures', '.at'].map((part) => message.querySelector(part)!.getBoundingClientRect());
    return [bubble.bottom - photo.bottom < 3, time.bottom < photo.bottom, time.top > photo.top, time.left > photo.left, time.right < photo.right];
  })).toEqual([true, true, true, true, true]);
}

test('without text, the time stands on the photo, and nothing else is in the bubble @once', async ({ friends: { ann, ben, room } }) => {
  await postMessage(ben, room, 'Where are you?');
  await ann.open(`${room}?reply=2`);
  await ann.isLive();
  await choose(ann, sea);
  await ann.send.click();
  await fills(ann);
  await ben.open(room);
  await fills(ben);
  if (ben.scripts) {
    const browser = await ben.page.context().newCDPSession(ben.page);
    await browser.send('Emulation.setEmulatedMedia', { features: [{ name: 'hover', value: 'none' }, { name: 'pointer', value: 'coarse' }] });
    await fills(ben);
    await browser.send('Emulation.setEmulatedMedia', { features: [] });
  }
  await ann.post(`${room}/messages/3/react`, { emoji: '👍' });
  await ben.open(room);
  await allDrawn(ben, 1);
  expect(await ben.messages.last().evaluate((message) => { // no empty line between them
    const [photo, reactions] = ['.pictures', '.reactions'].map((part) => message.querySelector(part)!.getBoundingClientRect());
    return reactions.top - photo.bottom;
  })).toBeLessThan(16);
});

test('a photo that is on its way stands in the list, and the next message waits behind it @scripts @once',
  apart('without scripts, the browser is busy with the form'), async ({ friends: { ann, ben, room } }) => {
  await ben.open(room);
  await ben.isLive();
  await ann.open(room);
  await ann.isLive();
  let go = () => {};
  const gate = new Promise<void>((done) => { go = done; });
  await ann.page.route('**/messages', async (route) => {
    await gate;
    await route.continue();
  }, { times: 1 });
  await ann.composer.fill('Look');
  await choose(ann, sea, hill);
  await ann.send.click();
  await expect(ann.page.locator('#outbox img')).toHaveCount(2);
  await expect(ann.page.locator('#composer progress')).toBeVisible();
  await expect(ann.composer).toHaveValue('');
  await ann.composer.fill('Quite calm today');
  await ann.enter();
  await expect(ann.page.locator('#outbox > li')).toHaveCount(2);
  go();
  for (const who of [ann, ben]) {
    await allDrawn(who, 2);
    await expect(who.messages).toHaveCount(2);
    await expect(who.messages.last()).toContainText('Quite calm today');
  }
  await expect(ann.page.locator('#outbox > li')).toHaveCount(0);
  await expect(ann.page.locator('#composer progress')).toBeHidden();
});

test('on the page of a photo, keys lead to the others and back @scripts @once',
  apart('without scripts, links do; covered by “two photos with a text arrive, and open large”'), async ({ friends: { ann, room } }) => {
  await ann.open(room);
  await ann.isLive();
  await choose(ann, sea, hill);
  await ann.send.click();
  await allDrawn(ann, 2);
  const press = async (key: string, to: string) => {
    await ann.page.waitForFunction(() => (window as { parley?: { rare?: object } }).parley?.rare);
    await ann.page.keyboard.press(key);
    await expect(ann.page).toHaveURL(ann.at + to);
  };
  await ann.page.route('**/rare-*', (route) => route.abort(), { times: 1 }); // it asks for the script again
  await ann.open(`${room}/messages/2/photos/1`);
  await press('ArrowRight', `${room}/messages/2/photos/2`);
  await press('ArrowLeft', `${room}/messages/2/photos/1`);
  const photo = ann.page.locator('.picture img');
  expect(await photo.evaluate((img) => img.getBoundingClientRect().bottom < innerHeight)).toBe(true);
  await press('Escape', `${room}?around=2#m-2`);
  await expect(ann.page.locator('#m-2')).toBeFocused();
});

test('a group gets a photo, and loses it @once', async ({ join }) => {
  const [ann, ben] = [await join('ann'), await join('ben')];
  await befriend(ann, ben);
  const room = (await ann.post('/rooms', { name: 'Choir', username: ben.name })).headers().location;
  await ben.open(room);
  await ben.isLive();
  await ann.open(`${room}/members`);
  await ann.field(`${room}/photo`, 'photo').setInputFiles(hill);
  await ann.press(`${room}/photo`);
  await ann.unfold('photo');
  await expect(ann.page.locator('.photo > img.avatar')).toBeVisible();
  await expect(ben.log.locator('> .notice').last()).toContainText(ann.name);
  const face = ben.page.locator('#room-face img');
  await expect(async () => { // without scripts, the header is as old as its page
    if (!await face.count()) await ben.open(room);
    expect(await face.evaluate((img) => (img as HTMLImageElement).naturalWidth)).toBeGreaterThan(0);
  }).toPass();
  await ben.open('/rooms');
  await expect(ben.rooms.locator('img.avatar')).toHaveCount(1);
  await ben.open(`${room}/members`);
  await expect(ben.form(`${room}/photo`)).toHaveCount(0);
  await ann.press(`${room}/photo/remove`);
  await expect(ann.page.locator('.photo > img.avatar')).toHaveCount(0);
  await ben.open('/rooms');
  await expect(ben.rooms.locator('img.avatar')).toHaveCount(0);
});

test('photos are pasted, dropped and removed @scripts @once',
  apart('without scripts, photos come from the file picker'), async ({ friends: { ann, room } }) => {
  await ann.open(room);
  await ann.isLive();
  await expect(panel(ann)).toBeAttached();
  const carry = (type: 'paste' | 'drop', target: string, { name, buffer }: typeof sea) => ann.page.evaluate(([type, target, name, bytes]) => {
    const data = new DataTransfer();
    data.items.add(new File([Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0))], name, { type: 'image/png' }));
    const options = { bubbles: true, cancelable: true };
    const event = type === 'paste' ? new ClipboardEvent(type, { ...options, clipboardData: data }) : new DragEvent(type, { ...options, dataTransfer: data });
    document.querySelector(target)!.dispatchEvent(event);
  }, [type, target, name, buffer.toString('base64')] as const);
  await carry('paste', '#body', sea);
  await carry('drop', '#messages', hill);
  const previews = panel(ann).locator('#chosen img');
  await expect(previews).toHaveCount(2);
  await expect.poll(() => previews.evaluateAll((all) => (all as HTMLImageElement[]).every((img) => img.naturalWidth > 0))).toBe(true);
  await describe(ann, 1, 'Our hill');
  await panel(ann).locator('input[name=alt]').nth(1).press('Enter'); // closes the field, and sends nothing
  await expect(ann.messages).toHaveCount(0);
  await panel(ann).locator('#chosen li', { hasText: 'sea.png' }).locator('button').first().click();
  await expect(previews).toHaveCount(1);
  await ann.composer.fill('Only this one');
  await ann.enter();
  await ann.sees('Only this one');
  await allDrawn(ann, 1);
  await expect(shown(ann)).toHaveAttribute('alt', 'Our hill');
});

test('photos go with a reply, and the next message is not one @scripts @once',
  apart('without scripts, a reply is written on a page of its own, with its photos'), async ({ friends: { ann, room } }) => {
  await postMessage(ann, room, 'Where are you?');
  await ann.open(`${room}?reply=2`);
  await ann.isLive();
  await choose(ann, sea);
  await ann.send.click();
  await allDrawn(ann, 1);
  await expect(ann.page.locator('#reply')).toBeEmpty();
  await ann.say('Come soon');
  await expect(ann.messages.nth(1).locator('.quote')).toContainText('Where are you?');
  await expect(ann.messages.nth(2).locator('.quote')).toHaveCount(0);
});

test('photos from the plain page and from the waiting page @plain @once',
  apart('these pages are for browsers without scripts'), async ({ friends: { ann, ben, room } }) => {
  for (const [n, path] of [`${room}?as=plain`, `${room}/wait`].entries()) {
    await ann.open(path);
    await ann.composer.fill(`Photo number ${n}`);
    await choose(ann, hill);
    await ann.send.click();
    await ben.open(`${room}?as=plain`);
    await ben.sees(`Photo number ${n}`);
    await allDrawn(ben, n + 1);
  }
});
