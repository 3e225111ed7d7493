// The pages and states that pictures are taken of, in this order: those that leave everything unread come
// first. A state is reached by `act`, as a person would.
import type { Locator, Page } from '@playwright/test';
import { createHmac } from 'node:crypto';

export type Paths = Record<string, string>;
export type Shot = {
  name: string;
  who: 'maya' | 'nina' | 'lin' | 'visitor';
  path: (p: Paths) => string;
  whole?: boolean; // the whole page, not the window only
  only?: 'scripts' | 'plain';
  server?: 'first' | 'mail' | 'sso' | 'alone'; // another one: without an account, or one more: that sends e-mail, with providers, with nothing else
  act?: (page: Page, paths: Paths) => Promise<void>;
};

const at = (path: string) => () => path;
const room = (key: string) => (p: Paths) => p[key];

const fill = async (form: Locator, fields: Record<string, string>) => {
  for (const [name, value] of Object.entries(fields)) {
    const field = form.locator(`[name=${name}]`);
    if (await field.count()) await field.fill(value);
  }
  await form.locator('button:not([type=button])').first().click();
};

let invitation = ''; // the link that one picture shows, for those that follow it
const worldPassword = (): string => JSON.parse(process.env.PICTURES_WORLD!).password;

// Sets the password of whoever is signed in with a recovery code.
const takeBack = async (page: Page) => {
  const [request, at] = [page.context().request, new URL(page.url()).origin];
  const codes = await (await request.post(at + '/profile/codes', { form: { current: worldPassword() } })).text();
  const username = await page.locator('body').getAttribute('data-username');
  await request.post(at + '/recover', { form: { username: username!, code: codes.match(/[0-9a-z]{4}(-[0-9a-z]{4}){3}/)![0], password: worldPassword() } });
};

// What one picture shows, for those that follow it.
let secret = '';
let device = '';
let reset = '';

const unfold = (id: string) => async (page: Page) => { await page.locator(`#${id} > summary`).click(); };

