// Signing in with more than a password.
import { createHmac } from 'node:crypto';
import { apart, expect, password, test } from './story';

// The code that an app shows at a step of half a minute (RFC 6238).
function codeOf(secret: string, step: number): string {
  const bits = [...secret].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g)!.map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const hash = createHmac('sha1', key).update(counter).digest();
  const at = hash[19]! & 15;
  return String((hash.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

test('an app for codes is set up in the profile, and asked for at sign-in @once', async ({ friends: { ann, room } }) => {
  await ann.open('/profile');
  await ann.unfold('second-factor');
  await ann.page.locator('a[href="/profile/second-factor"]').click();
  await ann.submit('/profile/second-factor', { password });
  await expect.poll(() => ann.page.locator('main img[src^="data:image/png"]').evaluateAll((all) => (
    all.map((img) => (img as HTMLImageElement).naturalWidth > 100)
  ))).toEqual([true]);
  const secret = (await ann.page.locator('#app-key').innerText()).replace(/ /g, '');
  const step = Math.floor(Date.now() / 30_000);
  await ann.submit('/profile/second-factor/confirm', { code: '12345' });
  await expect(ann.alert).toHaveText(/\w+.*\.$/);
  await ann.submit('/profile/second-factor/confirm', { code: codeOf(secret, step) });
  await expect(ann.notice).toBeVisible();

  await ann.page.context().clearCookies();
  await ann.open(room);
  await ann.signIn();
  await expect(ann.page).toHaveURL(`${ann.at}/sign-in/code?next=${encodeURIComponent(room)}`);
  await ann.open('/rooms'); // which half a session does not open
  await expect(ann.page).toHaveURL(/\/sign-in/);
  await ann.back();
  await ann.submit('/sign-in/code', { code: codeOf(secret, step) }); // used before
  await expect(ann.alert).toHaveText(/\w+.*\.$/);
  await ann.submit('/sign-in/code', { code: codeOf(secret, step + 1) });
  await expect(ann.page).toHaveURL(ann.at + room);
});

test('a passkey is made in the profile, and signs in @scripts @once',
  apart('browsers have no passkeys without scripts; web.TestNoPasskeysWithoutAName has what the pages say then'), async ({ join, places }) => {
  const ann = await join('ann', places[0]!.replace('127.0.0.1', 'localhost')); // passkeys need a name
  const devtools = await ann.page.context().newCDPSession(ann.page);
  await devtools.send('WebAuthn.enable');
  const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', { options: {
    protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true,
  } });
  await ann.open('/profile/passkeys');
  await ann.submit('/profile/passkeys', { name: 'My phone', password });
  await expect(ann.notice).toBeVisible();
  await expect(ann.page.locator('#passkeys')).toContainText('My phone');

  await ann.page.context().clearCookies();
  await ann.open('/sign-in?next=/friends');
  await ann.page.locator('a[href^="/sign-in/passkey"]').click();
  await expect(ann.page).toHaveURL(`${ann.at}/friends`);

  // Whoever does not prove that it is them reads so, and may try again.
  await ann.page.context().clearCookies();
  await devtools.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false });
  await ann.open('/sign-in/passkey');
  await expect(ann.alert).toHaveText(/\w+.*\.$/);
  await devtools.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: true });
  await ann.page.locator('form[data-passkey] button').click();
  await expect(ann.page).toHaveURL(`${ann.at}/rooms`);
});
