import { apart, expect, test } from './story';

// What has the focus, by what a reader would call it.
const focused = () => {
  const { activeElement: e } = document;
  return e === document.body ? 'page' : e?.getAttribute('name') ?? e?.id ?? e?.textContent?.trim() ?? '';
};

for (const width of [390, 1280]) {
  test(`the Tab key goes through the whole room, the way past the bar first, at ${width} pixels @scripts @once`,
    apart('frames put the browser’s own stops in between'), async ({ friends: { ann, room } }) => {
    await ann.page.setViewportSize({ width, height: 800 });
    await ann.open(room);
    await ann.page.keyboard.press('Tab');
    await expect(ann.page.locator('a.skip')).toBeFocused();
    const seen: string[] = [];
    for (let n = 0; n < 30 && !seen.includes('body'); n++) {
      await ann.page.keyboard.press('Tab');
      seen.push(await ann.page.evaluate(focused));
    }
    expect(seen).toContain('body'); // the composer's box
    await ann.page.keyboard.press('Tab');
    await expect(ann.send).toBeFocused();
  });
}

test('an open menu and the focus in it stay while the lists change @scripts @once',
  apart('pages other than rooms stay as they are until the next click'), async ({ friends: { ann, ben }, join }) => {
  const zoe = await join('zoe');
  await ann.open('/friends');
  const menu = ann.page.locator(`li[data-username="${ben.name}"] details`);
  await menu.locator('summary').click();
  const remove = menu.getByRole('button', { name: 'Remove' });
  await remove.focus();
  await zoe.post('/friends', { username: ann.name });
  await expect(ann.page.locator(`li[data-username="${zoe.name}"]`)).toBeVisible();
  await expect(menu).toHaveAttribute('open', '');
  await expect(remove).toBeFocused();
});

test('after an answer the focus is on what became of it @scripts @once',
  apart('the answer is a new page, and begins at its beginning'), async ({ join }) => {
  const [ann, zoe] = [await join('ann'), await join('zoe')];
  await zoe.post('/friends', { username: ann.name });
  await ann.open('/friends');
  await ann.page.locator(`#accept-${zoe.name}`).focus();
  await ann.page.keyboard.press('Enter');
  const told = ann.page.getByRole('status').filter({ hasText: 'You are friends now' });
  await expect(told).toBeFocused();
});