// The code that an app shows (RFC 6238).
function codeOf(key: string): string {
  const bits = [...key].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('');
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const hash = createHmac('sha1', Buffer.from(bits.match(/.{8}/g)!.map((byte) => parseInt(byte, 2)))).update(counter).digest();
  return String((hash.readUInt32BE(hash[19]! & 15) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

// Signs in at the provider, which opens a page of ours.
const enter = (name: string) => async (page: Page) => {
  await page.locator('input[name=name]').fill(name);
  await page.locator('button').click();
  await page.locator('body').waitFor();
  await page.waitForURL(/localhost/, { waitUntil: 'commit' });
};

const signIn = (username: string) => (page: Page) => fill(page.locator('form[action="/sign-in"]'), { username, password: worldPassword() });

export const shots: Shot[] = [
  { name: 'first-run', who: 'visitor', path: at('/sign-in'), server: 'first', whole: true },
  { name: 'first-run-known', who: 'visitor', path: at('/sign-in'), server: 'first', whole: true, act: (page) => page.locator('main summary').click() },
  { name: 'first-run-wrong', who: 'visitor', path: at('/sign-up'), server: 'first', whole: true, act: (page) => fill(page.locator('form[action="/sign-up"]'), { server_name: 'x'.repeat(90), username: 'Maya Lindqvist', password: 'short' }) },
  { name: 'back-forgot-mail', who: 'visitor', path: at('/forgot'), server: 'mail', whole: true },

  { name: 'sign-in', who: 'visitor', path: at('/sign-in') },
  { name: 'sign-in-wrong', who: 'visitor', path: at('/sign-in'), act: (page) => fill(page.locator('form[action="/sign-in"]'), { username: 'maya', password: 'not the password' }) },
  { name: 'sign-up', who: 'visitor', path: at('/sign-up') },
  { name: 'sign-up-wrong', who: 'visitor', path: at('/sign-up'), act: (page) => fill(page.locator('form[action="/sign-up"]'), { username: 'Nina Novák', password: 'short' }) },

  { name: 'sso-sign-in', who: 'visitor', path: at('/sign-in'), server: 'sso', whole: true },
  { name: 'sso-sign-up', who: 'visitor', path: at('/sign-up'), server: 'sso', whole: true },
  { name: 'sso-denied', who: 'visitor', path: at('/sign-in?sso=denied&provider=corp'), server: 'sso', whole: true },
  { name: 'sso-alone', who: 'visitor', path: at('/sign-in'), server: 'alone', whole: true },
  { name: 'sso-alone-sign-up', who: 'visitor', path: at('/sign-up'), server: 'alone', whole: true },
  { name: 'sso-new', who: 'visitor', path: at('/oidc/corp'), server: 'sso', whole: true, act: enter('annika.svensson') },
  { name: 'sso-new-wrong', who: 'visitor', path: at('/sign-in/new'), server: 'sso', whole: true, act: (page) => fill(page.locator('form[action="/sign-in/new"]'), { username: 'Annika Svensson', display_name: 'Annika' }) },
  { name: 'sso-known', who: 'visitor', path: at('/sign-in/new'), server: 'sso', whole: true, act: (page) => page.locator('main summary').click() },
  { name: 'sso-known-wrong', who: 'visitor', path: at('/sign-in/new'), server: 'sso', whole: true, act: async (page) => {
    await page.locator('main summary').click();
    await fill(page.locator('form[action="/sign-in/connect"]'), { username: 'maya', password: 'not the password' });
  } },
  { name: 'sso-no-password', who: 'visitor', path: at('/sign-in/new'), server: 'sso', whole: true, act: async (page) => {
    const at = new URL(page.url()).origin;
    if (await page.locator('form[action="/sign-in/new"]').count()) await fill(page.locator('form[action="/sign-in/new"]'), { display_name: 'Annika' });
    await page.waitForURL(/\/rooms/, { waitUntil: 'commit' });
    await page.goto(at + '/profile/delete');
  } },
  { name: 'sso-last-way', who: 'visitor', path: at('/profile'), server: 'sso', whole: true, act: async (page) => {
    await unfold('sso')(page);
    await page.locator('#sso form button').click();
  } },
  { name: 'sso-profile', who: 'nina', path: at('/profile'), server: 'sso', whole: true, act: unfold('sso') },
  { name: 'sso-profile-other', who: 'nina', path: at('/profile?sso=taken&provider=corp'), server: 'sso', whole: true },
  { name: 'sso-connect', who: 'nina', path: at('/oidc/club'), server: 'sso', whole: true, act: enter('nina@example.org') },
  { name: 'sso-connect-wrong', who: 'nina', path: at('/sign-in/new'), server: 'sso', whole: true, act: (page) => fill(page.locator('form[action="/sign-in/connect"]'), { password: 'not the password' }) },
  { name: 'sso-connected', who: 'nina', path: at('/sign-in/new'), server: 'sso', whole: true, act: (page) => fill(page.locator('form[action="/sign-in/connect"]'), { password: worldPassword() }) },
  { name: 'sso-log', who: 'maya', path: at('/admin/log'), server: 'sso' },

  { name: 'back-forgot', who: 'visitor', path: at('/forgot') },
  { name: 'back-recover', who: 'visitor', path: at('/recover') },
  { name: 'back-recover-wrong', who: 'visitor', path: at('/recover'), act: (page) => fill(page.locator('form[action="/recover"]'), { username: 'maya', code: '0000', password: 'nine green lanterns' }) },
  { name: 'back-dead-link', who: 'visitor', path: at('/reset/none') },
  { name: 'back-device-not-in', who: 'visitor', path: at('/device') },
  { name: 'back-profile', who: 'nina', path: at('/profile'), act: async (page) => {
    await page.locator('#recovery > summary').click();
    await page.locator('#recovery').scrollIntoViewIfNeeded();
  } },
  { name: 'back-codes', who: 'nina', path: at('/profile'), act: async (page) => {
    await page.locator('#recovery > summary').click();
    await fill(page.locator('form[action="/profile/codes"]'), { current: worldPassword() });
  } },
  { name: 'two-steps', who: 'nina', path: at('/profile/second-factor') },
  { name: 'passkeys', who: 'nina', path: at('/profile/passkeys') },
  { name: 'back-device', who: 'nina', path: at('/profile'), whole: true, act: async (page) => {
    await page.locator('#device > summary').click();
    await page.locator('form[action="/profile/device"] button').click();
    device = (await page.locator('#device-link').getAttribute('href'))!;
  } },
  { name: 'back-device-asked', who: 'visitor', path: at('/sign-in'), act: async (page) => { await page.goto(device); } },
  { name: 'back-device-waits', who: 'visitor', path: at('/sign-in'), act: async (page) => {
    await page.goto(device);
    await page.locator('main form button').click();
    await page.locator('#device').waitFor();
  } },
  { name: 'back-device-asks', who: 'nina', path: at('/profile'), act: async (page) => {
    const [request, at] = [page.context().request, new URL(page.url()).origin];
    const made = await request.post(at + '/profile/device');
    const link = (await made.text()).match(/\/device\/[\w-]{43}/)![0];
    await fetch(new URL(link, made.url()), { method: 'POST', redirect: 'manual' });
    await page.goto(made.url());
  } },
  { name: 'back-notice-rooms', who: 'nina', path: at('/rooms'), act: async (page) => { await takeBack(page); await page.reload(); } },
  { name: 'back-notice-friends', who: 'nina', path: at('/friends') },

  { name: 'newcomer-rooms', who: 'nina', path: at('/rooms') },
  { name: 'newcomer-friends', who: 'nina', path: at('/friends') },
  { name: 'newcomer-friends-nobody', who: 'nina', path: at('/friends'), act: (page) => fill(page.locator('form[action="/friends"]'), { username: 'Jonas Weber' }) },
  { name: 'newcomer-new-group', who: 'nina', path: at('/rooms/new') },
  { name: 'newcomer-search', who: 'nina', path: at('/search?q=hello') },

  { name: 'newcomer-reports', who: 'nina', path: at('/reports') },
  { name: 'newcomer-open-room', who: 'nina', path: room('square') },
  { name: 'newcomer-invitations', who: 'nina', path: at('/invitations'), whole: true },
  { name: 'two-steps-wrong', who: 'nina', path: at('/profile/second-factor'), whole: true, act: (page) => fill(page.locator('form[action="/profile/second-factor"]'), { password: 'not the password' }) },
  { name: 'two-steps-setup', who: 'nina', path: at('/profile/second-factor'), whole: true, act: async (page) => {
    await fill(page.locator('form[action="/profile/second-factor"]'), { password: worldPassword() });
    secret = (await page.locator('#app-key').innerText()).replace(/ /g, '');
  } },
  { name: 'two-steps-setup-wrong', who: 'nina', path: at('/profile/second-factor'), whole: true, act: (page) => fill(page.locator('form[action="/profile/second-factor/confirm"]'), { code: '12345' }) },
  { name: 'two-steps-on', who: 'nina', path: at('/profile/second-factor'), whole: true, act: (page) => fill(page.locator('form[action="/profile/second-factor/confirm"]'), { code: codeOf(secret) }) },
  { name: 'two-steps-code', who: 'visitor', path: at('/sign-in'), act: signIn('nina8410') },
  { name: 'two-steps-code-wrong', who: 'visitor', path: at('/sign-in/code'), act: (page) => fill(page.locator('form[action="/sign-in/code"]'), { code: '123456' }) },
  { name: 'passkey-sign-in', who: 'visitor', path: at('/sign-in/passkey') },
  { name: 'passkeys-some', who: 'maya', path: at('/profile/passkeys'), only: 'scripts', whole: true, act: async (page) => {
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('WebAuthn.enable');
    await devtools.send('WebAuthn.addVirtualAuthenticator', { options: {
      protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true,
    } });
    await fill(page.locator('form[action="/profile/passkeys"]'), { name: 'The phone with the cracked screen', password: worldPassword() });
    await page.locator('#passkeys').waitFor();
    await page.locator('#passkeys summary').click();
  } },
  { name: 'suspended', who: 'visitor', path: at('/sign-in'), act: signIn('best.prices') },

  { name: 'admin-people', who: 'maya', path: at('/admin/people'), whole: true },
  { name: 'admin-people-none', who: 'maya', path: at('/admin/people?q=xylophone') },
  { name: 'admin-person', who: 'maya', path: at('/admin/people/ravi.k'), whole: true },
  { name: 'admin-person-delete', who: 'maya', path: at('/admin/people/alexandra.k'), whole: true, act: unfold('delete') },
  { name: 'admin-person-suspended', who: 'maya', path: at('/admin/people/best.prices'), whole: true },
  { name: 'admin-person-deleting', who: 'maya', path: at('/admin/people/greta'), whole: true },
  { name: 'admin-person-me', who: 'maya', path: at('/admin/people/maya'), whole: true },
  { name: 'admin-person-done', who: 'maya', path: at('/admin/people/oskar'), act: async (page) => { await page.locator('form[action$="/sign-out"] button').click(); } },
  { name: 'admin-reset', who: 'maya', path: at('/admin/people/lin'), act: async (page) => {
    await page.locator('form[action$="/reset"] button').click();
    reset = (await page.locator('main .told a').getAttribute('href'))!;
  } },
  { name: 'back-reset', who: 'visitor', path: () => new URL(reset).pathname },
  { name: 'back-reset-wrong', who: 'visitor', path: () => new URL(reset).pathname, act: (page) => fill(page.locator('main form'), { password: 'short' }) },
  { name: 'admin-reports', who: 'maya', path: at('/admin/reports'), whole: true },
  { name: 'admin-report', who: 'maya', path: at('/admin/reports/4'), whole: true },
  { name: 'admin-report-wrong', who: 'maya', path: at('/admin/reports/4'), whole: true, act: async (page) => { await page.locator('#decide button').click(); } },
  { name: 'admin-report-closed', who: 'maya', path: at('/admin/reports/1'), whole: true },
  { name: 'admin-rooms', who: 'maya', path: at('/admin/rooms'), whole: true },
  { name: 'admin-rooms-none', who: 'maya', path: at('/admin/rooms?q=xylophone') },
  { name: 'admin-room', who: 'maya', path: (p) => `/admin${p.books}`, whole: true },
  { name: 'admin-room-folds', who: 'maya', path: (p) => `/admin${p.books}`, whole: true, act: async (page) => { await unfold('close')(page); await unfold('delete')(page); } },
  { name: 'admin-room-wrong', who: 'maya', path: (p) => `/admin${p.books}`, whole: true, act: async (page) => {
    await unfold('delete')(page);
    await fill(page.locator('form[action$="/delete"]'), { name: 'Books' });
  } },
  { name: 'admin-room-closed', who: 'maya', path: (p) => `/admin${p.quiz}`, whole: true, act: async (page) => {
    await unfold('close')(page);
    await page.locator('form[action$="/close"] button').click();
  } },
  { name: 'admin-invitations', who: 'maya', path: at('/admin/invitations'), whole: true },
  { name: 'admin-settings', who: 'maya', path: at('/admin/settings'), whole: true },
  { name: 'admin-settings-wrong', who: 'maya', path: at('/admin/settings'), whole: true, act: (page) => fill(page.locator('form[action="/admin/settings"]'), { accent: '#ffee00', retention_days: 'ten' }) },
  { name: 'admin-log', who: 'maya', path: at('/admin/log'), whole: true },

  { name: 'report', who: 'maya', path: (p) => `${p.unreported}/report`, whole: true },
  { name: 'report-wrong', who: 'maya', path: (p) => `${p.unreported}/report`, whole: true, act: (page) => fill(page.locator('#report'), {}) },
  { name: 'report-again', who: 'maya', path: (p) => `${p.spam}/report`, whole: true },
  { name: 'reports', who: 'maya', path: at('/reports'), whole: true },
  { name: 'reports-sent', who: 'maya', path: (p) => `${p.unreported}/report`, whole: true, act: async (page) => {
    await page.locator('#report input[value=other]').check();
    await fill(page.locator('#report'), { words: 'This is only a try.' });
  } },

  { name: 'rooms', who: 'maya', path: at('/rooms') },
  { name: 'friends', who: 'maya', path: at('/friends'), whole: true },
  { name: 'friends-menu', who: 'maya', path: at('/friends'), act: async (page) => { await page.locator('main li details > summary').first().click(); } },
  { name: 'invitations', who: 'maya', path: at('/invitations'), whole: true },
  { name: 'invitations-wrong', who: 'maya', path: at('/invitations'), act: (page) => fill(page.locator('form[action="/invitations"]'), { uses: '0', days: '40' }) },
  { name: 'invitations-link', who: 'maya', path: at('/invitations'), whole: true, act: async (page) => {
    const form = page.locator('form[action="/invitations"]');
    for (const box of await form.locator('input[name=room]').all()) await box.check();
    await fill(form, { uses: '12', days: '7' });
    invitation = (await page.locator('#new-link a').getAttribute('href'))!;
  } },
  { name: 'join', who: 'visitor', path: () => new URL(invitation).pathname, whole: true },
  { name: 'join-wrong', who: 'visitor', path: () => new URL(invitation).pathname, act: (page) => fill(page.locator('form[action^="/join/"]'), { username: 'maya', password: 'short' }) },
  { name: 'join-accept', who: 'nina', path: () => new URL(invitation).pathname },
  { name: 'join-gone', who: 'visitor', path: at('/join/gone') },
  { name: 'person-friend', who: 'maya', path: at('/people/jonas') },
  { name: 'person-long-name', who: 'maya', path: at('/people/alexandra.k') },
  { name: 'person-asks', who: 'maya', path: at('/people/hana') },
  { name: 'person-me', who: 'maya', path: at('/people/maya') },
  { name: 'profile', who: 'maya', path: at('/profile'), whole: true },
  { name: 'profile-own', who: 'maya', path: at('/profile'), whole: true, act: async (page) => { await page.locator('#own > summary').click(); } },
  { name: 'profile-delete', who: 'maya', path: at('/profile/delete'), whole: true },
  { name: 'profile-delete-wrong', who: 'maya', path: at('/profile/delete'), whole: true, act: (page) => fill(page.locator('form[action="/profile/delete"]'), { password: 'not the password' }) },
  { name: 'profile-wrong-password', who: 'maya', path: at('/profile'), act: async (page) => {
    const form = page.locator('form[action="/profile/password"]');
    const closed = page.locator('details:not([open])', { has: form });
    if (await closed.count()) await closed.last().locator('> summary').click();
    for (const field of await form.locator('input[type=password]').all()) await field.fill('not the password');
    await form.locator('button:not([type=button])').click();
  } },
  { name: 'open-rooms', who: 'maya', path: at('/rooms/open'), whole: true },
  { name: 'open-rooms-none', who: 'maya', path: at('/rooms/open?q=xylophone'), whole: true },
  { name: 'open-rooms-wrong', who: 'maya', path: at('/rooms/open'), whole: true, act: (page) => fill(page.locator('main form[action="/rooms"]'), { name: 'Chess', about: 'long '.repeat(50) }) },
  { name: 'open-room-not-in', who: 'maya', path: room('books') },
  { name: 'open-room', who: 'maya', path: room('square') },
  { name: 'open-room-read-only', who: 'maya', path: room('tandem') },
  { name: 'open-room-settings', who: 'maya', path: (p) => `${p.square}/members`, whole: true },
  { name: 'open-room-member', who: 'maya', path: (p) => `${p.square}/members`, whole: true, act: async (page) => { await page.locator('main li details > summary').nth(1).click(); } },
  { name: 'open-room-folds', who: 'maya', path: (p) => `${p.square}/members`, whole: true, act: async (page) => {
    for (const id of ['name', 'kind', 'retention', 'default', 'leave']) await unfold(id)(page);
  } },
  { name: 'open-to-group', who: 'maya', path: (p) => `${p.square}/kind`, whole: true },
  { name: 'moderation', who: 'maya', path: (p) => `${p.square}/moderation`, whole: true },
  { name: 'moderation-none', who: 'maya', path: (p) => `${p.release}/moderation`, whole: true },
  { name: 'pins', who: 'maya', path: (p) => `${p.square}/pins`, whole: true },
  { name: 'pins-none', who: 'maya', path: (p) => `${p.release}/pins`, whole: true },
  { name: 'about-none', who: 'visitor', path: at('/about') },
  { name: 'group-to-open', who: 'maya', path: (p) => `${p.release}/kind`, whole: true },
  { name: 'new-group', who: 'maya', path: at('/rooms/new'), whole: true },
  { name: 'group-settings', who: 'maya', path: (p) => `${p.release}/members`, whole: true },
  { name: 'group-settings-member', who: 'maya', path: (p) => `${p.house}/members`, whole: true },
  { name: 'search', who: 'maya', path: at('/search') },
  { name: 'search-results', who: 'maya', path: at('/search?q=deploy') },
  { name: 'search-none', who: 'maya', path: at('/search?q=xylophone') },
  { name: 'formatting', who: 'maya', path: at('/formatting'), whole: true },
  { name: 'keys', who: 'maya', path: at('/keys') },
  { name: 'not-found', who: 'maya', path: at('/no-such-page') },

  { name: 'room-unread-many', who: 'maya', path: room('release') },
  { name: 'room-unread-muted', who: 'maya', path: room('walks') },
  { name: 'room-unread-few', who: 'maya', path: room('yuki') },
  { name: 'room-direct', who: 'maya', path: room('jonas') },
  { name: 'room-long-name', who: 'maya', path: room('alexandra.k') },
  { name: 'room-chinese', who: 'maya', path: room('lin') },
  { name: 'room-arabic', who: 'maya', path: room('samir') },
  { name: 'room-group', who: 'maya', path: room('house') },
  { name: 'room-code', who: 'maya', path: (p) => `${p.release}?at=end` },
  { name: 'room-history', who: 'maya', path: (p) => `${p['release-read'].replace(/\/messages\/(\d+)/, '?around=$1#m-$1')}` },
  { name: 'room-photos-1', who: 'maya', path: (p) => around(p['photos-1']) },
  { name: 'room-photos-2', who: 'maya', path: (p) => around(p['photos-2']) },
  { name: 'room-photos-3', who: 'maya', path: (p) => around(p['photos-3']) },
  { name: 'room-photos-4', who: 'maya', path: (p) => around(p['photos-4']) },
  { name: 'room-photos-5', who: 'maya', path: (p) => around(p['photos-5']) },
  { name: 'room-reply', who: 'maya', path: (p) => p.message.replace(/\/messages\/(\d+)/, '?reply=$1') },
  { name: 'room-plain', who: 'maya', path: (p) => `${p.jonas}?as=plain`, only: 'plain' },
  { name: 'room-typed', who: 'maya', path: room('jonas'), only: 'scripts', act: async (page) => {
    await page.locator('#composer textarea').fill('First, the shopping list:\n- bread\n- cheese\n- the good biscuits\n\nThen we’ll see.');
  } },
  { name: 'room-focus', who: 'maya', path: room('jonas'), only: 'scripts', act: async (page) => {
    await page.locator('#messages > li').last().hover();
  } },
  { name: 'message-theirs', who: 'maya', path: room('message'), whole: true },
  { name: 'message-mine', who: 'maya', path: (p) => p.message.replace(/\d+$/, (n) => String(Number(n) - 1)), whole: true },
  { name: 'message-edited', who: 'maya', path: room('edited'), whole: true },
  { name: 'message-photos', who: 'maya', path: room('photos-3'), whole: true },
  { name: 'photo', who: 'maya', path: (p) => `${p['photos-2']}/photos/1` },

  // These change what all others show.
  { name: 'own-server-settings', who: 'maya', path: at('/admin/settings'), whole: true, act: (page) => fill(page.locator('form[action="/admin/settings"]'), {
    name: 'Lindenhof e. V.', accent: '#8a2b6b', welcome: 'The neighbours of Lindenhof: come in, say hello.', retention_days: '365',
    rules: 'We’re neighbours here. Three things that keep it nice:\n\n- **Be kind.** Nobody is insulted here.\n- No advertising.\n- What is said in a group stays there.\n\nAsk @maya if you’re unsure.',
  }) },
  { name: 'own-server-sign-in', who: 'visitor', path: at('/sign-in'), act: async (page) => { await page.waitForTimeout(2000); await page.reload(); } },
  { name: 'own-server-sign-up', who: 'visitor', path: at('/sign-up') },
  { name: 'own-server-about', who: 'visitor', path: at('/about') },
  { name: 'own-server-about-in', who: 'maya', path: at('/about') },
  { name: 'deletion-asked', who: 'lin', path: at('/profile/delete'), act: async (page) => {
    await page.locator('input[value=keep]').check();
    await fill(page.locator('form[action="/profile/delete"]'), { password: worldPassword() });
  } },
  { name: 'deletion-taken-back', who: 'visitor', path: at('/sign-in'), act: signIn('greta') },
];

function around(message: string): string { return message.replace(/\/messages\/(\d+)/, '?around=$1#m-$1'); }
