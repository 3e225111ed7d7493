// What the real server sent to its pages, as saved by record/, with a test's own values filled in. If the
// views change so much that a value's place is not found, the test fails.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const folder = resolve(import.meta.dirname, '../.out/recorded');

const cache = new Map<string, string>();

export function recorded(name: string): string {
  if (!cache.has(name)) cache.set(name, readFileSync(join(folder, name), 'utf8'));
  return cache.get(name)!;
}

// The value of an attribute that stands once in a recording.
function attribute(html: string, name: string): string {
  const [found, ...more] = [...html.matchAll(new RegExp(` ${name}="([^"]*)"`, 'g'))];
  if (!found || more.length) throw new Error(`${found ? 'several' : 'no'} attributes ${name} in ${html}`);
  return found[1];
}

function replaceOnce(html: string, pattern: RegExp, value: string): string {
  if (!pattern.test(html)) throw new Error(`${pattern} is not in ${html}`);
  return html.replace(pattern, () => value);
}

const setAttribute = (html: string, name: string, value: string | number) =>
  html.replace(`${name}="${attribute(html, name)}"`, () => `${name}="${value}"`);

const escaped = (text: string) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;');

let keys = 0;
const freshKey = () => `n.${(++keys).toString(16).padStart(32, '0')}`;

// The page of the room, or of a reply in it, with another log. Only tests set the patience.
export function roomPage(name: 'room.html' | 'reply.html', cursor: string, patience: string, log: string[], above = ''): string {
  let html = recorded(name);
  html = html.replaceAll(attribute(html, 'data-cursor'), cursor);
  html = replaceOnce(html, /(?<=name="key" value=")[^"]*/, freshKey());
  html = html.replace(/<p class="more" id="older">[^]*?<\/p>/, '');
  html = replaceOnce(html, /(?=<ol id="messages")/, above);
  html = replaceOnce(html, /(?<=<ol id="messages"[^>]*>)[^]*?(?=<\/ol>)/, log.join(''));
  return patience ? setAttribute(html, 'data-cursor', `${cursor}" data-patience="${patience}`) : html;
}

// The link above a list that begins later than the room, and the gap below one that ends earlier.
export const older = (before: number) => replaceOnce(cut(/<p class="more" id="older">[^]*?<\/p>/), /(?<=before=)\d+/, String(before));
export function gap(after: number, until: string): string {
  const html = cut(/<li class="gap[^]*?<\/li>/);
  return replaceOnce(setAttribute(html, 'data-until', until), /(?<=after=)\d+/, String(after));
}

function cut(pattern: RegExp): string {
  const found = recorded('history.html').match(pattern);
  if (!found) throw new Error(`${pattern} is not in the page of history`);
  return found[0];
}

// A recorded message has its number in ids and paths. It is above 31, so it never matches in a date.
export function message(seq: number, author: string, text: string): string {
  const html = recorded(`message-${author}.html`);
  const [, number] = html.match(/id="m-(\d+)"/)!;
  return replaceOnce(html, /the recorded text/, escaped(text)).replace(new RegExp(`(?<=[-=/])${number}\\b`, 'g'), () => String(seq));
}

// The lists beside the messages, with so many unread messages in another room.
export const lists = (unread: 0 | 3) => recorded(`lists-${unread}.html`);

export function receipt(key: string, seq: number): string {
  const html = setAttribute(setAttribute(recorded('receipt.html'), 'data-key', key), 'data-seq', seq);
  return setAttribute(html, 'data-next', freshKey());
}

export function refusal(key: string, status: number, sentence: string, originalGone: boolean): string {
  let html = setAttribute(setAttribute(recorded('refusal.html'), 'data-key', key), 'data-refused', status);
  if (originalGone) html = replaceOnce(html, /(?<=data-refused="\d+")/, ' data-reply-gone');
  return replaceOnce(html, /(?<=role="alert"[^>]*>)[^<]*/, escaped(sentence));
}
