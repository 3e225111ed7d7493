// What people write, and how it is shown.
import { befriend, expect, makeGroup, postMessage, test } from './story';

test('marks become formatting, for both sides at once @once', async ({ friends: { ann, ben, room } }) => {
  await ann.open(room);
  await ben.open(room);
  await ben.isLive();
  await ann.composer.fill('**Really** *so*: `a < b`\n> she asked\nyes\n- milk\n- eggs\n```\n<b>x</b>\n```\n[the plan](https://example.org/plan)');
  await ann.enter();
  await ben.sees('Really');
  for (const who of [ann, ben]) {
    const text = who.messages.locator('.body');
    await expect(text.locator('strong')).toHaveText('Really');
    await expect(text.locator('em')).toHaveText('so');
    await expect(text.locator('blockquote')).toHaveText('she asked');
    await expect(text.locator('li')).toHaveText(['milk', 'eggs']);
    await expect(text.locator('pre')).toHaveText('<b>x</b>');
    await expect(text.getByRole('link', { name: 'the plan' })).toHaveAttribute('rel', 'noopener nofollow');
    await expect(text.locator('.host')).toHaveText('(example.org)');
  }
});

test('ordinary typing stays as it is @once', async ({ friends: { ann, ben, room } }) => {
  await ben.open(room);
  await ben.isLive();
  const text = '2 * 3 * 4 = 24, snake_case_name, ¯\\_(ツ)_/¯ :*\n- Ann\n1) no\n2026. A good year\n<b>&amp;</b> # x';
  await postMessage(ann, room, text);
  await ben.sees('snake_case_name');
  expect(await ben.messages.locator('.body').innerText()).toBe(text);
  await expect(ben.messages.locator('.body *:not(br)')).toHaveCount(0);
});

test('an edit is formatted again, and its history shows the text as it was @once', async ({ friends: { ann, ben, room } }) => {
  await postMessage(ann, room, 'so **loud**');
  await ben.open(room);
  await ben.isLive();
  await expect(ben.messages.locator('.body strong')).toHaveText('loud');
  await ann.post(`${room}/messages/2/edit`, { body: 'so _quiet_' });
  await expect(ben.messages.locator('.body em')).toHaveText('quiet');
  await ben.open(`${room}/messages/2`);
  await expect(ben.page.locator('.versions .body')).toHaveText('so loud');
  await expect(ben.page.locator('.versions .body strong')).toHaveText('loud');
});

test('the room list and quotes show no marks @once', async ({ friends: { ann, ben, room } }) => {
  await postMessage(ann, room, 'see **this** and `that`');
  await ben.open('/rooms');
  await expect(ben.rooms.locator('.last')).toHaveText('see this and that');
  await ben.open(`${room}?reply=2`);
  await expect(ben.page.locator('#reply')).toContainText('see this and that');
});

test('the formatting help opens from the room @once', async ({ friends: { ann, room } }) => {
  await ann.open(room);
  if (ann.scripts) await ann.composer.fill('It appears with the text');
  else await ann.page.locator('.ways summary').click();
  const [help] = await Promise.all([
    ann.page.context().waitForEvent('page'),
    ann.page.locator('a[href="/formatting"]').locator('visible=true').click(),
  ]);
  await expect(help).toHaveURL(/\/formatting$/);
  await expect(help.locator('.formats strong')).toHaveCount(1);
  await help.close();
});

test('a mention shows in the room list until it is read @once', async ({ join }) => {
  const [ann, ben, cid] = [await join('ann'), await join('ben'), await join('cid')];
  await befriend(ann, ben);
  await befriend(ann, cid);
  const room = await makeGroup(ann, 'Walks', [ben, cid]);
  await ben.open('/rooms');
  await cid.open('/rooms');
  await ann.open(room);
  await ann.say(`Is @${ben.name} with us? Write to ann@example.org`);
  for (const [who, marks] of [[ben, 1], [cid, 0]] as const) {
    const line = who.line(room);
    await expect(async () => { // without scripts, a list is as old as its page
      if (await line.locator('.unread').count() === 0) await who.reload();
      await expect(line.locator('.unread')).toContainText('1', { timeout: 2000 });
    }).toPass();
    await expect(line.locator('.mentions')).toHaveCount(marks);
  }
  await ben.open(room);
  await ben.sees('with us');
  const mention = ben.messages.getByRole('link', { name: `@${ben.name}`, exact: true });
  await expect(mention).toHaveAttribute('href', `/people/${ben.name}`);
  await expect(ben.messages.locator('.body a')).toHaveCount(1);
  await ben.open('/rooms');
  await expect(async () => {
    await ben.reload();
    await expect(ben.page.locator('.mentions')).toHaveCount(0, { timeout: 1000 });
  }).toPass();
});
