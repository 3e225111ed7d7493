// Takes the README's screenshots (`just screenshots`). Those of all other pages go to e2e/.out/pages, to
// review changes of the look.
import { join, resolve } from 'node:path';
import { out } from './parley';
import { befriend, expect, postMessage, random, test, type Person } from './story';

const pictures = resolve(import.meta.dirname, '..', process.env.RIG_SCREENSHOTS ?? '');
const desktop = { width: 1200, height: 760 };
const phone = { width: 390, height: 780 };

test('screenshots', async ({ join: signUp, places, visitor }) => {
  test.setTimeout(120_000);
  const cast: Record<string, Person> = {};
  for (const name of ['mira', 'jonas', 'tove', 'samir', 'lucy']) cast[name] = await signUp(name, places[0], '');
  const { mira, jonas, tove, samir, lucy } = cast;
  const names = [[mira, 'Mira Lindqvist'], [jonas, 'Jonas Brandt'], [tove, 'Tove'], [samir, 'Samir Haddad'], [lucy, 'Lucy Okafor']] as const;
  for (const [who, display_name] of names) await rename(who, display_name);
  await paintPhoto(jonas, ['#3b6ea5', '#f2c14e']);
  await paintPhoto(tove, ['#a23b72', '#f18f01']);

  const [allotment, choir, walk] = [await befriend(mira, tove), await befriend(mira, samir), await befriend(mira, jonas)];
  await lucy.post('/friends', { username: mira.name });
  await postMessage(mira, allotment, 'I can water on Thursday and Friday.');
  await postMessage(tove, allotment, 'Lovely, then I’ll take the weekend.');
  await postMessage(mira, choir, 'See you at seven, then.');
  const talk: [Person, string][] = [
    [jonas, 'Morning! The forecast for Saturday has turned: sun from ten, hardly any wind.'],
    [jonas, 'Shall we do the ridge after all?'],
    [mira, 'Yes! I have wanted to see it with the heather out.'],
    [mira, 'Which way up? I remember two:\n- past the quarry, steep but short\n- along the stream, longer and shady'],
    [jonas, 'Along the stream. We can refill bottles at the hut.'],
    [jonas, 'Here is the timetable: https://example.org/bus/17'],
    [mira, '**8:42** then. I’ll bring the thermos and the good biscuits.'],
    [jonas, 'And I the map. See you at the stop 🥾'],
  ];
  for (const [who, text] of talk) await postMessage(who, walk, text);
  await jonas.post(`${walk}/messages/8/react`, { emoji: '👍' });
  await mira.post(`${walk}/messages/3/react`, { emoji: '🎉' });
  await mira.post(`${walk}/read`);
  await mira.post(`${choir}/read`);

  await picture(mira, walk, desktop, 'light', join(pictures, 'room-desktop-light.png'));
  await picture(mira, walk, phone, 'dark', join(pictures, 'room-phone-dark.png'));

  const pages: [Person, string, string][] = [
    [visitor, '/sign-in', 'sign-in'], [visitor, '/sign-up', 'sign-up'], [mira, '/rooms', 'rooms'], [mira, walk, 'room'],
    [mira, '/friends', 'friends'], [mira, '/profile', 'profile'], [mira, `/people/${jonas.name}`, 'person'],
    [mira, `${walk}/messages/8`, 'message'], [mira, '/search?q=stream', 'search'], [mira, '/rooms/new', 'group'],
    [mira, '/formatting', 'formatting'], [mira, '/no-such-page', 'problem'], [lucy, '/rooms', 'rooms-empty'],
  ];
  for (const [who, path, name] of pages) {
    for (const [size, width] of [[desktop, 'desktop'], [phone, 'phone']] as const) {
      for (const scheme of ['light', 'dark'] as const) {
        await picture(who, path, size, scheme, join(out, '..', 'pages', `${name}-${width}-${scheme}.png`));
      }
    }
  }
});

async function picture(who: Person, path: string, size: { width: number; height: number }, colorScheme: 'light' | 'dark', file: string) {
  await who.page.setViewportSize(size);
  await who.page.emulateMedia({ colorScheme });
  await who.open(path);
  if (await who.page.locator('[hx-sse\\:connect]').count()) await who.isLive();
  await who.page.evaluate(() => document.fonts.ready);
  await who.page.screenshot({ path: file, animations: 'disabled', caret: 'hide' });
}

async function rename(who: Person, display_name: string): Promise<void> {
  const answer = await who.page.context().request.post(`${who.at}/profile`, {
    multipart: { display_name, time_zone: 'Europe/Stockholm' }, maxRedirects: 0,
  });
  expect(answer.status()).toBe(303);
}

// Draws a photo in the browser: hills under a sky, in two colors.
async function paintPhoto(who: Person, [sky, hills]: string[]): Promise<void> {
  const canvas = await who.page.context().newPage();
  await canvas.setViewportSize({ width: 320, height: 320 });
  await canvas.setContent(`<body style="margin:0"><svg viewBox="0 0 10 10" width="320" height="320">
    <rect width="10" height="10" fill="${sky}"/><circle cx="7" cy="3" r="1.3" fill="#fff" opacity=".9"/>
    <path d="M0 8 Q3 4 6 7 T10 6 V10 H0z" fill="${hills}"/></svg>`);
  const buffer = await canvas.screenshot();
  await canvas.close();
  await who.open('/profile');
  await who.field('/profile', 'photo').setInputFiles({ name: `${random()}.png`, mimeType: 'image/png', buffer });
  await who.press('/profile');
  await expect(who.alert).toHaveCount(0);
}
