// For eyes that need larger text, other colors, wider spacing or no motion.
import { apart, befriend, expect, postMessage, test, type Person } from './story';

const measured = apart('the style is the same, but measuring it takes a script');

// Some thirty pages each.
test.describe.configure({ timeout: 90_000 });

// All pages, with something on each.
async function pages(ann: Person, ben: Person, room: string): Promise<string[]> {
  await postMessage(ben, room, 'Averylongwordwithoutanyplacetobreak'.repeat(3));
  await ann.post(`${room}/messages`, { body: 'A link: https://example.org/a-rather-long-address/that-has/to-break', reply_to: '2' });
  await ben.post(`${room}/messages/3/react`, { emoji: '🎉' });
  const group = (await ann.post('/rooms', { name: 'A group with a rather long name', username: ben.name })).headers().location;
  return ['/rooms', room, `${room}?reply=2`, `${room}?around=2`, `${room}/messages/3`, '/friends', '/profile', `/people/${ben.name}`,
    '/search?q=link', '/rooms/new', `${group}/members`, '/formatting', '/keys', '/no-such-page'];
}

// Lists what cannot be reached by scrolling.
function lost(): string[] {
  const found: string[] = [];
  if (document.documentElement.scrollWidth > innerWidth) found.push(`${document.documentElement.scrollWidth} px wide`);
  for (const e of document.querySelectorAll('a, button, input:not([type=hidden]), textarea, select, summary')) {
    if (!e.checkVisibility({ contentVisibilityAuto: true, visibilityProperty: true }) || e.closest('.skip, .aside')) continue;
    e.scrollIntoView({ block: 'center' });
    if (e.clientWidth === 1) continue; // for screen readers only
    const lines = [...e.getClientRects()]; // a link may have several
    const wide = lines.some(({ left, right }) => left < -1 || right > innerWidth + 1);
    const met = lines.some(({ left, right, top, bottom }) => {
      const there = document.elementFromPoint((left + right) / 2, (Math.max(top, 0) + Math.min(bottom, innerHeight)) / 2);
      return there && (e.contains(there) || there.closest('label')?.contains(e));
    });
    if (wide || !met) found.push(`${e.tagName} ${e.id} ${e.textContent?.trim().slice(0, 30)} is out of reach`);
  }
  return found;
}

test('at 200 and 400 % zoom, and with wide text spacing, everything can be reached @once', async ({ friends: { ann, ben, room }, visitor }) => {
  const list = (await pages(ann, ben, room)).map((path): [Person, string] => [ann, path]);
  for (const [who, path] of [[visitor, '/sign-in'], [visitor, '/sign-up'], ...list] as [Person, string][]) {
    await who.open(path);
    for (const [width, height] of [[640, 512], [683, 384], [320, 256]]) {
      await who.page.setViewportSize({ width, height });
      if (!who.scripts && path === room && !await who.page.locator('.ways').getAttribute('open').then((open) => open !== null)) await who.page.locator('.ways summary').click();
      if (!who.scripts && path === room) await expect(who.page.locator('.ways a[target=messages]')).toBeVisible();
      for (const frame of who.page.frames()) {
        if (frame.parentFrame() && !await (await frame.frameElement()).isVisible()) continue;
        await frame.locator('main').waitFor();
        expect(await frame.evaluate(lost), `${path} at ${width} by ${height}, ${frame.name()}`).toEqual([]);
      }
    }
    if (!who.scripts) continue; // the content security policy allows other styles only from a script
    await who.page.setViewportSize({ width: 390, height: 800 });
    await who.page.evaluate(() => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync('* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important } p { margin-block-end: 2em !important }');
      document.adoptedStyleSheets = [sheet];
    });
    expect(await who.page.evaluate(lost), `${path} with wide text spacing`).toEqual([]);
  }
});

