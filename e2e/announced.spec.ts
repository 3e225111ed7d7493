// What is announced by itself, and where the focus is after a change. Here the words are the point.
import { look } from './hidden';
import { apart, expect, Person, postMessage, test } from './story';

// Records what appears from now on in the log and in the line about changes, which is what a screen reader announces.
async function listen(who: Person): Promise<() => Promise<string[]>> {
  await who.page.getByRole('log').or(who.page.locator('#change')).evaluateAll((places) => {
    const heard: string[] = [];
    Object.assign(window, { heard });
    const isLoud = (node: Node) => !(node instanceof Element ? node : node.parentElement)?.closest('[aria-live=off]');
    const text = (node: Node) => node.textContent!.trim().replace(/\s+/g, ' ');
    const observer = new MutationObserver((changes) => {
      const whole = new Set(changes.map(({ target }) => target).filter((target) => target instanceof Element && target.id === 'change'));
      for (const line of whole) heard.push(text(line));
      for (const { type, target, addedNodes } of changes) {
        const nodes = whole.has(target) ? [] : type === 'characterData' ? [target] : [...addedNodes];
        for (const node of nodes) if (text(node) && isLoud(node)) heard.push(text(node));
      }
    });
    for (const place of places) observer.observe(place, { childList: true, characterData: true, subtree: true });
  });
  return () => who.page.evaluate(() => (window as unknown as { heard: string[] }).heard);
}

test('each message is announced once, a change by what is new in it @scripts @once',
  apart('only a script can listen; a streamed page has the same log, and only grows'), async ({ friends: { ann, ben, room } }) => {
  await postMessage(ann, room, 'Long ago');
  await ann.open(room);
  await ann.isLive();
  const heard = await listen(ann);
  const saying = async (text: string) => (await heard()).filter((one) => one.includes(text)).length;
  await postMessage(ben, room, 'Tea or coffee?');
  await ann.sees('Tea or coffee?');
  await look(ann, 'hidden'); // disconnects
  await postMessage(ben, room, 'While you were away');
  await look(ann, 'visible');
  await ann.sees('While you were away');
  await ben.post(`${room}/messages/3/react`, { emoji: '🎉' });
  await expect(ann.messages.getByRole('button')).toHaveText('🎉 1');
  await ben.post(`${room}/messages/4/edit`, { body: 'While you were out' });
  await ann.sees('While you were out');
  await ann.say('Neither');
  const [reaction, edit] = [`${ben.name} reacted with 🎉 to “Tea or coffee?”`, `${ben.name} edited a message:`];
  for (const text of [reaction, edit, 'While you were away', 'While you were out']) expect(await saying(text), `${text} in ${await heard()}`).toBe(1);
  expect(await saying('Tea or coffee?')).toBe(2); // the message, and the reaction to it
  expect(await saying('🎉')).toBe(1);
  expect(await saying('Long ago')).toBe(0);
  // Nothing else on the page speaks by itself.
  expect(await ann.page.locator('[aria-live]:not([aria-live=off]), [role=status]:not(#change), [role=alert], output').allInnerTexts()).toEqual(['']);
});

test('no change steals the focus @scripts @once', apart('without scripts, nothing on the page changes'), async ({ friends: { ann, ben, room } }) => {
  await postMessage(ann, room, 'Tea or coffee?');
  await postMessage(ben, room, 'Tee');
  await ann.open(room);
  await ann.isLive();
  const [mine, theirs] = [ann.messages.nth(0), ann.messages.nth(1)];
  const held = () => ann.page.evaluate(() => document.activeElement !== document.body);
  const more = theirs.locator('a.do');
  await more.focus();
  await ben.post(`${room}/messages/3/edit`, { body: 'Tea' });
  await expect(theirs.locator('.edited')).toBeVisible();
  await expect(more).toBeFocused();
  await ben.post(`${room}/messages/3/react`, { emoji: '🎉' });
  const reaction = theirs.locator('.reactions button');
  await expect(reaction).toHaveText('🎉 1');
  await expect(more).toBeFocused();
  await reaction.press('Enter');
  await expect(reaction).toHaveText('🎉 2');
  await expect(reaction).toBeFocused();
  await ben.post(`${room}/messages/3/react`, { emoji: '🎉' });
  await reaction.press('Enter');
  await expect(reaction).toHaveCount(0);
  await expect(more).toBeFocused();
  await ben.post(`${room}/messages/3/delete`);
  await expect(theirs.locator('.gone')).toBeVisible();
  expect(await held()).toBe(true);
  const name = ann.rooms.getByRole('link').first();
  await name.focus();
  await postMessage(ben, room, 'The list moves');
  await expect(name).toContainText('The list moves');
  await expect(name).toBeFocused();
  await expect(mine).toContainText('Tea or coffee?');
});

