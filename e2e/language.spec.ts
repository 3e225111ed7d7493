// Parley in the reader's language: the browser's, or the one chosen in the profile.
import { apart, befriend, expect, password, postMessage, test, type Person } from './story';

const language = (who: Person) => who.page.locator('html');

test.describe('in a browser that asks for German', () => {
  test.use({ locale: 'de-DE' });

  test('sign up, make a friend, chat and switch to Spanish @once', async ({ visitor: ann, join }) => {
    const ben = await join('ben');
    await ben.post('/profile', { language: 'en' });

    await ann.open('/sign-in');
    await expect(language(ann)).toHaveAttribute('lang', 'de');
    await ann.page.getByRole('link', { name: 'Konto erstellen' }).click();
    await ann.page.getByLabel('Benutzername').fill('a');
    await ann.page.getByLabel('Passwort').fill(password);
    await ann.page.getByRole('button', { name: 'Konto erstellen' }).click();
    await expect(ann.alert).toHaveText('Nimm 3 bis 32 Zeichen.');
    await ann.page.getByLabel('Benutzername').fill(ann.name);
    await ann.page.getByLabel('Passwort').fill(password);
    await ann.page.getByRole('button', { name: 'Konto erstellen' }).click();
    await expect(ann.title).toHaveText('Chats');
    await expect(ann.page).toHaveTitle('Chats · Parley');

    await ann.open('/friends');
    await ann.page.getByLabel('Freunde per Benutzername hinzufügen').fill(ben.name);
    await ann.page.getByRole('button', { name: 'Anfrage senden' }).click();
    await expect(ann.page.getByRole('heading', { name: 'Gesendete Anfragen' })).toBeVisible();
    await ben.open('/friends');
    await expect(ben.page.getByRole('heading', { name: 'Friend requests' })).toBeVisible();
    await ben.press(`/friends/${ann.name}/accept`);
    await ann.open('/friends');
    await ann.page.getByRole('link', { name: `@${ben.name} Schreiben` }).click();
    const room = new URL(ann.page.url()).pathname;

    await ben.open(room);
    await Promise.all([ann.isLive(), ben.isLive()]);
    await expect(ann.log).toContainText('Ihr seid jetzt befreundet.');
    await expect(ben.log).toContainText('You’re now friends.');
    await expect(ann.send).toHaveText('Senden');
    await expect(ben.send).toHaveText('Send');
    await ann.say('Guten Abend');
    await ben.sees('Guten Abend');
    await ben.post(`${room}/messages`, { body: 'Good evening', reply_to: '2' });
    await expect(ann.messages.filter({ hasText: 'Good evening' })).toContainText('als Antwort auf');
    await expect(ben.messages.filter({ hasText: 'Good evening' })).toContainText('in reply to');

    await ann.open('/profile');
    await ann.unfold('language');
    await ann.page.getByLabel('Sprache').selectOption('Español');
    await ann.press('/profile?only=language');
    await expect(ann.page.getByRole('status').filter({ hasText: 'Guardado.' })).toBeVisible();
    await expect(language(ann)).toHaveAttribute('lang', 'es');
    await ann.open(room);
    await expect(ann.log).toContainText('¡Ya son amigos! Saluda.');
    await expect(ann.messages.filter({ hasText: 'Good evening' })).toContainText('en respuesta a');
    await expect(ben.log).toContainText('You’re now friends.');
  });

  test('an open tab follows when the language is changed elsewhere', async ({ friends: { ann, ben, room } }) => {
    await ann.open(room);
    await ann.isLive();
    await ann.composer.fill('Noch nicht fertig');
    await ann.post('/profile', { language: 'es' });
    if (ann.scripts) await expect(language(ann)).toHaveAttribute('lang', 'es');
    else await ann.reload(); // a frame keeps the language of its page
    await ann.isLive();
    await expect(ann.send).toHaveText('Enviar');
    if (ann.scripts) await expect(ann.composer).toHaveValue('Noch nicht fertig');
    await postMessage(ben, room, 'hello');
    await ann.sees('hello');
    await expect(ann.log).toContainText('¡Ya son amigos! Saluda.');
    await expect(ann.log).not.toContainText('Ihr seid jetzt befreundet.');
  });

  test('errors are in German @once', async ({ friends: { ann, room } }) => {
    await ann.open('/rooms/987654321');
    await expect(ann.page.getByRole('heading', { level: 1 })).toHaveText('Seite nicht gefunden');
    await ann.open(room);
    await ann.isLive();
    await ann.composer.fill('x'.repeat(4001));
    await ann.enter();
    await expect(ann.refusal).toHaveText('Zu lang: höchstens 4.000 Zeichen.');
  });

  test('photos are described and removed in German @scripts @once',
    apart('only a script shows and describes chosen files'), async ({ friends: { ann, room } }) => {
    await ann.open(room);
    await ann.isLive();
    await ann.page.getByLabel('Fotos').first().setInputFiles([{ name: 'see.png', mimeType: 'image/png', buffer: Buffer.alloc(9) }]);
    await ann.page.getByRole('button', { name: 'ALT see.png' }).click();
    await ann.page.getByLabel('Alternativtext für see.png').fill('Der See');
    await ann.page.getByRole('button', { name: 'Entfernen see.png' }).click();
    await expect(ann.page.getByLabel('Alternativtext für see.png')).toHaveCount(0);
  });

  test('an open page says in German that the session has ended @once', async ({ friends: { ann, room } }) => {
    await ann.open(room);
    await ann.isLive();
    await ann.post('/sign-out');
    const place = ann.scripts ? ann.connection : ann.log;
    await expect(place).toContainText('Du bist abgemeldet. Anmelden');
  });
});

