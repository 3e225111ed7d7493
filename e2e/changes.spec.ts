import { apart, expect, postMessage, test, type Person } from './story';

const item = (who: Person, text: string) => who.page.locator('#messages > li[data-author]', { hasText: text });

async function more(who: Person, text: string): Promise<void> {
  await item(who, text).first().getByRole('link', { name: 'More' }).click();
  await expect(who.page.getByRole('heading', { name: /^Message in/ })).toBeVisible();
}

test('a message is edited, and the others see what it was @scripts',
  apart('told in “all of it without scripts”, where the page is loaded anew'), async ({ friends: { ann, ben, room } }) => {
  await postMessage(ann, room, 'See you at sevn');
  await ben.open(room);
  await ben.isLive();
  await ann.open(room);
  await more(ann, 'See you at sevn');
  await ann.page.getByLabel('Its text').fill('See you at seven');
  await ann.page.getByRole('button', { name: 'Save' }).click();
  await expect(item(ann, 'See you at seven')).toContainText('edited');
  await expect(item(ben, 'See you at seven')).toContainText('edited');
  await expect(ben.messages).toHaveCount(1);
  await more(ben, 'See you at seven');
  await expect(ben.page.getByText('See you at sevn')).toBeVisible();
  await expect(ben.page.getByLabel('Its text')).toHaveCount(0);
});

test('a message is taken back, and out of the quotes of it @scripts',
  apart('told in “all of it without scripts”, where the page is loaded anew'), async ({ friends: { ann, ben, room } }) => {
  await postMessage(ann, room, 'A secret by mistake');
  await ben.open(room);
  await ben.isLive();
  await more(ben, 'A secret by mistake');
  await ben.page.getByLabel('Your reply').fill('Which one?');
  await ben.page.getByRole('button', { name: 'Reply' }).click();
  await expect(item(ben, 'Which one?').locator('.quote')).toContainText('A secret by mistake');
  await ben.isLive();
  await ann.open(room);
  await more(ann, 'A secret by mistake');
  await ann.page.getByText('Delete it').click();
  await ann.page.getByRole('button', { name: 'Delete' }).click();
  for (const who of [ann, ben]) {
    await expect(item(who, 'Which one?').locator('.quote')).toHaveText('Message deleted');
    await expect(who.messages.first()).toContainText('Message deleted');
    await expect(who.page.getByText('A secret by mistake')).toHaveCount(0);
  }
});

test('reactions are given and taken back where the message stands @scripts',
  apart('told in “all of it without scripts”, where the page is loaded anew'), async ({ friends: { ann, ben, room } }) => {
  await postMessage(ann, room, 'We won!');
  await ann.open(room);
  await ann.isLive();
  await ben.open(room);
  await more(ben, 'We won!');
  await ben.page.getByRole('button', { name: '🎉' }).click();
  await expect(item(ben, 'We won!').getByRole('button')).toHaveText('🎉 1');
  await ben.isLive();
  const given = item(ann, 'We won!').getByRole('button');
  await expect(given).toHaveText('🎉 1');
  await given.click();
  await expect(given).toHaveText('🎉 2');
  await expect(item(ben, 'We won!').getByRole('button')).toHaveText('🎉 2');
  await given.click();
  await expect(given).toHaveText('🎉 1');
  await more(ann, 'We won!');
  await ann.page.getByLabel('Another emoji').fill('hooray');
  await ann.page.getByRole('button', { name: 'React' }).click();
  await expect(ann.alert).toContainText('no emoji');
  await expect(ann.page.getByLabel('Another emoji')).toHaveValue('hooray');
  await ann.page.getByLabel('Another emoji').fill('🦊');
  await ann.page.getByRole('button', { name: 'React' }).click();
  await expect(item(ben, 'We won!').getByRole('button')).toHaveText(['🎉 1', '🦊 1']);
});

test('a reply is written in the room, and the next message is none @scripts',
  apart('told in “all of it without scripts”, where the page is loaded anew'), async ({ friends: { ann, ben, room } }) => {
  await postMessage(ann, room, 'Tea or coffee?');
  await ann.open(room);
  await ann.isLive();
  await ben.open(room);
  await more(ben, 'Tea or coffee?');
  await ben.page.getByRole('link', { name: 'Write it in the room' }).click();
  await expect(ben.page.locator('#reply')).toContainText('Tea or coffee?');
  await expect(ben.composer).toBeFocused();
  await ben.isLive();
  await ben.say('Both');
  await expect(ben.page.locator('#reply')).toBeEmpty();
  await ben.say('In this order');
  await expect(item(ann, 'Both').locator('.quote')).toContainText('Tea or coffee?');
  await expect(item(ann, 'In this order').locator('.quote')).toHaveCount(0);
  await ben.reload();
  await expect(ben.page.locator('#reply')).toBeEmpty();
  await item(ann, 'Both').locator('.quote').click();
  await expect(item(ann, 'Tea or coffee?').first()).toHaveAttribute('aria-current', 'true');
});

