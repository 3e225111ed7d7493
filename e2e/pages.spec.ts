// What is before signing in and around the rooms: the door, the keys, code, what text browsers get.
import { apart, expect, password, postMessage, test } from './story';

test('a newcomer gives a name, and is called by it @once', async ({ visitor }) => {
  await visitor.open('/sign-up');
  await visitor.submit('/sign-up', { display_name: 'Nina\u200bNovák', username: visitor.name, password });
  await expect(visitor.alert).toHaveCount(1);
  await expect(visitor.field('/sign-up', 'username')).toHaveValue(visitor.name);
  await visitor.submit('/sign-up', { display_name: 'Nina Novák', password });
  await expect(visitor.page).toHaveURL(/\/rooms$/);
  await visitor.open(`/people/${visitor.name}`);
  await expect(visitor.title).toHaveText('Nina Novák');
});

test('what is wrong with a field takes the place of its hint @once', async ({ visitor }) => {
  await visitor.open('/sign-up');
  await expect(visitor.page.locator('#username-hint')).toBeVisible();
  await visitor.submit('/sign-up', { username: 'two words', password });
  await expect(visitor.alert).toHaveCount(1);
  await expect(visitor.page.locator('#username-hint')).toHaveCount(0);
  await expect(visitor.page.locator('#password-hint')).toBeVisible();
});

test('a password can be shown while it is typed @scripts @once', apart('only a script can change a field'), async ({ visitor }) => {
  await visitor.open('/sign-in');
  const field = visitor.field('/sign-in', 'password');
  await field.fill('plum');
  const show = visitor.page.getByRole('button', { name: 'Show password' });
  await show.click();
  await expect(field).toHaveAttribute('type', 'text');
  await expect(show).toHaveAttribute('aria-pressed', 'true');
  await show.press('Enter');
  await expect(field).toHaveAttribute('type', 'password');
  await expect(field).toHaveValue('plum');
});

test('without scripts, nothing promises to show a password @plain @once', apart('with scripts there is a button'), async ({ visitor }) => {
  await visitor.open('/sign-in');
  await expect(visitor.page.getByRole('button')).toHaveCount(1);
});

test('what keys do is on a page, which a question mark opens @once', async ({ friends: { ann, room } }) => {
  await ann.open('/profile');
  await ann.page.locator('a[href="/keys"]').click();
  await expect(ann.page.locator('dl.keys kbd').first()).toBeVisible();
  if (!ann.scripts) return;
  await ann.open(room);
  await ann.isLive();
  await ann.composer.fill('really');
  await ann.composer.press('?');
  await expect(ann.composer).toHaveValue('really?');
  await ann.composer.blur();
  await expect(async () => { // the script comes when the page is idle
    await ann.page.keyboard.press('?');
    await expect(ann.page).toHaveURL(/\/keys$/, { timeout: 5_000 });
  }).toPass();
});

test('code keeps its lines, and scrolls by the keyboard @once', async ({ friends: { ann, ben, room } }) => {
  await ann.page.setViewportSize({ width: 390, height: 700 });
  await postMessage(ben, room, '```\nfunc next(ctx context.Context, lease time.Duration) (Job, bool) {\n\treturn Job{}, false\n}\n```');
  await ann.open(room);
  await ann.isLive();
  const code = ann.log.getByRole('group', { name: 'Code' });
  await expect(code).toBeVisible();
  const { lines, wider } = await code.evaluate((pre) => {
    const height = parseFloat(getComputedStyle(pre.firstElementChild!).lineHeight);
    const { paddingTop, paddingBottom } = getComputedStyle(pre);
    return { lines: (pre.clientHeight - parseFloat(paddingTop) - parseFloat(paddingBottom)) / height, wider: pre.scrollWidth > pre.clientWidth };
  });
  expect(Math.round(lines)).toBeLessThanOrEqual(4); // and a scroll bar, where it takes space
  expect(wider).toBe(true);
  await code.focus();
  await ann.page.keyboard.press('ArrowRight');
  await expect.poll(() => code.evaluate((pre) => pre.scrollLeft)).toBeGreaterThan(0);
});

test('a line of the friends page opens the room, and the rest is behind three dots @once', async ({ friends: { ann, ben, room } }) => {
  await ann.page.setViewportSize({ width: 390, height: 700 });
  await ann.open('/friends');
  const line = ann.page.locator(`#friends li[data-username="${ben.name}"]`);
  expect((await line.boundingBox())!.height).toBeLessThanOrEqual(66);
  await line.locator('summary').click();
  await line.locator(`.choices a[href="/people/${ben.name}"]`).click();
  await expect(ann.title).toHaveText(ben.name);
  await ann.open('/friends');
  await line.click({ position: { x: 200, y: 8 } });
  await expect(ann.page).toHaveURL(ann.at + room);
});

test('search begins in its field, and keeps its filters folded until one is set @once', async ({ friends: { ann, ben, room } }) => {
  await postMessage(ben, room, 'a **bold** plan');
  await ann.open('/search');
  await expect(ann.field('/search', 'q')).toBeFocused();
  await expect(ann.field('/search', 'author')).toBeHidden();
  await ann.page.keyboard.type('bold plan');
  await ann.page.keyboard.press('Enter');
  await expect(async () => { // while the index is behind, there is no number
    if (await ann.page.locator('#found-heading').textContent() !== '1 result') await ann.page.reload();
    await expect(ann.page.locator('#found-heading')).toHaveText('1 result', { timeout: 1000 });
  }).toPass();
  await expect(ann.page.locator('#found .text')).toHaveText('a bold plan');
  await ann.open(`/search?q=plan&author=${ben.name}`);
  await expect(ann.field('/search', 'author')).toBeVisible();
});
