// Takes the pictures (`just pictures`), and those of the README (`just screenshots`). Each way to look has a
// server of its own with a copy of the world: rooms that one way has opened are still unread in the others.
import { expect, test, type Browser, type BrowserContext, type Page } from '@playwright/test';
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Provider } from '../oidc';
import { freePort, Parley } from '../parley';
import { pictures, readme, sizes, wanted, wantsReadme, ways, type Way } from './album';
import { shots, type Paths, type Shot } from './pages';

type World = { password: string; paths: Paths };
const world = (): World => JSON.parse(process.env.PICTURES_WORLD!);

for (const way of ways()) {
  const name = `${way.language}.${way.size}.${way.scripts ? 'scripts' : 'plain'}`;
  test(name, async ({ browser }) => {
    const servers = new Map<string, Parley>();
    try {
      const people = new Map<string, Page>();
      provider ??= await Provider.start();
      for (const shot of shots) {
        if (!wanted(shot.name) || (shot.only && shot.only !== (way.scripts ? 'scripts' : 'plain'))) continue;
        const which = shot.server ?? 'world';
        if (!servers.has(which)) servers.set(which, await serve(name, which));
        const server = servers.get(which)!;
        if (!people.has(which + shot.who)) people.set(which + shot.who, await someone(browser, server, way, shot.who));
        // One that could not be taken is reported in the end; the others are worth having.
        await take(people.get(which + shot.who)!, server, way, shot, name).catch((e) => expect.soft(e, shot.name).toBeUndefined());
      }
    } finally {
      for (const server of servers.values()) await server.stop('SIGKILL');
    }
  });
}

if (wantsReadme) {
  test('readme', async ({ browser }) => {
    const server = await serve('readme');
    const way: Way = { language: 'en', scripts: true, size: 'desktop', schemes: ['light'] };
    const page = await someone(browser, server, way, 'maya');
    for (const [file, size, colorScheme] of [
      ['room-desktop-light.png', { width: 1200, height: 760 }, 'light'],
      ['room-phone-dark.png', { width: 390, height: 780 }, 'dark'],
    ] as const) {
      await page.setViewportSize(size);
      await page.emulateMedia({ colorScheme });
      await open(page, server.at + world().paths.jonas, true);
      await page.screenshot({ path: join(readme, file), animations: 'disabled', caret: 'hide' });
    }
    await server.stop('SIGKILL');
  });
}

let provider: Provider | undefined; // of single sign-on
test.afterAll(() => provider?.stop());

// A server with a copy of the world, or with nobody, or one that could send e-mail, or with single sign-on.
async function serve(name: string, which = 'world'): Promise<Parley> {
  const folder = join(process.env.PICTURES_FOLDER!, `${name}-${which}`);
  mkdirSync(folder);
  if (which !== 'first') copyFileSync(join(process.env.PICTURES_FOLDER!, 'world.db'), join(folder, `pictures-${name}-${which}.db`));
  const port = await freePort();
  const named = { PARLEY_ADDR: `127.0.0.1:${port}`, PARLEY_PUBLIC_URL: `http://localhost:${port}` };
  const providers = provider?.settings({ corp: 'Example Corporation', club: 'Chess Club' });
  const settings: Record<string, Record<string, string>> = {
    mail: { ...named, PARLEY_SMTP_URL: 'smtp://127.0.0.1:1', PARLEY_MAIL_FROM: 'parley@example.org' },
    sso: { ...named, ...providers },
    alone: { ...named, ...providers, PARLEY_SIGN_IN_BY: 'providers' },
  };
  return Parley.start(`pictures-${name}-${which}`, folder, settings[which] ?? {});
}

// Passkeys need a name.
const addressOf = (server: Parley): string => server.at.replace('127.0.0.1', 'localhost');

async function someone(browser: Browser, server: Parley, way: Way, who: string): Promise<Page> {
  const locale = { en: 'en-GB', de: 'de-DE', es: 'es-ES' }[way.language]!;
  const context: BrowserContext = await browser.newContext({
    viewport: sizes[way.size], javaScriptEnabled: way.scripts, locale, timezoneId: 'Europe/Berlin', reducedMotion: 'reduce',
    hasTouch: way.size !== 'desktop', isMobile: false,
  });
  if (who !== 'visitor') {
    const form = { username: who === 'nina' ? 'nina8410' : who, password: world().password };
    const answer = await context.request.post(`${addressOf(server)}/sign-in`, { form, maxRedirects: 0 });
    if (answer.status() !== 303) throw new Error(`${who} could not sign in: ${answer.status()}`);
  }
  return context.newPage();
}

async function take(page: Page, server: Parley, way: Way, shot: Shot, name: string): Promise<void> {
  const { paths } = world();
  await page.emulateMedia({ colorScheme: way.schemes[0] });
  await page.goto('about:blank'); // only a fragment may differ
  await open(page, addressOf(server) + shot.path(paths), way.scripts);
  if (shot.act) {
    await shot.act(page, paths);
    await page.waitForTimeout(300);
  }
  for (const colorScheme of way.schemes) {
    await page.emulateMedia({ colorScheme });
    if (shot.whole) await page.evaluate(() => scrollTo(0, 0)).catch(() => {}); // what is fixed stays at its place
    const file = `${shot.name}.${name}.${colorScheme}.png`;
    await page.screenshot({ path: join(pictures, file), fullPage: shot.whole, animations: way.scripts ? 'disabled' : 'allow', caret: 'hide' });
  }
}

// A page with a streamed frame never finishes loading.
async function open(page: Page, address: string, scripts: boolean): Promise<void> {
  await page.goto(address, { waitUntil: scripts ? 'load' : 'domcontentloaded' });
  if (scripts) {
    if (await page.locator('[hx-sse\\:connect]').count()) await page.locator('#connection[data-state=live]').waitFor({ state: 'attached' });
    await page.waitForTimeout(100); // what scripts and lazy photos do then
    return;
  }
  for (const frame of await page.locator('iframe').all()) {
    await frame.contentFrame().locator('#messages, #composer, #rooms').first().waitFor({ state: 'attached' });
  }
  await page.waitForTimeout(300);
}
