import type { Fake } from './fake';

// The marks that server, views and client script agree on, and nothing else of the pages.

const config = '{"noSwap":[204,304,400,401,403,404,405,409,413,415,429,"5xx"],"includeIndicatorCSS":false,"history":false}';

const page = (title: string, body: string) => `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">
<title>${title}</title><link rel="icon" href="data:,"><meta name="htmx-config" content='${config}'>
<script src="/assets/parley.js" defer></script></head><body>${body}</body></html>`;

const escaped = (text: string) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;');

let keys = 0;
const freshKey = () => (++keys).toString(16).padStart(32, '0');

export const message = (seq: number, author: string, text: string) =>
  `<li id="m-${seq}" data-author="${author}">${escaped(text).replace(/\n/g, '&#10;')}</li>`;

export const rooms = (unread: number) =>
  `<nav id="rooms"><a href="/rooms/5">Bea</a>${unread ? `<span class="unread" data-count="${unread}">${unread} unread</span>` : ''}</nav>`;

const connection = `<p id="connection" role="status" data-signed-out="You are signed out." data-sign-in="Sign in"
  data-closed="This conversation is closed." data-unsent="Not sent yet. It will be sent when the connection is back."
  data-lost="Not connected. Trying again…"></p>`;

export const roomPage = (fake: Fake) => page('Bea', `
${connection}
${rooms(0)}
<form action="/sign-out" method="post"><button>Sign out</button></form>
<div class="scroller"><div class="log">
<ol id="messages" data-cursor="${fake.cursor()}" data-room="5" ${fake.patience && `data-patience="${fake.patience}"`}
  hx-sse:connect="/rooms/5/events?after=${fake.cursor()}" hx-sse:close="signed-out" hx-swap="beforeend">${fake.log.join('')}</ol>
</div></div>
<section id="talk" hx-ws:connect="/rooms/5/socket" hx-swap="none">
<form id="composer" method="post" action="/rooms/5/messages" hx-ws:send>
<div id="composer-problem"></div>
<div id="reply"></div>
<input type="hidden" name="key" value="${freshKey()}">
<label for="body">Your message</label>
<textarea id="body" name="body" autocomplete="off"></textarea>
<button>Send</button>
<div id="receipt" hidden></div>
</form></section>`);

export const friendsPage = () => page('Friends', `
${connection}${rooms(0)}
<div id="events" hidden hx-sse:connect="/events" hx-sse:close="signed-out" hx-swap="none"></div>`);

export const signInPage = () => page('Sign in', `
<h1>Sign in</h1><form><input type="hidden" name="time_zone"></form>`);

const partial = (target: string, html: string) =>
  `<hx-partial hx-target="${target}" hx-swap="innerHTML">${html}</hx-partial>`;

export const receipt = (key: string, seq: number) =>
  partial('#receipt', `<output data-key="${key}" data-seq="${seq}" data-next="${freshKey()}">Sent</output>`)
  + partial('#composer-problem', '');

export const refusal = (key: string, status: number, sentence: string) =>
  partial('#receipt', `<output data-key="${key}" data-refused="${status}"></output>`)
  + partial('#composer-problem', `<p role="alert">${sentence}</p>`);