// What Chromium tells screen readers of the field that has the focus.
async function fieldForEars(who: Person): Promise<Record<string, string>> {
  const devtools = await who.page.context().newCDPSession(who.page);
  const { nodes } = await devtools.send('Accessibility.getFullAXTree');
  await devtools.detach();
  const field = nodes.find(({ role, properties }) => role!.value !== 'RootWebArea' && properties?.some(({ name, value }) => name === 'focused' && value.value))!;
  const of = (name: string) => field.properties!.find((one) => one.name === name)?.value;
  const active = of('activedescendant')?.relatedNodes?.[0].backendDOMNodeId;
  const controls = of('controls')?.relatedNodes?.[0].backendDOMNodeId;
  const nameOf = (id?: number) => String(nodes.find(({ backendDOMNodeId }) => id && backendDOMNodeId === id)?.name?.value ?? '');
  return { role: field.role!.value, name: field.name!.value, autocomplete: of('autocomplete')?.value, controls: nameOf(controls), active: nameOf(active) };
}

test('what is offered while one types, and in the picker, is announced @scripts @once', apart('without scripts, nothing is offered'),
  async ({ friends: { ann, ben, room } }) => {
    await postMessage(ben, room, 'Tea?');
    await ann.open(room);
    await ann.isComplete();
    const { page } = ann;
    const told = page.locator('#talk > [aria-live=polite]');
    const field = { role: 'textbox', name: 'Your message', autocomplete: 'list', controls: 'Suggestions' };
    await ann.composer.pressSequentially('Hello @');
    await expect(told).toHaveText('1 suggestion');
    expect(await fieldForEars(ann)).toEqual({ ...field, active: expect.stringContaining(ben.name) });
    await expect(page.locator('#composer')).toMatchAriaSnapshot(`
      - listbox "Suggestions":
        - option /${ben.name}/ [selected]
    `);
    await ann.composer.press('Escape');
    await expect(told).toBeEmpty();
    expect((await fieldForEars(ann)).active).toBe('');
    await ann.composer.fill('');
    await ann.composer.pressSequentially(':teap');
    await expect(told).toHaveText('1 suggestion');
    await ann.composer.fill('');
    await ann.composer.pressSequentially(':cat');
    await expect(told).toHaveText('8 suggestions');
    // Each move is another value, or the browser does not report it.
    const ids: (string | null)[] = [];
    const names: string[] = [];
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowUp']) {
      await ann.composer.press(key);
      ids.push(await ann.composer.getAttribute('aria-activedescendant'));
      names.push((await fieldForEars(ann)).active);
    }
    expect(new Set(ids).size).toBe(2);
    expect(names[0]).toBe(names[2]);
    expect(names[0]).not.toBe(names[1]);
    await ann.composer.pressSequentially(' ');
    await expect(told).toBeEmpty();

    await ann.openMenu('Tea?');
    await ann.menu.locator('.another summary').click();
    await expect(told).toHaveText(/^\d{4} suggestions$/);
    await page.keyboard.type('teapot');
    await expect(told).toHaveText('1 suggestion');
    expect(await fieldForEars(ann)).toEqual({ role: 'combobox', name: 'Search emoji', autocomplete: 'list', controls: 'Search emoji', active: 'teapot' });
    await page.keyboard.type('xyz');
    await expect(told).toHaveText('No suggestions');
    expect((await fieldForEars(ann)).active).toBe('');
    await page.keyboard.press('Escape');
    await expect(told).toBeEmpty();
  });
