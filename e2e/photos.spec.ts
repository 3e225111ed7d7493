// Photos in rooms, from the file picker to the page of a single photo.
import { deflateSync } from 'node:zlib';
import { apart, befriend, expect, postMessage, test, type Person } from './story';

// A PNG of one color: a header, one chunk of pixels, an end.
function picture(width: number, height: number, color: [number, number, number]): Buffer {
  const crcs = Array.from({ length: 256 }, (_, n) => {
    for (let k = 0; k < 8; k++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
    return n >>> 0;
  });
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    sum.writeUInt32BE((body.reduce((crc, byte) => crcs[(crc ^ byte) & 255] ^ (crc >>> 8), 0xffffffff) ^ 0xffffffff) >>> 0);
    return Buffer.concat([length, body, sum]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2], 8);
  const line = Buffer.concat([Buffer.from([0]), Buffer.concat(Array.from({ length: width }, () => Buffer.from(color)))]);
  const pixels = deflateSync(Buffer.concat(Array.from({ length: height }, () => line)));
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', header), chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))]);
}

const file = (name: string, buffer: Buffer) => ({ name, mimeType: 'image/png', buffer });
const sea = file('sea.png', picture(600, 400, [40, 110, 160]));
const hill = file('hill.png', picture(300, 500, [70, 140, 60]));

// With scripts, a tray of thumbnails inside the composer; without, a form that opens.
const panel = (who: Person) => who.part('composer').locator(who.scripts ? '.tray' : '.attach');
const picker = (who: Person) => who.part('composer').locator('#composer input[type=file]');

async function choose(who: Person, ...files: (typeof sea)[]): Promise<void> {
  if (who.scripts) {
    await expect(panel(who)).toBeAttached();
    const dialog = who.page.waitForEvent('filechooser');
    await who.page.locator('.attach summary').click();
    return (await dialog).setFiles(files);
  }
  if (!await panel(who).getAttribute('open').then((open) => open !== null)) await panel(who).locator('summary').click();
  await picker(who).setInputFiles(files);
}

async function describe(who: Person, n: number, text: string): Promise<void> {
  if (who.scripts) await panel(who).locator('#chosen li').nth(n).locator('[aria-expanded]').click();
  await panel(who).locator('input[name=alt]').nth(n).fill(text);
}

const shown = (who: Person) => who.messages.locator('.pictures img');

async function allDrawn(who: Person, count: number): Promise<void> {
  await expect(shown(who)).toHaveCount(count);
  await expect.poll(() => shown(who).evaluateAll((all) => (
    (all as HTMLImageElement[]).every((img) => img.complete && img.naturalWidth > 0)
  ))).toBe(true);
}

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