test('the focus stays at a message that loses what had it @scripts',
  apart('a page that is loaded anew has no focus to lose'), async ({ friends: { ann, ben, room } }) => {
  await postMessage(ann, room, 'We won!');
  await ben.open(room);
  await ben.isLive();
  const [message, change] = [ben.messages.first(), `${room}/messages/2`];
  await ben.post(`${change}/react`, { emoji: '🎉' });
  await message.getByRole('button').press('Enter'); // the last one is taken back
  await expect(message.getByRole('button')).toHaveCount(0);
  await expect(message.getByRole('link', { name: 'More' })).toBeFocused();
  await ann.post(`${change}/delete`);
  await expect(message).toContainText('Message deleted');
  await expect(message.locator('.at')).toBeFocused();
});

test('all of it without scripts @plain @once', apart('told in the stories above, one by one'), async ({ friends: { ann, ben, room } }) => {
  for (const text of ['See you at sevn', 'A mistake']) await postMessage(ann, room, text);
  const [first, second] = [`${room}/messages/2`, `${room}/messages/3`];
  await ben.open(first);
  await ben.page.getByRole('button', { name: '👍' }).click();
  await ben.open(first);
  await expect(ben.page.locator('.given')).toContainText(ben.name);
  await ben.page.getByLabel('Your reply').fill('I will be there');
  await ben.page.getByRole('button', { name: 'Reply' }).click();
  await expect(ben.page).toHaveURL(new RegExp(`${room}$`));

  await ann.open(first);
  await ann.page.getByLabel('Its text').fill('');
  await ann.page.getByRole('button', { name: 'Save' }).click();
  await expect(ann.alert).toBeVisible();
  await ann.page.getByLabel('Its text').fill('See you at seven');
  await ann.page.getByRole('button', { name: 'Save' }).click();
  await expect(ann.page).toHaveURL(new RegExp(`${room}#m-2$`));
  await ann.open(second);
  await ann.page.getByText('Delete it').click();
  await ann.page.getByRole('button', { name: 'Delete' }).click();

  // A page that leads to a message stands for itself, without frames.
  await ben.open(`${room}?around=2#m-2`);
  await expect(ben.messages).toHaveCount(3);
  await expect(item(ben, 'See you at seven').first()).toHaveAttribute('aria-current', 'true');
  await expect(item(ben, 'See you at seven').first()).toContainText('edited');
  await expect(ben.messages.nth(1)).toContainText('Message deleted');
  await expect(item(ben, 'I will be there').locator('.quote')).toContainText('See you at sevn');
  await ben.open(`${room}?reply=5`);
  await ben.composer.fill('And bring cake');
  await ben.enter();
  await ann.open(`${room}?around=8`);
  await expect(item(ann, 'And bring cake').locator('.quote')).toContainText('I will be there');
});

test('history is read in pages that keep the place @scripts @once',
  apart('history is the same pages, and each is loaded anew'), async ({ friends: { ann, ben, room } }) => {
  test.setTimeout(120_000);
  for (let i = 1; i <= 130; i++) await postMessage(ann, room, `number ${i}.`);
  await ben.open('/rooms');
  await ben.open(room);
  await expect(ben.messages).toHaveCount(50);
  await ben.page.getByRole('link', { name: 'Go to the first new message' }).click();
  await expect(item(ben, 'number 1.')).toBeInViewport();
  await expect(item(ben, 'number 1.')).toHaveAttribute('aria-current', 'true');
  await ben.page.getByRole('link', { name: 'Newer messages' }).click();
  const seen = await ben.messages.first().textContent();
  await expect(ben.messages.first()).toBeInViewport();
  await ben.page.getByRole('link', { name: 'Older messages' }).click();
  await expect(ben.messages.filter({ hasText: seen!.match(/number \d+\./)![0] })).toHaveCount(0);
  await ben.page.getByRole('link', { name: 'Newest messages' }).click();
  await ben.isLive();
  await expect(item(ben, 'number 130.')).toBeInViewport();
  await item(ben, 'number 129.').locator('.at').click();
  await expect(ben.page).toHaveURL(/around=130#m-130$/);
  await expect(item(ben, 'number 129.')).toHaveAttribute('aria-current', 'true');
  await ben.isLive();
  await ben.say('It is live here as well');
});
