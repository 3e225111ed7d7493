// What Lighthouse says about the door and about a room of 50 messages: `just lighthouse`. Nothing is
// made easier for it: the room's stream and socket are open, as they are for people.
import { chromium } from '@playwright/test';
import lighthouse from 'lighthouse';
import { freePort } from '../parley';
import { expect, postMessage, test, type Person } from '../story';

test('both pages have full marks', async ({ friends: { ann, ben, room } }) => {
  test.setTimeout(600_000);
  await talk(ann, ben, room);
  const rows: Record<string, string | number>[] = [];
  const faults: string[] = [];
  for (const [page, path, who] of [['sign-in', '/sign-in', null], ['room', room, ann]] as const) {
    for (const [line, { settings, least }] of Object.entries(lines)) {
      const { marks, figures, lost } = await judge(ann.at + path, who, settings, least);
      rows.push({ page, line, ...marks, ...figures });
      faults.push(...lost.map((fault) => `${page}, ${line}: ${fault}`));
    }
  }
  console.table(rows);
  expect(faults).toEqual([]);
});

// Lighthouse reckons what a slow phone on slow 4G would take; and the same phone and line are played to
// it, so that it has to wait for real. There every answer takes 562 ms more, and a page with a style
// sheet of its own is two answers: full marks would need the style inside of each page.
const lines = {
  'slow 4G, reckoned': { settings: { throttlingMethod: 'simulate' }, least: 100 },
  'slow 4G, played': { settings: { throttlingMethod: 'devtools' }, least: 95 },
} as const;

type Marks = { performance: number; accessibility: number; 'best-practices': number };
type Audit = { id: string; title: string; score: number | null; displayValue?: string };

// The best of three looks: other programs on this machine can only take marks away.
async function judge(url: string, who: Person | null, settings: object, least: number) {
  let best = await look(url, who, settings, least);
  for (let again = 0; again < 2 && best.lost.length > 0; again++) {
    const other = await look(url, who, settings, least);
    if (other.marks.performance >= best.marks.performance) best = other;
  }
  return best;
}

// Each look has a browser of its own, in which nothing is cached.
async function look(url: string, who: Person | null, settings: object, least: number) {
  const port = await freePort();
  const browser = await chromium.launchPersistentContext('', {
    executablePath: process.env.RIG_CHROMIUM,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking', `--remote-debugging-port=${port}`],
  });
  try {
    if (who) await browser.addCookies(await who.page.context().cookies());
    const result = await lighthouse(url, {
      port, logLevel: 'error',
      disableStorageReset: true, // or the cookie is gone
      maxWaitForLoad: 15_000, // for a line to fall silent that never does: the room is live
      onlyCategories: ['performance', 'accessibility', 'best-practices'], ...settings,
    });
    const { categories, audits, runtimeError, finalDisplayedUrl } = result!.lhr;
    expect(runtimeError, runtimeError?.message).toBeUndefined();
    expect(finalDisplayedUrl, 'the page that was asked for').toBe(url);
    const mark = (id: string) => Math.round(100 * (categories[id].score ?? 0));
    const marks: Marks = { performance: mark('performance'), accessibility: mark('accessibility'), 'best-practices': mark('best-practices') };
    const value = (id: string) => (audits[id] as Audit).displayValue ?? '';
    const lost = Object.entries(marks).filter(([id, points]) => points < (id === 'performance' ? least : 100))
      .map(([id, points]) => `${id} ${points}: ${below(categories[id].auditRefs, audits)}`);
    return {
      marks, lost,
      figures: {
        'first paint': value('first-contentful-paint'), 'largest paint': value('largest-contentful-paint'),
        blocked: value('total-blocking-time'), shift: value('cumulative-layout-shift'), weight: value('total-byte-weight'),
      },
    };
  } finally {
    await browser.close();
  }
}

function below(refs: { id: string; weight: number }[], audits: Record<string, Audit>): string {
  const short = refs.filter(({ id, weight }) => weight > 0 && (audits[id].score ?? 1) < 1);
  return short.map(({ id }) => `${audits[id].title} (${audits[id].displayValue ?? audits[id].score})`).join('; ');
}

// Fifty messages, some of them with a photo.
async function talk(ann: Person, ben: Person, room: string): Promise<void> {
  const photos = await Promise.all(['#3b6ea5', '#a23b72', '#558b2f', '#c77f1b'].map((colour) => paint(ann, colour)));
  for (let i = 1; i <= 50; i++) {
    const who = i % 3 ? ann : ben;
    if (i % 12) await postMessage(who, room, `${i}: Shall we meet at the stop by the mill at ten, and take the way along the stream?`);
    else await send(who, room, photos[i / 12 - 1]);
  }
}

async function send(who: Person, room: string, buffer: Buffer): Promise<void> {
  const answer = await who.page.context().request.post(`${who.at}${room}/messages`, {
    maxRedirects: 0,
    multipart: { body: '', key: buffer.length.toString(), alt: 'Hills under a sky', photo: { name: 'hills.jpg', mimeType: 'image/jpeg', buffer } },
  });
  expect(answer.status()).toBe(303);
}

async function paint(who: Person, hills: string): Promise<Buffer> {
  const canvas = await who.page.context().newPage();
  await canvas.setViewportSize({ width: 1600, height: 1200 });
  await canvas.setContent(`<body style="margin:0;background:linear-gradient(#9cf,#fff)"><svg viewBox="0 0 16 12">
    <filter id="f"><feTurbulence baseFrequency=".02" numOctaves="5"/></filter><rect width="16" height="12" filter="url(#f)" opacity=".5"/>
    <path d="M0 9Q5 4 9 8T16 7V12H0z" fill="${hills}"/></svg>`);
  const photo = await canvas.screenshot({ type: 'jpeg', quality: 85 });
  await canvas.close();
  return photo;
}
