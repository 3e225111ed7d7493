import { apart, expect, postMessage, test } from './story';

const elsewhere = apart('covered by “all changes without scripts”, where the page reloads');

test('a message is edited, and others can see the earlier version @scripts @once', elsewhere, async ({ friends: { ann, ben, room } }) => {
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
  await ben.reply('Which one?');
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

test('reactions are added and removed right at the message @scripts @once', elsewhere, async ({ friends: { ann, ben, room } }) => {
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
  await ann.openMenu('We won!');
  await expect(ann.menu.locator('.given')).toHaveText(`🎉 ${ben.name}`);
  await ben.reactions('We won!').click();
  await expect(ann.menu.locator('.given')).toHaveCount(0);
  await ben.post(`${room}/messages/2/react`, { emoji: '🎉' });
  await expect(ann.menu.locator('.given')).toHaveText(`🎉 ${ben.name}`);
  const field = ann.page.locator('#picker input');
  await ann.menu.locator('.another summary').click();
  await expect(field).toBeFocused();
  await field.fill('🦊🦊'); // the server decides what one emoji is
  await field.press('Enter');
  await expect(ann.menu.getByRole('alert')).toBeVisible();
  const other = ann.menu.locator('input[name=emoji]');
  await expect(other).toHaveValue('🦊🦊');
  await expect(other).toBeFocused();
  await ann.menu.locator('.another summary').click();
  await field.fill('fox');
  await expect(ann.page.locator('#emoji [role=option]').first()).toHaveText('🦊');
  await field.press('Enter');
  await expect(ann.page.locator('#picker')).toHaveCount(0);
  await expect(ann.menu).toHaveCount(0);
  await expect(ann.message('We won!').locator('a.do')).toBeFocused();
  await expect(ben.reactions('We won!')).toHaveText(['🎉 1', '🦊 1']);
  await ann.openMenu('We won!');
  await expect(ann.menu.locator('.hand > [aria-pressed=true]')).toHaveCount(0);
  await ann.react('🎉');
  await expect(given.first()).toHaveText('🎉 2');
  await ann.openMenu('We won!');
  await expect(ann.menu.locator('.hand > [aria-pressed=true]')).toHaveText('🎉');
  await expect(ann.menu.locator('.given li').first()).toContainText(ann.name);
});

const byScript = apart('without scripts, the dots lead to the page of the message');

test('an edit takes the place of the composer, whose draft comes back @scripts @once', byScript, async ({ friends: { ann, ben, room } }) => {
  await postMessage(ann, room, 'See you at sevn');
  await postMessage(ben, room, 'Where?');
  await ben.open(room);
  await ben.isLive();
  await ann.open(room);
  await ann.isLive();
  await ann.composer.fill('A draft');
  await ann.openMenu('Where?');
  await expect(ann.menu.locator('[data-act=edit]')).toHaveCount(0);
  await ann.openMenu('See you at sevn');
  await ann.menu.locator('[data-act=edit]').click();
  await expect(ann.editor).toBeFocused();
  await expect(ann.editor).toHaveValue('See you at sevn');
  await expect(ann.composer).toBeHidden();
  await ann.editor.fill(' ');
  await ann.editor.press('Enter');
  await expect(ann.page.locator('#editor').getByRole('alert')).toBeVisible();
  await ann.editor.fill('See you at seven');
  await ann.reload();
  await expect(ann.editor).toHaveValue('See you at seven');
  await ann.editor.press('Enter');
  await expect(ann.editor).toHaveCount(0);
  await expect(ann.composer).toHaveValue('A draft');
  await expect(ann.composer).toBeFocused();
  await expect(ben.message('See you at seven').locator('.edited')).toBeVisible();
  await ann.reload();
  await ann.isComplete();
  await expect(ann.editor).toHaveCount(0);
});

test('ArrowUp in an empty composer edits my newest message, and Escape cancels @scripts @once', byScript, async ({ friends: { ann, ben, room } }) => {
  for (const [who, text] of [[ann, 'The first'], [ann, 'The second'], [ann, 'A mistake'], [ben, 'Yes']] as const) await postMessage(who, room, text);
  await ann.post(`${room}/messages/4/delete`);
  await ann.open(room);
  await ann.isComplete();
  await ann.composer.fill('x');
  await ann.composer.press('ArrowUp');
  await ann.composer.fill('');
  await ann.composer.press('ArrowUp');
  await expect(ann.editor).toHaveValue('The second');
  await ann.editor.fill('Something else');
  await ann.page.keyboard.press('Escape');
  await expect(ann.editor).toHaveCount(0);
  await expect(ann.composer).toBeFocused();
  await expect(ann.message('The second')).toBeVisible();
});

test('ArrowUp opens no edit over photos or a reply in the composer @scripts @once', byScript, async ({ friends: { ann, room } }) => {
  await postMessage(ann, room, 'The first');
  await ann.open(`${room}?reply=2`);
  await ann.isComplete();
  await ann.composer.press('ArrowUp');
  await ann.page.keyboard.press('Escape');
  await expect(ann.page.locator('#reply')).toBeEmpty();
  await ann.page.locator('#photo').setInputFiles({ name: 'sea.png', mimeType: 'image/png', buffer: Buffer.from('x') });
  await expect(ann.page.locator('#chosen li')).toHaveCount(1);
  await ann.composer.press('ArrowUp');
  await expect(ann.composer).toBeVisible();
  await expect(ann.editor).toHaveCount(0);
  await ann.page.locator('#chosen button').first().click();
  await ann.composer.press('ArrowUp');
  await expect(ann.editor).toHaveValue('The first');
});

test('an edit of a message that is gone, or that the server does not answer, keeps the text @scripts @once', byScript, async ({ friends: { ann, room } }) => {
  await postMessage(ann, room, 'A plan');
  await ann.open(room);
  await ann.isComplete();
  await ann.composer.press('ArrowUp');
  await ann.editor.fill('A better plan');
  await ann.page.context().setOffline(true);
  await ann.editor.press('Enter');
  const problem = ann.page.locator('#editor').getByRole('alert');
  await expect(problem).toBeVisible();
  await ann.page.context().setOffline(false);
  await ann.post(`${room}/messages/2/delete`);
  await ann.editor.press('Enter');
  await expect(problem).toContainText('deleted');
  await expect(problem).toHaveCount(1);
  await expect(ann.editor).toHaveValue('A better plan');
  await ann.page.locator('#editor .cancel').click();
  await expect(ann.composer).toBeFocused();
});

test('in a room of two, no names above messages, and a picture leads to the person @once', async ({ friends: { ann, ben, room } }) => {
  await postMessage(ben, room, 'Tea or coffee?');
  await postMessage(ben, room, '🎉');
  await ann.open(room);
  const name = ann.message('Tea or coffee?').locator('.author bdi');
  await expect(name).toHaveText(ben.name);
  expect((await name.boundingBox())!.width).toBeLessThanOrEqual(1);
  const sizes = await ann.log.locator('.body').evaluateAll((all) => all.map((one) => parseFloat(getComputedStyle(one).fontSize)));
  expect(sizes[1]).toBeGreaterThan(2 * sizes[0]);
  // The second is of the same minute, or else has a time of its own.
  const times = await ann.messages.evaluateAll((all) => all.map((one) => [one.querySelector('time')!.textContent, one.matches('.minute')]));
  expect(times[1][1]).toBe(times[1][0] === times[0][0]);
  await ann.part('messages').locator('.message .avatar').first().click({ force: true });
  await expect(ann.part('messages').getByRole('heading', { level: 1 })).toHaveText(ben.name);
});

test('a reply is written in the room, and the next message is not one @scripts @once', elsewhere, async ({ friends: { ann, ben, room } }) => {
  await postMessage(ann, room, 'Tea or coffee?');
  await ann.open(room);
  await ann.isLive();
  await ben.open(room);
  await ben.composer.fill('Half a th');
  await ben.openMenu('Tea or coffee?');
  await ben.menu.locator('[data-act=reply]').click();
  await expect(ben.menu).toHaveCount(0);
  const answered = ben.page.locator('#reply');
  await expect(answered).toContainText('Tea or coffee?');
  await expect(ben.composer).toBeFocused();
  await expect(ben.composer).toHaveValue('Half a th');
  await ben.reload();
  await expect(answered).toContainText('Tea or coffee?');
  await ben.isComplete();
  await answered.locator('.cancel').click();
  await expect(answered).toBeEmpty();
  await expect(ben.composer).toBeFocused();
  await ben.reload();
  await expect(answered).toBeEmpty();
  await ben.isLive();
  await ben.openMenu('Tea or coffee?');
  await ben.menu.locator('[data-act=reply]').click();
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

test('all changes without scripts @plain @once', apart('covered one by one in the stories above'), async ({ friends: { ann, ben, room } }) => {
  for (const text of ['See you at sevn', 'A mistake']) await postMessage(ann, room, text);
  const [first, second] = [`${room}/messages/2`, `${room}/messages/3`];
  await ben.open(first);
  await ben.react('👍');
  await ben.open(first);
  await expect(ben.page.locator('.given')).toContainText(ben.name);
  await ben.reply('I will be there');
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
  await expect(ben.message('number 1.')).toBeInViewport();
  await expect(ben.message('number 60.')).toHaveCount(0);
  await ben.isLive();
  await ben.messages.last().scrollIntoViewIfNeeded();
  await expect(ben.message('number 60.')).toHaveCount(1);
  await ben.page.locator('#newest').click();
  await expect(ben.message('number 130.')).toBeInViewport();
  await expect(ben.messages.first()).not.toContainText('number 1.');
  await ben.message('number 129.').locator('.at').click();
  await expect(ben.page).toHaveURL(/around=130#m-130$/);
  await expect(ben.message('number 129.')).toHaveAttribute('aria-current', 'true');
  await ben.isLive();
  await ben.say('It is live here, too');
});
