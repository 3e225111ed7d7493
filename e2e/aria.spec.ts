// What screen readers say of each page: the accessibility tree. Here the words are the point.
import { expect, password, Person, postMessage, test } from './story';

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
        - heading "Erase messages after this many days" [level=2]
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
