import { apart, expect, postMessage, test } from './story';

const elsewhere = apart('covered by “all changes without scripts”, where the page reloads');

test('a message is edited, and others can see the earlier version @scripts', elsewhere, async ({ friends: { ann, ben, room } }) => {
  await postMessage(ann, room, 'See you at sevn');
  await ben.open(room);
  await ben.isLive();
  await ann.open(room);
  await ann.more('See you at sevn');
  await ann.submit(`${ann.path}/edit`, { body: 'See you at seven' });
  await expect(ann.message('See you at seven').locator('.edited')).toBeVisible();
  await expect(ben.message('See you at seven').locator('.edited')).toBeVisible();
  await expect(ben.messages).toHaveCount(1);
  await ben.more('See you at seven');
  await expect(ben.page.locator('.versions')).toContainText('See you at sevn');
  await expect(ben.form(`${ben.path}/edit`)).toHaveCount(0);
});

test('a message is deleted, also in quotes of it @scripts', elsewhere, async ({ friends: { ann, ben, room } }) => {
  await postMessage(ann, room, 'A secret by mistake');
  await ben.open(room);
  await ben.isLive();
  await ben.more('A secret by mistake');
  await ben.reply(room, 'Which one?');
  await expect(ben.message('Which one?').locator('.quote')).toContainText('A secret by mistake');
  await ben.isLive();
  await ann.open(room);
  await ann.more('A secret by mistake');
  await ann.press(`${ann.path}/delete`);
  for (const who of [ann, ben]) {
    await expect(who.message('Which one?').locator('.quote .gone')).toBeVisible();
    await expect(who.messages.first().locator('.gone')).toBeVisible();
    await expect(who.page.getByText('A secret by mistake')).toHaveCount(0);
  }
});

test('reactions are added and removed right at the message @scripts', elsewhere, async ({ friends: { ann, ben, room } }) => {
  await postMessage(ann, room, 'We won!');
  await ann.open(room);
  await ann.isLive();
  await ben.open(room);
  await ben.more('We won!');
  await ben.react('🎉');
  await expect(ben.reactions('We won!')).toHaveText('🎉 1');
  await ben.isLive();
  const given = ann.reactions('We won!');
  await expect(given).toHaveText('🎉 1');
  await given.click();
  await expect(given).toHaveText('🎉 2');
  await expect(ben.reactions('We won!')).toHaveText('🎉 2');
  await given.click();
  await expect(given).toHaveText('🎉 1');
  await ann.more('We won!');
  const other = ann.page.locator('.hand input[name=emoji]');
  await other.fill('hooray');
  await other.press('Enter');
  await expect(ann.alert).toBeVisible();
  await expect(other).toHaveValue('hooray');
  await other.fill('🦊');
  await other.press('Enter');
  await expect(ben.reactions('We won!')).toHaveText(['🎉 1', '🦊 1']);
});

test('a reply is written in the room, and the next message is not one @scripts', elsewhere, async ({ friends: { ann, ben, room } }) => {
  await postMessage(ann, room, 'Tea or coffee?');
  await ann.open(room);
  await ann.isLive();
  await ben.open(room);
  await ben.more('Tea or coffee?');
  await ben.page.locator(`a[href^="${room}?reply="]`).click();
  await expect(ben.page.locator('#reply')).toContainText('Tea or coffee?');
  await expect(ben.composer).toBeFocused();
  await ben.isLive();
  await ben.say('Both');
  await expect(ben.page.locator('#reply')).toBeEmpty();
  await ben.say('In this order');
  await expect(ann.message('Both').locator('.quote')).toContainText('Tea or coffee?');
  await expect(ann.message('In this order').locator('.quote')).toHaveCount(0);
  await ben.reload();
  await expect(ben.page.locator('#reply')).toBeEmpty();
  await ann.message('Both').locator('.quote').click();
  await expect(ann.message('Tea or coffee?')).toHaveAttribute('aria-current', 'true');
});

test('the focus stays at a message that loses the focused element @scripts',
  apart('a page that reloads has no focus to lose'), async ({ friends: { ann, ben, room } }) => {
  await postMessage(ann, room, 'We won!');
  await ben.open(room);
  await ben.isLive();
  const [message, change] = [ben.messages.first(), `${room}/messages/2`];
  await ben.post(`${change}/react`, { emoji: '🎉' });
  await message.locator('.reactions button').press('Enter'); // removes the last one
  await expect(message.locator('.reactions button')).toHaveCount(0);
  await expect(message.locator('a.do')).toBeFocused();
  await ann.post(`${change}/delete`);
  await expect(message.locator('.gone')).toBeVisible();
  await expect(message.locator('.at')).toBeFocused();
});

test('all changes without scripts @plain @once', apart('covered one by one in the stories above'), async ({ friends: { ann, ben, room } }) => {
  for (const text of ['See you at sevn', 'A mistake']) await postMessage(ann, room, text);
  const [first, second] = [`${room}/messages/2`, `${room}/messages/3`];
  await ben.open(first);
  await ben.react('👍');
  await ben.open(first);
  await expect(ben.page.locator('.given')).toContainText(ben.name);
  await ben.reply(room, 'I will be there');
  await expect(ben.page).toHaveURL(new RegExp(`${room}$`));

  await ann.open(first);
  await ann.submit(`${first}/edit`, { body: '' });
  await expect(ann.alert).toBeVisible();
  await ann.submit(`${first}/edit`, { body: 'See you at seven' });
  await expect(ann.page).toHaveURL(new RegExp(`${room}#m-2$`));
  await ann.open(second);
  await ann.press(`${second}/delete`);

  // A page that leads to a message has no frames.
  await ben.open(`${room}?around=2#m-2`);
  await expect(ben.messages).toHaveCount(3);
  await expect(ben.message('See you at seven')).toHaveAttribute('aria-current', 'true');
  await expect(ben.message('See you at seven').locator('.edited')).toBeVisible();
  await expect(ben.messages.nth(1).locator('.gone')).toBeVisible();
  await expect(ben.message('I will be there').locator('.quote')).toContainText('See you at sevn');
  await ben.open(`${room}?reply=5`);
  await ben.composer.fill('And bring cake');
  await ben.enter();
  await ann.open(`${room}?around=8`);
  await expect(ann.message('And bring cake').locator('.quote')).toContainText('I will be there');
});

test('paging through history keeps the place @scripts @once',
  apart('without scripts, history is the same pages'), async ({ friends: { ann, ben, room } }) => {
  test.setTimeout(120_000);
  for (let i = 1; i <= 130; i++) await postMessage(ann, room, `number ${i}.`);
  await ben.open('/rooms');
  await ben.open(room);
  await expect(ben.messages).toHaveCount(50);
  await ben.page.locator('.unseen a').click();
  await expect(ben.message('number 1.')).toBeInViewport();
  await expect(ben.message('number 1.')).toHaveAttribute('aria-current', 'true');
  await ben.newer.click();
  const seen = await ben.messages.first().textContent();
  await expect(ben.messages.first()).toBeInViewport();
  await ben.older.click();
  await expect(ben.messages.filter({ hasText: seen!.match(/number \d+\./)![0] })).toHaveCount(0);
  await ben.newest.click();
  await ben.isLive();
  await expect(ben.message('number 130.')).toBeInViewport();
  await ben.message('number 129.').locator('.at').click();
  await expect(ben.page).toHaveURL(/around=130#m-130$/);
  await expect(ben.message('number 129.')).toHaveAttribute('aria-current', 'true');
  await ben.isLive();
  await ben.say('It is live here, too');
});
