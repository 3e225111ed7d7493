// What screen readers say: the accessibility tree of each page, what is announced by itself, and where
// the focus is after a change. Here the words are the point.
import { look } from './hidden';
import { apart, expect, password, Person, postMessage, test } from './story';

const cups = {
  name: 'cups.png', mimeType: 'image/png',
  buffer: Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64'),
};

// One message of each kind, from the second entry on.
async function talk(ann: Person, ben: Person, room: string): Promise<void> {
  await postMessage(ben, room, 'Tea or coffee?');
  await postMessage(ann, room, 'Tee, please');
  await ann.post(`${room}/messages/3/edit`, { body: 'Tea, please' });
  await postMessage(ben, room, 'A mistake');
  await ben.post(`${room}/messages/5/delete`);
  await ann.post(`${room}/messages`, { body: 'With milk', key: 'k', reply_to: '2' });
  await ben.post(`${room}/messages/7/react`, { emoji: '🎉' });
  const multipart = { key: 'p', body: 'These', alt: 'Two cups', photo: cups };
  expect((await ben.page.context().request.post(ben.at + `${room}/messages`, { multipart, maxRedirects: 0 })).status()).toBe(303);
}

const clock = String.raw`/\d\d:\d\d/`;

test('sign-in and sign-up @once', async ({ visitor, join }) => {
  await join('ann'); // on an empty database these are the pages of the first run
  for (const [path, title, other] of [['/sign-in', 'Sign in', 'Create an account'], ['/sign-up', 'Create an account', 'Sign in']]) {
    await visitor.open(path);
    await expect(visitor.page.getByRole('main')).toMatchAriaSnapshot(`
      - heading "${title}" [level=1]
      - textbox "Username"
      - textbox "Password"
      - button "${title}"
      - paragraph:
        - link "${other}"
    `);
  }
});

test('single sign-on @once', async ({ sso, join, visitor }) => {
  const ann = await join('ann', sso.at);
  const ben = new Person(visitor.name, visitor.page, sso.at, visitor.scripts);
  const main = (who: Person) => expect(who.page.getByRole('main'));
  await ben.open('/sign-in?sso=denied&provider=corp');
  await main(ben).toMatchAriaSnapshot(`
    - heading "Sign in" [level=1]
    - alert: Example Corporation did not let you in, or you canceled.
    - textbox "Username"
    - textbox "Password"
    - button "Sign in"
    - paragraph: or
    - list:
      - listitem:
        - link "Continue with Example Corporation"
      - listitem:
        - link "Continue with Chess Club"
  `);
  await ben.page.getByRole('link', { name: 'Chess Club' }).click();
  await sso.provider.enter(ben.page, 'benedict');
  await main(ben).toMatchAriaSnapshot(`
    - heading "One more step" [level=1]
    - paragraph: /Chess Club knows you as benedict/
    - heading "I’m new here" [level=2]
    - textbox "Username": benedict
    - button "Create an account"
    - group:
      - heading "I have an account here" [level=2]
    - paragraph:
      - link "Not now"
  `);
  await ben.submit('/sign-in/connect', { username: ann.name, password: 'not the password' });
  await main(ben).toMatchAriaSnapshot(`
    - group:
      - heading "I have an account here" [level=2]
      - alert
      - textbox "Username": ${ann.name}
      - textbox "Password"
      - button "Connect and sign in"
  `);

  await ann.open('/oidc/corp');
  await sso.provider.enter(ann.page, 'ann');
  await main(ann).toMatchAriaSnapshot(`
    - heading "One more step" [level=1]
    - heading "Connect it to your account" [level=2]
    - textbox "Current password"
    - button "Connect"
    - paragraph:
      - link "Not now"
  `);
  await ann.submit('/sign-in/connect', { password });
  await expect(ann.page.locator('#sso')).toMatchAriaSnapshot(`
    - group:
      - heading [level=2]
      - status: /Connected/
      - list:
        - listitem:
          - paragraph: /Example Corporation, as ann Added .*, last used/
          - button "Disconnect (Example Corporation)"
      - paragraph:
        - link "Connect Chess Club"
  `);
});

