// Coming in by the link of an invitation, with and without an account.
import { expect, makeGroup, password, test } from './story';

test('somebody is invited, signs up by the link, and is in the group with a friend @once', async ({ join, visitor }) => {
  const ann = await join('ann');
  const group = await makeGroup(ann, 'Choir', []);
  await ann.open('/friends');
  await ann.page.locator('main a[href="/invitations"]').first().click(); // the first thing to do without friends
  await ann.form('/invitations').locator(`input[name=room][value="${group.replace(/\D/g, '')}"]`).check();
  await ann.submit('/invitations', { uses: '1', days: '3' });
  const link = await ann.page.locator('#new-link a[href*="/join/"]').getAttribute('href');
  const code = ann.page.locator('#new-link img');
  expect(await code.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBeGreaterThan(200);
  await expect(ann.page.locator('#new-link button')).toHaveCount(ann.scripts ? 1 : 0); // copies the link

  await visitor.page.goto(link!);
  await expect(visitor.title).toContainText(ann.name);
  const action = new URL(link!).pathname;
  await visitor.submit(action, { username: ann.name, password });
  await expect(visitor.alert).toBeVisible(); // it is taken, which costs no use
  await visitor.submit(action, { username: visitor.name, password });
  await expect(visitor.page).toHaveURL(ann.at + group);
  await visitor.isLive();
  await visitor.say('What do we sing?');
  await ann.open('/rooms');
  await expect(ann.line(group)).toContainText('What do we sing?');
  await ann.open('/friends');
  await expect(ann.page.locator(`[data-username="${visitor.name}"]`)).toBeVisible();

  await ann.page.context().clearCookies();
  await ann.page.goto(link!);
  await expect(ann.form(action)).toHaveCount(0); // used up
});

test('who has an account signs in by the link and accepts with one button @once', async ({ join }) => {
  const [ann, ben] = [await join('ann'), await join('ben')];
  await ann.open('/invitations');
  await ann.submit('/invitations', { uses: '2' });
  const link = (await ann.page.locator('#new-link a[href*="/join/"]').getAttribute('href'))!;
  const action = new URL(link).pathname;
  await ben.page.context().clearCookies();
  await ben.page.goto(link);
  await ben.page.locator('a[href^="/sign-in?next="]').click();
  await ben.signIn();
  await expect(ben.page).toHaveURL(link);
  await ben.press(action);
  await ben.isLive();
  await ben.say('Thanks for the invitation!');
  await ann.page.locator('#invitations button').first().click(); // withdraws it
  await ann.page.goto(link);
  await expect(ann.form(action)).toHaveCount(0);
});