test('a long name of who is online leaves the title in view at 400 % zoom @once', async ({ friends: { ann, ben, room } }) => {
  await ben.post('/profile', { display_name: 'Anna-Katharina von Wolkenstein-Trost' });
  const group = (await ann.post('/rooms', { name: 'A group with a rather long name', username: ben.name })).headers().location;
  for (const path of [room, group]) {
    await ben.open(path);
    await ben.isLive();
    await ann.open(path);
    const here = ann.scripts ? ann.page.locator('#here') : ann.part('messages').locator('.here').last();
    await expect(here).toContainText('Anna-Katharina');
    for (const [width, height] of [[320, 256], [390, 800], [768, 800]]) {
      await ann.page.setViewportSize({ width, height });
      const { width: wide } = (await ann.page.locator('h1').first().boundingBox())!;
      expect(wide, `${path} at ${width}`).toBeGreaterThanOrEqual(60);
      expect(await ann.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      const box = (await here.boundingBox())!;
      expect(box.x + box.width).toBeLessThanOrEqual(width);
      expect(box.x).toBeGreaterThanOrEqual(0);
    }
  }
});

test('the message box and its buttons are on one line, whatever is above @once', async ({ friends: { ann, ben, room } }) => {
  await postMessage(ben, room, 'Tea or coffee?');
  const bottoms = () => Promise.all(['.attach', 'textarea', 'button.primary'].map(async (part) => {
    const { y, height } = (await ann.part('composer').locator(`#composer > ${part}`).boundingBox())!;
    return Math.round(y + height);
  }));
  for (const path of [`${room}?reply=2`, room]) {
    await ann.open(path);
    await ann.isLive();
    if (path === room) {
      await ann.composer.fill('x'.repeat(16_001));
      await ann.enter();
      await expect(ann.refusal).toBeVisible();
    }
    expect(new Set(await bottoms()).size, path).toBe(1);
  }
});

test('titles are not cut, the bar is one row, and every symbol has a name and 44 pixels, in three languages @once', async ({ friends: { ann, ben } }) => {
  await ben.post('/profile', { display_name: 'Benedict Cumberland' });
  const groups = await Promise.all(['Release train & on-call rotation', 'Lindenstraße 14, Haustreffen'].map(async (name) => (
    (await ann.post('/rooms', { name, username: ben.name })).headers().location!
  )));
  for (const language of ['en', 'de', 'es']) {
    await ann.page.goto('about:blank'); // an open page would reload
    await ann.post('/profile', { language });
    for (const [width, path] of [[390, groups[0]!], [320, groups[1]!]] as const) {
      await ann.page.setViewportSize({ width, height: 700 });
      await ann.open(path);
      const cut = await ann.page.locator('.head h1 bdi').evaluate((e) => [e.scrollWidth - e.clientWidth, e.scrollHeight - e.clientHeight]);
      expect(Math.max(...cut), `${language} at ${width}`).toBeLessThanOrEqual(1);
      for (const tool of await ann.page.locator('.head .tool:visible, .head .back').all()) {
        const box = (await tool.boundingBox())!;
        expect(Math.min(box.width, box.height)).toBeGreaterThanOrEqual(44);
        await expect(tool).toHaveText(/\p{L}{3}/u);
      }
      await ann.open('/friends');
      expect((await ann.page.locator('.bar').boundingBox())!.height).toBeLessThanOrEqual(64);
      const links = await ann.page.locator('.bar a').evaluateAll((all) => all.map((e) => e.getBoundingClientRect()).map(({ left, right }) => [left, right]));
      for (const [left, right] of links) expect(left! >= 0 && right! <= width).toBe(true);
      await expect(ann.page.locator('.bar .mark svg')).toBeVisible();
    }
  }
});

test('on a phone, the head of a group leaves space for its name, muted or not @once', async ({ friends: { ann, ben } }) => {
  const name = 'The Sunday walking group of the Lindenhof neighbours';
  const group = (await ann.post('/rooms', { name, username: ben.name })).headers().location!;
  await ann.page.setViewportSize({ width: 390, height: 800 });
  for (const [muted, least] of [['no', 180], ['yes', 130]] as const) {
    await ann.post(`${group}/mute`, { muted });
    await ann.open(group);
    expect((await ann.page.locator('.head h1 bdi').boundingBox())!.width, muted).toBeGreaterThan(least);
    expect((await ann.page.locator('.head').boundingBox())!.height, muted).toBeLessThan(72);
  }
  const title = ann.page.locator('#room-title');
  await expect(title).toHaveAccessibleDescription(/settings, 2 members$/); // its button has given way
  await title.click();
  await expect(ann.page).toHaveURL(ann.at + `${group}/members`);
});

test('a phone on its side has one column and no bar in a room @once', async ({ friends: { ann, ben, room } }) => {
  await postMessage(ben, room, 'Hello');
  await ann.page.setViewportSize({ width: 844, height: 390 });
  await ann.open(room);
  await ann.isLive();
  await expect(ann.page.locator('.bar')).toBeHidden();
  await expect(ann.page.locator('aside.list')).toBeHidden();
  await expect(ann.page.locator('.head .back')).toBeVisible();
  const { height } = (await ann.page.locator(ann.scripts ? '.scroller' : 'iframe[name=messages]').boundingBox())!;
  expect(height).toBeGreaterThan(ann.scripts ? 230 : 150);
});

// What forced colors leave of an element's look.
const look = (e: Element) => {
  const { borderTopColor, borderTopWidth, borderTopStyle, backgroundColor, outlineColor, boxShadow, justifyContent } = getComputedStyle(e);
  return { border: borderTopWidth !== '0px' && borderTopStyle !== 'none' && borderTopColor !== backgroundColor, borderTopColor, outlineColor, boxShadow, justifyContent };
};

test('in forced colors, own messages, the open room, unread counts and buttons can be told apart @scripts @once', measured, async ({ friends: { ann, ben, room }, join }) => {
  const cid = await join('cid');
  const other = await befriend(ann, cid);
  await ann.page.emulateMedia({ forcedColors: 'active' });
  await postMessage(cid, other, 'Hello');
  await postMessage(ann, room, 'mine');
  await postMessage(ben, room, 'yours');
  await ann.open(room);
  await ann.isLive();
  const of = async (selector: string) => ann.page.locator(selector).first().evaluate(look);
  for (const selector of ['.bubble', '.unread', '#composer > button.primary', '#composer', '.avatar']) {
    await expect.poll(async () => (await of(selector)).border, `${selector} has a border`).toBe(true); // the list may be swapped meanwhile
  }
  const dots = ann.page.locator('.message .do').first();
  const drawn = () => dots.evaluate((e) => getComputedStyle(e, '::before').backgroundColor);
  expect(await drawn()).not.toBe(await ann.page.evaluate(() => getComputedStyle(document.body).backgroundColor));
  const [open, shut] = [await of(`#rooms a[href="${room}"]`), await of(`#rooms a[href="${other}"]`)];
  expect(open.borderTopColor).not.toBe(shut.borderTopColor);
  expect((await of(`[data-author="${ann.name}"]`)).justifyContent).not.toBe((await of(`[data-author="${ben.name}"]`)).justifyContent);
  await ann.page.keyboard.press('Tab');
  await ann.page.keyboard.press('Tab');
  const focused = await ann.page.locator(':focus-visible').evaluate((e) => getComputedStyle(e).outlineStyle);
  expect(focused).toBe('solid');
});

test('with reduced motion nothing moves @scripts @once', measured, async ({ friends: { ann, ben, room } }) => {
  await ann.page.emulateMedia({ reducedMotion: 'reduce' });
  for (const path of ['/friends', room]) {
    await ann.open(path);
    await ann.isLive();
    await ann.page.locator('.bar a[href="/friends"]').hover();
    if (path === room) {
      await postMessage(ben, room, 'Does this move?');
      await ann.sees('Does this move?');
    }
    expect(await ann.page.evaluate(() => document.getAnimations().length)).toBe(0);
    expect(await ann.page.evaluate(() => getComputedStyle(document.documentElement).scrollBehavior)).toBe('auto');
  }
});

// Measures layout shifts, also those right after a key or click, which the usual metric leaves out.
async function still(who: Person): Promise<() => Promise<{ value: number; what: string[] }>> {
  await who.page.addInitScript(() => {
    const shifts: { value: number; what: string[] } = { value: 0, what: [] };
    Object.assign(window, { shifts });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEntry & { value: number; sources: { node?: Element }[] })[]) {
        shifts.value += entry.value;
        shifts.what.push(...entry.sources.map(({ node, previousRect: { y, height }, currentRect: to }) => `${node?.nodeName} ${node?.id} ${node?.className} from ${y}+${height} to ${to.y}+${to.height} ${node?.nodeName === 'OL' ? node.parentElement.innerHTML.replace(/<[^>]*svg.*?svg>/g,'').slice(-1500) : ''}`));
      }
    }).observe({ type: 'layout-shift', buffered: true });
  });
  return () => who.page.evaluate(() => (window as unknown as { shifts: { value: number; what: string[] } }).shifts);
}