test('a room: author and text first, time last @once', async ({ friends: { ann, ben, room } }) => {
  await talk(ann, ben, room);
  await ann.open(room);
  await expect(ann.log).toMatchAriaSnapshot(`
    - list:
      - listitem:
        - time: /Today|\\d+ \\w+ \\d+/
      - listitem:
        - text: You’re now friends. Say hello!
        - time: ${clock}
      - listitem: New
      - listitem:
        - strong:
          - link "${ben.name}"
        - text: Tea or coffee?
        - link /Actions for ${ben.name}’s message, \\d\\d:\\d\\d/
        - link ${clock}
      - listitem:
        - strong:
          - link "${ann.name}"
        - text: Tea, please
        - link /Actions for ${ann.name}’s message, \\d\\d:\\d\\d/
        - link /edited \\d\\d:\\d\\d/
      - listitem:
        - strong:
          - link "${ben.name}"
        - emphasis: Message deleted
        - link ${clock}
      - listitem:
        - strong:
          - link "${ann.name}"
        - text: in reply to
        - blockquote:
          - link "${ben.name} Tea or coffee?"
        - text: With milk
        - button "🎉 1"
        - link /Actions for ${ann.name}’s message, \\d\\d:\\d\\d/
        - link ${clock}
      - listitem:
        - strong:
          - link "${ben.name}"
        - link "Two cups":
          - img "Two cups"
        - text: These
        - link /Actions for ${ben.name}’s message, \\d\\d:\\d\\d/
        - link ${clock}
  `);
  const place = ann.part('messages').getByRole('log', { name: 'Messages' });
  await expect(place.locator('#messages')).toHaveCount(1);
  const form = ann.part('composer').locator('#composer');
  await expect(form).toMatchAriaSnapshot(`
    - textbox "Your message"
    - button "Send"
    - group${ann.scripts ? ':\n      - button "Photos"\n    - button "Emoji"' : ': Photos'}
  `);
  await expect(ann.page.getByRole('heading', { level: 1 })).toHaveText(ben.name);
  await expect(ann.page.locator('.head')).toMatchAriaSnapshot(`
    - heading "${ben.name}" [level=1]:
      - link "${ben.name}"
    - button "Mute this room"
    - link "Search in this room"
  `);
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

test('the lists, and your own pages @once', async ({ friends: { ann, ben, room }, join }) => {
  const cid = await join('cid');
  await cid.post('/friends', { username: ann.name });
  await talk(ann, ben, room);
  const group = (await ann.post('/rooms', { name: 'Tea party', username: ben.name })).headers().location;
  await ann.open('/rooms');
  await expect(ann.page.getByRole('navigation', { name: 'Main' })).toMatchAriaSnapshot(`
    - list:
      - listitem:
        - link "Rooms"
      - listitem:
        - link "Friends 1 request"
      - listitem:
        - link "Search"
      - listitem:
        - link "Profile"
  `);
  await expect(ann.page.getByRole('main')).toMatchAriaSnapshot(`
    - heading "Rooms" [level=1]
    - link "Find rooms"
    - link "New group"
    - search:
      - searchbox "Find a room or person"
  `);
  await expect(ann.rooms).toMatchAriaSnapshot(`
    - navigation "Rooms":
      - list:
        - listitem:
          - link /Tea party No messages yet/
        - listitem:
          - link /${ben.name} These 2 unread \\d\\d:\\d\\d/
  `);
  const pages: [string, string][] = [
    ['/friends', `
      - heading "Friends" [level=1]
      - textbox "Add a friend by username"
      - button "Send request"
      - heading "Friend requests 1" [level=2]
      - list:
        - listitem:
          - link "${cid.name} @${cid.name}"
          - group: More about ${cid.name}
          - button "Accept ${cid.name}"
          - button "Decline ${cid.name}"
      - heading "Your friends 1" [level=2]
      - list:
        - listitem:
          - link "${ben.name} @${ben.name} Message"
          - group: More about ${ben.name}
    `],
    ['/profile', `
      - heading "Profile" [level=1]
      - region "About you":
        - heading "About you" [level=2]
        - button "Photo"
        - textbox "Name"
        - combobox "Time zone"
        - button "Save"
      - group:
        - heading "Password" [level=2]
      - group:
        - heading "Where you’re signed in" [level=2]
      - group:
        - heading "Notifications" [level=2]
      - group:
        - heading "Language" [level=2]
      - group:
        - heading "Presence" [level=2]
      - group:
        - heading "Advanced" [level=2]
      - region "Sign out":
        - button "Sign out"
    `],
    ['/search?q=milk', `
      - heading "Search" [level=1]
      - search:
        - searchbox "Search messages"
        - button "Search"
        - group: Filters
      - region "1 result":
        - list:
          - listitem:
            - link:
              - strong: ${ann.name}
              - mark: milk
              - time
    `],
    [`${group}/members`, `
      - heading "Group settings" [level=1]
      - paragraph: Tea party
      - heading "Members 2" [level=2]
      - list:
        - listitem:
          - link "${ann.name} @${ann.name}"
          - paragraph: Owner
        - listitem:
          - link "${ben.name} @${ben.name}"
          - group: More about ${ben.name}
      - region "Add a member"
      - region "Moderation":
        - heading "Moderation" [level=2]
        - paragraph:
          - link "Moderation"
      - group:
        - heading "Group name" [level=2]
      - group:
        - heading "Group photo" [level=2]
      - group:
        - heading "Who can find it" [level=2]
      - group:
        - heading "Erase messages after so many days" [level=2]
      - group:
        - heading "Notifications" [level=2]
        - group "Notify me about":
          - radio "All messages" [checked]
          - radio "Mentions only"
          - radio "Nothing (muted)"
      - group:
        - heading "Leave group" [level=2]
    `],
  ];
  for (const [path, tree] of pages) {
    await ann.open(path);
    await expect(ann.page.getByRole('main')).toMatchAriaSnapshot(tree);
  }
});

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
