import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, password, test } from './story';

test('a newcomer lands on the sign-in page, creates an account and is in @once', async ({ visitor }) => {
  const { page, name, at } = visitor;
  await page.goto(`${at}/`);
  await expect(page).toHaveURL(/\/sign-in/);
  await page.locator('a[href^="/sign-up"]').click();
  await visitor.submit('/sign-up', { username: name, password });
  await expect(page).toHaveURL(`${at}/rooms`);
  await expect(visitor.rooms).toBeVisible();
  // There is nothing here yet, so the page says what to do first.
  await visitor.rooms.locator('a[href="/friends"]').click();
  await expect(page).toHaveURL(`${at}/friends`);
});

test('the cookie keeps you signed in on the next visit, and scripts cannot read it @once', async ({ join }) => {
  const ann = await join('ann');
  const cookies = await ann.page.context().cookies();
  expect(cookies).toHaveLength(1);
  expect(cookies[0]).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/' });
  const days = (cookies[0].expires - Date.now() / 1000) / 86_400;
  expect(days).toBeGreaterThan(1);
  await ann.open('/');
  await expect(ann.page).toHaveURL(`${ann.at}/rooms`);
});

test('signing out ends the session on the server, and Back shows nothing private @once', async ({ friends: { ann, room } }) => {
  await ann.open('/rooms');
  await ann.open(room);
  const [cookie] = await ann.page.context().cookies();
  await ann.page.goto(`${ann.at}/profile`, { waitUntil: 'domcontentloaded' });
  await ann.press('/sign-out');
  await expect(ann.page).toHaveURL(`${ann.at}/sign-in`);

  await ann.back();
  await expect(ann.page).toHaveURL(/\/sign-in/);
  await ann.back();
  await expect(ann.page).toHaveURL(/\/sign-in/);
  await expect(ann.page.locator('#messages')).toHaveCount(0);

  // A copy of the cookie is worthless now.
  await ann.page.context().addCookies([cookie]);
  await ann.open('/rooms');
  await expect(ann.page).toHaveURL(/\/sign-in/);
});

test('signing in leads to the page that was requested @once', async ({ friends: { ann, room } }) => {
  await ann.page.context().clearCookies();
  await ann.open(room);
  await expect(ann.page).toHaveURL(`${ann.at}/sign-in?next=${encodeURIComponent(room)}`);
  await ann.signIn();
  await expect(ann.page).toHaveURL(ann.at + room);
});

test('the page after signing in cannot be on another site @once', async ({ join }) => {
  const ann = await join('ann');
  for (const next of ['//example.org/', 'https://example.org/', '/\\example.org/']) {
    await ann.page.context().clearCookies();
    await ann.open(`/sign-in?next=${encodeURIComponent(next)}`);
    await ann.signIn();
    await expect(ann.page).toHaveURL(`${ann.at}/rooms`);
  }
});

test('a failed sign-up says why and keeps what was typed @once', async ({ visitor, join }) => {
  const { page } = visitor;
  const taken = (await join('taken')).name;
  for (const [username, secret] of [[visitor.name, 'short'], [taken, password], [visitor.name, visitor.name]]) {
    await visitor.open('/sign-up');
    const [answer] = await Promise.all([
      page.waitForResponse((r) => r.request().method() === 'POST'),
      visitor.submit('/sign-up', { username, password: secret }),
    ]);
    expect(answer.status()).toBe(422);
    await expect(visitor.alert).toHaveText(/\w+.*\.$/);
    await expect(visitor.field('/sign-up', 'username')).toHaveValue(username);
    await expect(visitor.field('/sign-up', 'password')).toHaveValue('');
  }
});

test('a failed sign-in does not reveal what was wrong @once', async ({ visitor, join }) => {
  const ann = await join('ann');
  const sentences: string[] = [];
  for (const username of [ann.name, 'nobody-at-all']) {
    await visitor.open('/sign-in');
    await visitor.submit('/sign-in', { username, password: 'not the password' });
    await expect(visitor.alert).toBeVisible();
    await expect(visitor.field('/sign-in', 'username')).toHaveValue(username);
    sentences.push(await visitor.alert.innerText());
  }
  expect(sentences[0]).toBe(sentences[1]);
});

test('a page of another site cannot show ours in a frame @once', async ({ friends: { ann, room }, problems }) => {
  // Another port is another origin, to which the browser sends the cookie all the same.
  const elsewhere = createServer((_, answer) => {
    answer.setHeader('Content-Type', 'text/html').end(`<h1>Elsewhere</h1><iframe src="${ann.at}${room}"></iframe>`);
  }).listen(0, '127.0.0.1');
  try {
    await once(elsewhere, 'listening');
    await ann.page.goto(`http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/`);
    await expect(ann.page.getByRole('heading')).toHaveText('Elsewhere');
    await expect.poll(() => problems.join()).toContain("frame-ancestors 'self'");
    await expect(ann.page.frameLocator('iframe').locator('#composer, #messages, form')).toHaveCount(0);
    problems.length = 0;
  } finally {
    elsewhere.closeAllConnections();
    elsewhere.close();
  }
});

test('a page of another port learns nothing from what it loads of ours @once', async ({ friends: { ann, room }, problems }) => {
  await ann.open(room);
  const style = await ann.page.locator('link[rel=stylesheet]').first().getAttribute('href');
  const icon = await ann.page.locator('link[rel=icon]').first().getAttribute('href');
  const script = await ann.page.locator('script[src]').first().getAttribute('src');
  const loads = [style, icon, script, '/me.css', '/rooms'];
  // It is the same site, so the browser sends the cookie along.
  const elsewhere = createServer((_, answer) => {
    answer.setHeader('Content-Type', 'text/html').end(`<h1>Elsewhere</h1>
      <link rel="stylesheet" href="${ann.at}${style}"><link rel="stylesheet" href="${ann.at}/me.css">
      <img src="${ann.at}${icon}"><object data="${ann.at}${script}"></object><img src="${ann.at}/rooms">`);
  }).listen(0, '127.0.0.1');
  try {
    await once(elsewhere, 'listening');
    const refused = new Set<string>();
    ann.page.on('requestfailed', (request) => {
      if (request.failure()?.errorText.includes('BLOCKED_BY_RESPONSE')) refused.add(request.url().slice(ann.at.length));
    });
    await ann.page.goto(`http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/`);
    await expect.poll(() => loads.filter((path) => path && !refused.has(path)), { message: 'nothing of ours is loaded' }).toEqual([]);
    problems.length = 0;
  } finally {
    elsewhere.closeAllConnections();
    elsewhere.close();
  }
});
