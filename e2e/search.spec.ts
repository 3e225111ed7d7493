import { befriend, expect, postMessage, test, type Person } from './story';

async function look(who: Person, words: string): Promise<void> {
  await who.page.getByRole('searchbox', { name: 'Words' }).fill(words);
  await who.page.getByRole('searchbox', { name: 'Words' }).press('Enter');
  await expect(who.page.locator('#found-heading')).toBeVisible();
}

test('a word leads to the message among those around it', async ({ friends: { ann, ben, room } }) => {
  await postMessage(ben, room, 'We could go walking at the Café Müller');
  for (let i = 0; i < 60; i++) await postMessage(ben, room, `line ${i}`);
  await ann.open('/rooms');
  await ann.page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Search' }).click();
  await look(ann, 'walk cafe');
  await expect(ann.page.locator('#found li')).toHaveCount(0); // only the last word may go on
  await look(ann, 'cafe muller go walk');
  await expect(ann.page.locator('#found mark')).toHaveText(['go', 'walking', 'Café', 'Müller']);
  await ann.page.locator('#found a').click();
  await expect(ann.page.locator('[aria-current=true]')).toContainText('Café Müller');
  await expect(ann.page.locator('[aria-current=true]')).toBeInViewport();
});

test('from within a room, in any script, and by who said it @once', async ({ friends: { ann, ben, room }, join }) => {
  const cid = await join('cid');
  const other = await befriend(ann, cid);
  await postMessage(ben, room, '東京タワーに行きました');
  await postMessage(ann, room, '東京は好きですか');
  await postMessage(cid, other, '東京?');
  await ann.open(room);
  await ann.page.locator('.head').getByRole('link', { name: 'Search in this room' }).click();
  await expect(ann.page.getByRole('combobox', { name: 'Where' })).toHaveValue(room.split('/').pop()!);
  await look(ann, '東京');
  await expect(ann.page.locator('#found li')).toHaveCount(2);
  await ann.page.getByLabel('Who said it').fill(ben.name);
  await look(ann, '東京');
  await expect(ann.page.locator('#found .text')).toHaveText(['東京タワーに行きました']);
  await look(ann, 'nowhere');
  await expect(ann.page.getByRole('heading', { name: 'Nothing found' })).toBeVisible();
  await ann.page.getByRole('link', { name: 'Search all rooms and people' }).click();
  await expect(ann.page.getByRole('combobox', { name: 'Where' })).toHaveValue('');
  await look(ann, '東京');
  await expect(ann.page.locator('#found li')).toHaveCount(3);
});

test('pages of results, the newest first @once', async ({ friends: { ann, ben, room } }) => {
  for (let i = 1; i <= 25; i++) await postMessage(ben, room, `number ${i}`);
  await ann.open('/search?q=number');
  await expect(ann.page.locator('#found li').first()).toContainText('number 25');
  await expect(ann.page.locator('#found li')).toHaveCount(20);
  await ann.page.getByRole('link', { name: 'Older results' }).click();
  await expect(ann.page.locator('#found .text')).toHaveText([5, 4, 3, 2, 1].map((i) => `number ${i}`));
  await expect(ann.page.getByRole('link', { name: 'Older results' })).toHaveCount(0);
});

test('an edit is found by its new text, and what was deleted by none @once', async ({ friends: { ann, ben, room } }) => {
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

test('what is no word is refused where it was typed @once', async ({ friends: { ann } }) => {
  await ann.open('/search');
  await ann.page.getByRole('searchbox', { name: 'Words' }).fill('%_"');
  await ann.page.getByRole('button', { name: 'Search' }).click();
  await expect(ann.alert).toContainText('There is no word in that');
  await expect(ann.page.getByRole('searchbox', { name: 'Words' })).toHaveValue('%_"');
});