test('nothing jumps while pages load over a slow connection and messages arrive @scripts @once', measured, async ({ friends: { ann, ben, room }, visitor }) => {
  const photo = { name: 'a.png', mimeType: 'image/png', buffer: await ben.page.screenshot() };
  for (const alt of ['One', 'Two']) {
    await ben.page.context().request.post(`${ben.at}${room}/messages`, { multipart: { key: alt, body: '', alt, photo }, maxRedirects: 0 });
  }
  for (const [who, paths] of [[visitor, ['/sign-in', '/sign-up']], [ann, ['/rooms', '/friends', room]]] as [Person, string[]][]) {
    const moved = await still(who);
    const line = await who.page.context().newCDPSession(who.page);
    await line.send('Network.enable');
    await line.send('Network.emulateNetworkConditions', { offline: false, latency: 150, downloadThroughput: 50_000, uploadThroughput: 50_000 });
    for (const path of paths) {
      await who.open(path);
      if (who === ann) await who.isLive();
      // The first paint has its style.
      const styled = () => who.page.evaluate(() => {
        const [paint] = performance.getEntriesByName('first-contentful-paint');
        const sheets = performance.getEntriesByType('resource').filter((r) => r.name.includes('.css')) as PerformanceResourceTiming[];
        return paint && sheets.filter((s) => s.responseEnd <= paint.startTime).length;
      });
      await expect.poll(styled, path).toBe(who === ann ? 2 : 1); // one is the person's own
      if (path === room) {
        await postMessage(ben, room, 'It arrives by itself');
        await ann.sees('It arrives by itself');
        await ann.say('And so does the answer');
      }
      const { value, what } = await moved();
      expect(value, `${path}: ${what.join(', ')}`).toBe(0);
    }
  }
});