test('a file that is no photo is refused, and the text is kept @once', async ({ friends: { ann, room }, javaScriptEnabled }) => {
  await ann.open(room);
  await ann.isLive();
  await ann.composer.fill('Have a look');
  await choose(ann, sea, file('notes.png', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')));
  await ann.send.click();
  await expect(ann.refusal).toContainText('notes.png: ');
  await expect(ann.composer).toHaveValue('Have a look');
  if (javaScriptEnabled !== false) await panel(ann).locator('#chosen li').last().locator('button').first().click(); // without scripts, the other one is kept
  await ann.send.click();
  await expect(ann.composer).toHaveValue('');
  await ann.sees('Have a look');
  await allDrawn(ann, 1);
});

test('what cannot be sent is said when it is chosen @scripts @once',
  apart('without scripts, only the server can look'), async ({ friends: { ann, room } }) => {
  await ann.open(room);
  await ann.isLive();
  let posts = 0;
  ann.page.on('request', (request) => { if (request.method() === 'POST' && request.url().endsWith('/messages')) posts++; });
  await choose(ann, sea, { ...file('notes.pdf', Buffer.from('%PDF')), mimeType: 'application/pdf' });
  await expect(ann.refusal).toContainText('notes.pdf');
  await expect(panel(ann).locator('#chosen img')).toHaveCount(1); // the other one stays
  await choose(ann, ...Array.from({ length: 11 }, (_, n) => file(`${n}.png`, sea.buffer)));
  await expect(ann.refusal).toContainText('10');
  await expect(panel(ann).locator('#chosen img')).toHaveCount(10);
  expect(posts).toBe(0);
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
  await ann.open(`${room}/messages/2/photos/1`);
  await expect(async () => { // the script may not be here yet
    await ann.page.keyboard.press('ArrowRight');
    await expect(ann.page).toHaveURL(/photos\/2$/, { timeout: 500 });
  }).toPass();
  await expect(async () => {
    await ann.page.keyboard.press('ArrowLeft');
    await expect(ann.page).toHaveURL(/photos\/1$/, { timeout: 500 });
  }).toPass();
  const photo = ann.page.locator('.picture img');
  expect(await photo.evaluate((img) => img.getBoundingClientRect().bottom < innerHeight)).toBe(true);
  await expect(async () => {
    await ann.page.keyboard.press('Escape');
    await expect(ann.page).toHaveURL(`${ann.at}${room}?around=2#m-2`, { timeout: 500 });
  }).toPass();
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

test('text that is dropped stays text, and a file is never opened in place of the room @scripts @once',
  apart('without scripts, photos come from the file picker'), async ({ friends: { ann, room } }) => {
  await ann.open(room);
  await ann.isLive();
  await expect(panel(ann)).toBeAttached();
  const isTaken = (type: string, target: string, ...carried: ('text' | 'file')[]) => ann.page.evaluate(([type, target, carried]) => {
    const dataTransfer = new DataTransfer();
    if (carried.includes('text')) dataTransfer.setData('text/plain', 'sea.png');
    if (carried.includes('file')) dataTransfer.items.add(new File(['x'], 'sea.png', { type: 'image/png' }));
    return !document.querySelector(target)!.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer }));
  }, [type, target, carried] as const);
  for (const target of ['#body', '#messages', 'nav']) {
    expect(await isTaken('dragover', target, 'text')).toBe(false);
    expect(await isTaken('drop', target, 'text')).toBe(false);
    expect(await isTaken('dragover', target, 'file')).toBe(true);
    expect(await isTaken('dragover', target, 'text', 'file')).toBe(true);
  }
  await expect(panel(ann).locator('#chosen li')).toHaveCount(0);
  expect(await isTaken('drop', 'nav', 'text', 'file')).toBe(true);
  await expect(panel(ann).locator('#chosen li')).toHaveCount(1);
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

test('photos in reply to a message that was deleted are kept, without the reply @scripts @once',
  apart('without scripts, the response is a new page without the reply'), async ({ friends: { ann, ben, room } }) => {
  await postMessage(ben, room, 'Forget it');
  await ann.open(`${room}?reply=2`);
  await ann.isLive();
  await ann.composer.fill('What was it?');
  await choose(ann, sea);
  await ben.post(`${room}/messages/2/delete`);
  await expect(ann.messages.first().locator('.gone')).toBeVisible();
  await ann.send.click();
  await expect(ann.refusal).toBeVisible();
  await expect(ann.page.locator('#reply')).toBeEmpty();
  await ann.send.click();
  await expect(ann.composer).toHaveValue('');
  await ann.sees('What was it?');
  await allDrawn(ann, 1);
  await expect(ann.messages.filter({ hasText: 'What was it?' }).locator('.quote')).toHaveCount(0);
});

test('photos without a response are sent again, once @scripts @once',
  apart('without scripts, sending a form again is up to the browser'), async ({ friends: { ann, ben, room } }) => {
  await ann.open(room);
  await ann.isLive();
  const posts = '**/messages';
  await ann.page.route(posts, async (route) => { // it arrives, but the response is lost
    await route.fetch();
    await route.abort();
  }, { times: 1 });
  await ann.composer.fill('Can you see it?');
  await choose(ann, sea);
  await ann.send.click();
  await expect(ann.refusal).toBeVisible();
  await expect(ann.composer).toHaveValue('Can you see it?');
  await expect(panel(ann).locator('#chosen img')).toHaveCount(1);
  await ann.send.click();
  await expect(ann.composer).toHaveValue('');
  await ben.open(room);
  await allDrawn(ben, 1);
  await expect(ben.messages).toHaveCount(1);
  await ann.say('And text works as before');
});

test('photos that a proxy refuses are kept, and the reason is shown @scripts @once',
  apart('without scripts, the browser shows the page of the proxy'), async ({ friends: { ann, room }, problems }) => {
  await ann.open(room);
  await ann.isLive();
  await ann.composer.fill('Can you see it?');
  await choose(ann, sea);
  const reasons = new Set<string>();
  for (const [status, told] of [[413, 'too large'], [502, '(502)'], [403, '(403)'], [200, 'again']] as const) {
    await ann.page.route('**/messages', (route) => route.fulfill({
      status, contentType: 'text/html', body: `<html><h1>${status}</h1><hr><center>proxy</center></html>`,
    }), { times: 1 });
    await ann.send.click();
    await expect(ann.refusal).toContainText(told);
    reasons.add(await ann.refusal.innerText());
    await expect(ann.composer).toHaveValue('Can you see it?');
    await expect(panel(ann).locator('#chosen img')).toHaveCount(1);
  }
  expect(reasons.size).toBe(4);
  await ann.send.click();
  await allDrawn(ann, 1);
  problems.length = 0; // the browser's own lines about these answers
});

test('photos are described one by one, and a refusal does not lose them @plain @once',
  apart('scripts show each photo with its description, and errors in place'), async ({ friends: { ann, ben, room } }) => {
  await ben.open(`${room}?as=plain`);
  for (const [n, path] of [room, `${room}?as=plain`].entries()) {
    await ann.open(path);
    await ann.part('composer').locator('#composer textarea').fill(`Both of them ${n}`);
    await choose(ann, sea, hill);
    await panel(ann).locator('button[name=describe]').click();
    await expect(ann.page.locator('#kept img')).toHaveCount(2);
    await expect.poll(() => ann.page.locator('#kept img').evaluateAll((all) => (all as HTMLImageElement[]).every((img) => img.naturalWidth > 0))).toBe(true);
    const descriptions = ann.page.locator('#kept input[name=kept_alt]');
    await descriptions.nth(0).fill('The sea, quite calm');
    await descriptions.nth(1).fill('A green hill');
    await expect(ann.page.locator('#composer textarea')).toHaveValue(`Both of them ${n}`);
    await ann.page.locator('#composer > button.primary').click();
    await ben.open(`${room}?as=plain`);
    await ben.sees(`Both of them ${n}`);
    await allDrawn(ben, 2 + 2 * n);
    for (const name of ['The sea, quite calm', 'A green hill']) await expect(ben.messages.getByRole('img', { name })).toHaveCount(1 + n);
  }

  await ann.open(room);
  const composer = ann.part('composer');
  await composer.locator('#composer textarea').fill('x'.repeat(4001));
  await choose(ann, sea);
  await ann.send.click();
  await expect(composer.locator('#composer-problem input[name=kept]')).toHaveCount(1);
  await composer.locator('#composer textarea').fill('Shorter');
  await ann.send.click();
  await expect(composer.locator('#composer textarea')).toHaveValue('');
  await ben.open(`${room}?as=plain`);
  await ben.sees('Shorter');
  await allDrawn(ben, 5);
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

test('a photo that is too large loses none of the text @once', async ({ friends: { ann, room } }) => {
  const huge = file('huge.png', Buffer.alloc(12 << 20));
  await ann.open(room);
  await ann.isLive();
  await ann.composer.fill('Look at this');
  await choose(ann, huge);
  if (!ann.scripts) await ann.send.click(); // a script says so before anything is sent
  await expect(ann.refusal).toBeVisible();
  await expect(ann.composer).toHaveValue('Look at this');
  if (ann.scripts) return;
  await ann.open(`${room}?as=plain`);
  await ann.composer.fill('Look at this');
  await ann.page.locator('.attach summary').click();
  await ann.page.locator('input[type=file]').setInputFiles([huge]);
  await ann.send.click();
  await expect(ann.alert).toBeVisible();
  await expect(ann.composer).toHaveValue('Look at this');
  await ann.send.click();
  await ann.open(room);
  await ann.sees('Look at this');
});
