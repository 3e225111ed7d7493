import { befriend, expect, postMessage, test, type Person } from './story';

async function look(who: Person, words: string): Promise<void> {
  await who.field('/search', 'q').fill(words);
  await who.field('/search', 'q').press('Enter');
  await expect(who.page.locator('#found-heading')).toBeVisible();
}

test('a word leads to the message in its context @once', async ({ friends: { ann, ben, room } }) => {
  await postMessage(ben, room, 'We could go walking at the Café Müller');
  for (let i = 0; i < 60; i++) await postMessage(ben, room, `line ${i}`);
  await ann.open('/rooms');
  await ann.page.locator('.bar a[href="/search"]').click();
  await look(ann, 'walk cafe');
  await expect(ann.page.locator('#found li')).toHaveCount(0); // only the last word may be longer
  await look(ann, 'cafe muller go walk');
  await expect(ann.page.locator('#found mark')).toHaveText(['go', 'walking', 'Café', 'Müller']);
  await ann.page.locator('#found a').click();
  await expect(ann.page.locator('[aria-current=true]')).toContainText('Café Müller');
  await expect(ann.page.locator('[aria-current=true]')).toBeInViewport();
});

test('search in one room, in any writing system, and by author @once', async ({ friends: { ann, ben, room }, join }) => {
  const cid = await join('cid');
  const other = await befriend(ann, cid);
  await postMessage(ben, room, '東京タワーに行きました');
  await postMessage(ann, room, '東京は好きですか');
  await postMessage(cid, other, '東京?');
  await ann.open(room);
  await ann.page.locator('.head a.find').click();
  await expect(ann.field('/search', 'room')).toHaveValue(room.split('/').pop()!);
  await look(ann, '東京');
  await expect(ann.page.locator('#found li')).toHaveCount(2);
  await ann.field('/search', 'author').fill(ben.name);
  await look(ann, '東京');
  await expect(ann.page.locator('#found .text')).toHaveText(['東京タワーに行きました']);
  await look(ann, 'nowhere');
  await expect(ann.page.locator('#found')).toHaveCount(0);
  await ann.page.locator('.answer .actions a').click(); // search everywhere
  await expect(ann.field('/search', 'room')).toHaveValue('');
  await expect(async () => { // a search that takes long on a busy machine shows a part, and a link to the rest
    await look(ann, '東京');
    await expect(ann.page.locator('#found li')).toHaveCount(3, { timeout: 1000 });
  }).toPass();
});

test('results come in pages, newest first @once', async ({ friends: { ann, ben, room } }) => {
  for (let i = 1; i <= 25; i++) await postMessage(ben, room, `number ${i}`);
  await expect(async () => { // all of them are in the index a moment after the last
    await ann.open('/search?q=number');
    await expect(ann.page.locator('#found li')).toHaveCount(20, { timeout: 1000 });
  }).toPass();
  await expect(ann.page.locator('#found li').first()).toContainText('number 25');
  const older = ann.page.locator('.answer a[href*="below="]');
  await older.click();
  await expect(ann.page.locator('#found .text')).toHaveText([5, 4, 3, 2, 1].map((i) => `number ${i}`));
  await expect(older).toHaveCount(0);
});

test('an edit is found by its new text, and a deleted message not at all @once', async ({ friends: { ann, ben, room } }) => {
  await postMessage(ben, room, 'one pear');
  await postMessage(ben, room, 'two pears');
  await ann.open('/search?q=pear');
  await expect(ann.page.locator('#found li')).toHaveCount(2);
  await ben.post(`${room}/messages/2/edit`, { body: 'one plum' });
  await ben.post(`${room}/messages/3/delete`);
  await look(ann, 'pear');
  await expect(ann.page.locator('#found li')).toHaveCount(0);
  await look(ann, 'plum');
  await expect(ann.page.locator('#found li')).toHaveCount(1);
});

test('a search without a word is refused, and the text stays @once', async ({ friends: { ann } }) => {
  await ann.open('/search');
  await ann.submit('/search', { q: '%_"' });
  await expect(ann.alert).toHaveText(/\w+.*\.$/);
  await expect(ann.field('/search', 'q')).toHaveValue('%_"');
});