test('on a phone, hidden times do not let the messages be moved sideways @once', measured, async ({ friends: { ann, ben, room } }) => {
  await ann.page.setViewportSize({ width: 390, height: 844 });
  for (const who of [ben, ann]) {
    for (let i = 0; i < 3; i++) await postMessage(who, room, 'A text of more than one line, so that its bubble is wide. '.repeat(3));
  }
  await ann.open(`${room}?as=plain`);
  await expect(ann.page.locator('.continues.minute').first()).toBeVisible();
  const beyond = () => ann.page.locator('.scroller').evaluate((e) => e.scrollWidth - e.clientWidth);
  expect(await beyond()).toBe(0);
  // Nor does what a finger can hit around the dots.
  const devtools = await ann.page.context().newCDPSession(ann.page);
  await devtools.send('Emulation.setTouchEmulationEnabled', { enabled: true });
  await devtools.send('Emulation.setEmulatedMedia', { features: [{ name: 'hover', value: 'none' }, { name: 'pointer', value: 'coarse' }] });
  expect(await ann.page.evaluate(() => matchMedia('(hover: none)').matches)).toBe(true);
  expect(await beyond()).toBe(0);
});

test('the field for a date fits a phone, in a group, too @once', measured, async ({ friends: { ann } }) => {
  await ann.page.setViewportSize({ width: 340, height: 700 });
  const group = (await ann.post('/rooms', { name: 'Choir' })).headers().location!;
  await ann.open(`${group}?as=plain`);
  await ann.page.locator('.to-day > summary').click();
  const { x, width } = (await ann.page.locator('.to-day form').boundingBox())!;
  expect(x).toBeGreaterThanOrEqual(0);
  expect(x + width).toBeLessThanOrEqual(340);
});

test('in a narrow window with a mouse, no piece of a hidden time shows beside a message @scripts @once', measured, async ({ friends: { ann, room } }) => {
  for (const text of ['one', 'two', 'three']) await postMessage(ann, room, text); // two of them within a minute
  await ann.page.setViewportSize({ width: 390, height: 600 });
  await ann.open(room);
  await ann.isLive();
  const later = ann.page.locator('.continues.minute').first();
  await later.hover();
  await expect(later.locator('.do')).toHaveCSS('opacity', '1');
  await expect(later.locator('.at')).toHaveCSS('opacity', '0');
});
