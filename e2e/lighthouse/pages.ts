// Lighthouse scores of the sign-in page and of a room with 50 messages: `just lighthouse`. Conditions are
// real: the room's stream and socket are open, as they are for users.
import { chromium } from '@playwright/test';
import lighthouse from 'lighthouse';
import { freePort } from '../parley';
import { expect, postMessage, test, type Person } from '../story';

test('both pages have full scores', async ({ friends: { ann, ben, room } }) => {
  test.setTimeout(600_000);
  await talk(ann, ben, room);
  const rows: Record<string, string | number>[] = [];
  const failures: string[] = [];
  for (const [page, path, who] of [['sign-in', '/sign-in', null], ['room', room, ann]] as const) {
    for (const [network, { settings, least }] of Object.entries(networks)) {
      const { scores, figures, lost } = await bestOfThree(ann.at + path, who, settings, least);
      rows.push({ page, network, ...scores, ...figures });
      failures.push(...lost.map((audit) => `${page}, ${network}: ${audit}`));
    }
  }
  console.table(rows);
  expect(failures).toEqual([]);
});

// Lighthouse estimates the times of a slow phone on slow 4G, and also measures them with the phone and the
// network emulated. There each response takes 562 ms longer, and a page with an external style sheet needs
// two of them: full scores would need the style inline in each page.
const networks = {
  'slow 4G, simulated': { settings: { throttlingMethod: 'simulate' }, least: 100 },
  'slow 4G, throttled': { settings: { throttlingMethod: 'devtools' }, least: 95 },
} as const;

type Scores = { performance: number; accessibility: number; 'best-practices': number };
type Audit = { id: string; title: string; score: number | null; displayValue?: string };

// The best of three runs: other programs on the machine can only lower the scores.
async function bestOfThree(url: string, who: Person | null, settings: object, least: number) {
  let best = await audit(url, who, settings, least);
  for (let again = 0; again < 2 && best.lost.length > 0; again++) {
    const other = await audit(url, who, settings, least);
    if (other.scores.performance >= best.scores.performance) best = other;
  }
  return best;
}

// Each run has a browser of its own, with an empty cache.
async function audit(url: string, who: Person | null, settings: object, least: number) {
  const port = await freePort();
  const browser = await chromium.launchPersistentContext('', {
    executablePath: process.env.RIG_CHROMIUM,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking', `--remote-debugging-port=${port}`],
  });
  try {
    if (who) await browser.addCookies(await who.page.context().cookies());
    const result = await lighthouse(url, {
      port, logLevel: 'error',
      disableStorageReset: true, // it would delete the session cookie
      maxWaitForLoad: 15_000, // the network never becomes idle, because the room is live
      onlyCategories: ['performance', 'accessibility', 'best-practices'], ...settings,
    });
    const { categories, audits, runtimeError, finalDisplayedUrl } = result!.lhr;
    expect(runtimeError, runtimeError?.message).toBeUndefined();
    expect(finalDisplayedUrl, 'the page that was requested').toBe(url);
    const score = (id: string) => Math.round(100 * (categories[id].score ?? 0));
    const scores: Scores = { performance: score('performance'), accessibility: score('accessibility'), 'best-practices': score('best-practices') };
    const value = (id: string) => (audits[id] as Audit).displayValue ?? '';
    const lost = Object.entries(scores).filter(([id, points]) => points < (id === 'performance' ? least : 100))
      .map(([id, points]) => `${id} ${points}: ${failing(categories[id].auditRefs, audits)}`);
    return {
      scores, lost,
      figures: {
        'first paint': value('first-contentful-paint'), 'largest paint': value('largest-contentful-paint'),
        blocked: value('total-blocking-time'), shift: value('cumulative-layout-shift'), weight: value('total-byte-weight'),
      },
    };
  } finally {
    await browser.close();
  }
}

function failing(refs: { id: string; weight: number }[], audits: Record<string, Audit>): string {
  const short = refs.filter(({ id, weight }) => weight > 0 && (audits[id].score ?? 1) < 1);
  return short.map(({ id }) => `${audits[id].title} (${audits[id].displayValue ?? audits[id].score})`).join('; ');
}

// Fifty messages, some with a photo.
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
