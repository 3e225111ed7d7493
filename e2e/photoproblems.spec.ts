// Photos that cannot be sent, or not at once: nothing of what was typed and chosen is lost.
import { allDrawn, choose, file, hill, panel, sea } from './photos';
import { apart, expect, postMessage, test } from './story';

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