// Each text has its own direction, on a page with the opposite one.
test('right-to-left texts and names @once', async ({ join }) => {
  const [noa, sami] = [await join('noa'), await join('sami')];
  await noa.post('/profile', { display_name: 'נועה לוי' });
  await sami.post('/profile', { display_name: 'سامي 2' });
  const room = await befriend(noa, sami);
  const said: [Person, string, string][] = [
    [noa, 'מתחילים ב-19:30, ב-Café Zentral?', 'rtl'],
    [sami, 'نعم! الغرفة 4B، الطابق 3.', 'rtl'],
    [noa, 'Great, שלום ולהתראות (18:45 at the stop)!', 'ltr'],
    [sami, '- واحد\n- اثنان 2', 'rtl'],
    [sami, `مرحبا @${noa.name}! 123 انظر https://example.org/a?b=1 الآن`, 'rtl'],
  ];
  for (const [who, text] of said) await postMessage(who, room, text);
  await noa.page.setViewportSize({ width: 390, height: 780 });
  await noa.open(room);
  await noa.isLive();
  for (const [i, [who, , way]] of said.entries()) {
    const body = noa.messages.nth(i).locator('.body');
    await expect(body).toHaveCSS('direction', way);
    await expect(noa.messages.nth(i)).toHaveAttribute('data-author', who.name);
  }
  for (const link of await noa.messages.last().locator('.body a').all()) {
    // The sign before a name, the first letter of an address: on the left, where the rest follows.
    const [first, second] = await link.evaluate((a) => [0, 1].map((at) => {
      const range = document.createRange();
      range.setStart(a.firstChild!, at);
      range.setEnd(a.firstChild!, at + 1);
      return range.getBoundingClientRect().left;
    }));
    expect(first).toBeLessThan(second);
  }
  await expect(noa.page.getByRole('heading', { level: 1 })).toHaveText('سامي 2');
  await noa.composer.fill('עוד 5 דקות');
  await expect(noa.composer).toHaveCSS('direction', 'rtl');
  await noa.composer.fill('5 more minutes');
  await expect(noa.composer).toHaveCSS('direction', 'ltr');
  for (const path of [room, '/rooms', '/friends', `/people/${sami.name}`, '/search?q=הגענו']) {
    await noa.open(path);
    expect(await noa.page.evaluate(() => document.documentElement.scrollWidth), path).toBeLessThanOrEqual(390);
  }
});
