// Parley speaks TLS by itself, with a certificate that nobody has signed and that the browser is set to accept.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join as path } from 'node:path';
import { freePort, Parley } from './parley';
import { befriend, expect, password, Person, random, test as base } from './story';

const test = base.extend<{ tls: { at: string; http: string } }>({
  ignoreHTTPSErrors: true,
  tls: async ({}, use) => {
    const folder = mkdtempSync(path(tmpdir(), 'parley-tls-'));
    const maker = path(execFileSync('go', ['env', 'GOROOT'], { encoding: 'utf8' }).trim(), 'src/crypto/tls/generate_cert.go');
    execFileSync('go', ['run', maker, '--host=localhost', '--ecdsa-curve=P256', '--duration=24h'], { cwd: folder, stdio: 'pipe' });
    const [port, http] = [await freePort(), await freePort()];
    const parley = await Parley.start(`tls-${random()}`, folder, {
      PARLEY_ADDR: `127.0.0.1:${port}`, PARLEY_PUBLIC_URL: `https://localhost:${port}`,
      PARLEY_TLS: `${folder}/cert.pem,${folder}/key.pem`, PARLEY_TLS_REDIRECT_ADDR: `127.0.0.1:${http}`,
    });
    await use({ at: parley.at, http: `http://localhost:${http}` });
    await parley.stop();
    rmSync(folder, { recursive: true, force: true });
  },
});

test('two people sign up over TLS, and chat live @once', async ({ tls, join, visitor }) => {
  const ann = new Person(visitor.name, visitor.page, tls.at, visitor.scripts);
  await ann.page.goto(`${tls.http}/sign-up?next=%2Fprofile`);
  await expect(ann.page).toHaveURL(`${tls.at}/sign-up?next=%2Fprofile`);
  await ann.submit('/sign-up', { username: ann.name, password });
  await expect(ann.page).toHaveURL(`${tls.at}/profile`);
  const cookies = await ann.page.context().cookies();
  expect(cookies).toHaveLength(1);
  expect(cookies[0]).toMatchObject({ secure: true, httpOnly: true, sameSite: 'Lax', path: '/' });
  expect(cookies[0].name).toMatch(/^__Host-/);
  expect((await ann.get('/rooms')).headers()['strict-transport-security']).toBe('max-age=31536000');

  const ben = await join('ben', tls.at);
  const room = await befriend(ann, ben);
  for (const one of [ann, ben]) {
    await one.open(room);
    await one.isLive();
  }
  await ann.say('Is anybody listening in?');
  await ben.sees('Is anybody listening in?');
  await ben.say('Nobody');
  await ann.sees('Nobody');
});

test('port 80 leads to https, and to no other host @once', async ({ tls }) => {
  const plain = await fetch(`${tls.http}/rooms?x=1`, { redirect: 'manual' });
  expect([plain.status, plain.headers.get('location')]).toEqual([308, `${tls.at}/rooms?x=1`]);
  expect(plain.headers.get('set-cookie')).toBeNull();
  const other = await fetch(`${tls.http.replace('localhost', '127.0.0.1')}/rooms`, { redirect: 'manual' });
  expect([other.status, other.headers.get('location')]).toEqual([421, null]);
});
