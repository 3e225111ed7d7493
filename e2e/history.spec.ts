// Finding one's place: days, jumps to a day, and coming back.
import { apart, befriend, expect, postMessage, test, type Person } from './story';

// Opens a page in another time zone of the browser's clock, which scripts see.
const days = (who: Person) => who.log.locator('> .day');

test('a date stays in view while one scrolls, and today is called today @once', async ({ friends: { ann, ben, room } }) => {
  for (let i = 1; i <= 40; i++) await postMessage(ben, room, `number ${i}.`);
  await ann.post(`${room}/read`);
  await ann.open(`${room}?as=plain`);
  await expect(days(ann)).toHaveCount(1);
  await expect(days(ann)).toHaveText('Today');
  await expect(days(ann)).toBeInViewport();
  await expect(ann.message('number 40.')).toBeInViewport();
  await ann.message('number 10.').scrollIntoViewIfNeeded();
  await expect(days(ann)).toBeInViewport();
});

test('at midnight today becomes yesterday on an open page @scripts @once',
  apart('without scripts, open pages say the date'), async ({ friends: { ann, ben, room } }) => {
  await postMessage(ben, room, 'before midnight');
  await ann.page.clock.install();
  await ann.open(room);
  await expect(days(ann)).toHaveText('Today');
  await ann.page.clock.fastForward('24:00:00');
  await expect(days(ann)).toHaveText('Yesterday');
  await ann.page.clock.fastForward('24:00:00');
  await expect(days(ann)).toHaveText(/^[A-Z][a-z]+day$/);
});

test('a streamed page says the date, which is right for as long as it is open @plain @once',
  apart('with scripts, “at midnight today becomes yesterday on an open page”'), async ({ friends: { ann, ben, room } }) => {
  await postMessage(ben, room, 'hello');
  await ann.open(room);
  await expect(days(ann)).toHaveText(/^[A-Z][a-z]+day, \d+ [A-Z][a-z]+ \d{4}$/);
});

test('one can go to a day, and the page says if there was nothing @once', async ({ friends: { ann, ben, room } }) => {
  for (let i = 1; i <= 60; i++) await postMessage(ben, room, `number ${i}.`);
  await ann.post(`${room}/read`);
  await ann.open(room);
  const jump = ann.page.locator('.to-day');
  const day = jump.locator('input[name=on]');
  await expect(day).toBeHidden();
  await jump.locator('summary').click();
  const today = new Date().toISOString().slice(0, 10);
  await day.fill(today);
  await jump.locator('button').click();
  await expect(ann.page).toHaveURL(new RegExp(`\\?around=1&on=${today}#m-1$`));
  await expect(ann.message('number 1.')).toBeInViewport();
  await expect(ann.page.locator('#found')).toHaveCount(0);

  await ann.open(`${room}?on=2001-02-03`);
  await expect(ann.page.locator('#found')).toBeInViewport();
  await expect(ann.page.locator('#found')).toContainText('Saturday, 3 February 2001');
  for (const never of ['3001-01-01', 'soon']) {
    await ann.open(`${room}?on=${never}`);
    await expect(ann.page.locator('#found')).toBeInViewport();
    await expect(ann.message('number 60.')).toBeInViewport();
    await expect(ann.page.locator('#composer textarea')).toBeVisible();
  }
});

test('Back, Forward and the room list lead to the place where one was @scripts @once',
  apart('without scripts, browsers keep the place of pages, and frames start again'), async ({ friends: { ann, ben, room }, join }) => {
  const cid = await join('cid');
  const other = await befriend(ann, cid);
  for (let i = 1; i <= 130; i++) await postMessage(ben, room, `number ${i}.`);
  await ann.post(`${room}/read`);
  await ann.open(room);
  await ann.isLive();
  const at = async (text: string) => (await ann.message(text).boundingBox())!.y;
  const scrollTo = async (text: string) => expect(async () => {
    await ann.messages.first().scrollIntoViewIfNeeded({ timeout: 500 });
    await ann.message(text).scrollIntoViewIfNeeded({ timeout: 500 });
  }).toPass();
  await scrollTo('number 30.'); // which the page did not have at first
  const before = await at('number 30.');
  const isBack = () => expect(async () => expect(Math.abs(await at('number 30.') - before)).toBeLessThanOrEqual(2)).toPass();
  await ann.line(other).click();
  await expect(ann.page).toHaveURL(new RegExp(`${other}$`));
  await ann.back();
  await isBack();
  await ann.reload();
  await isBack();
  await ann.line(other).click();
  await expect(ann.page).toHaveURL(new RegExp(`${other}$`));
  await ann.line(room).click();
  await isBack();
  // It is live there, and reads on to the end.
  await ann.isLive();
  await postMessage(ben, room, 'said meanwhile');
  await ann.sees('said meanwhile');
  await isBack();
  await ann.page.locator('#newest').click();
  await expect(ann.message('said meanwhile')).toBeInViewport();
  await ann.line(other).click();
  await expect(ann.page).toHaveURL(new RegExp(`${other}$`));
  await ann.back();
  await expect(ann.message('said meanwhile')).toBeInViewport();
});

test('the way to the newest messages covers nothing of the composer @scripts @once',
  apart('without scripts, the link is part of the page of older messages'), async ({ friends: { ann, ben, room } }) => {
  for (let i = 1; i <= 40; i++) await postMessage(ben, room, `number ${i}.`);
  await ann.post(`${room}/read`);
  for (const width of [390, 1280]) {
    await ann.page.setViewportSize({ width, height: 800 });
    await ann.open(room);
    await ann.isLive();
    await ann.isComplete();
    await ann.composer.fill('half a thought');
    await ann.page.locator('.scroller').evaluate((element) => element.scrollBy(0, -900));
    await expect(ann.page.locator('#newest')).toBeVisible();
    const newest = (await ann.page.locator('#newest').boundingBox())!;
    const formatting = (await ann.page.locator('.formatting').boundingBox())!;
    expect(newest.x + newest.width).toBeLessThan(formatting.x);
  }
});

test('the next date covers the one before it before it comes near @scripts @once',
  apart('the same styles hold without scripts'), async ({ friends: { ann, ben, room } }) => {
  for (let i = 1; i <= 40; i++) await postMessage(ben, room, `number ${i}.`);
  await ann.post(`${room}/read`);
  await ann.open(room);
  await ann.isLive();
  const isCovered = await ann.log.evaluate((list) => {
    const [day] = list.querySelectorAll('.day');
    const next = day.cloneNode(true) as HTMLElement;
    list.children[20].before(next);
    const box = (line: Element) => line.querySelector('time')!.getBoundingClientRect();
    const scroller = list.closest('.scroller')!;
    scroller.scrollTop = -1;
    next.style.position = 'static';
    scroller.scrollTop += box(next).top - box(day).bottom;
    next.style.position = '';
    const { left, top, height } = box(day);
    return next.contains(document.elementFromPoint(left + 5, top + height / 2)) && box(next).top >= box(day).bottom - 1;
  });
  expect(isCovered).toBe(true);
});
