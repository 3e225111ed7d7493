// What has been read: whatever has been in view for a second, in a visible tab. Also opens a room at its first
// new message, unless that and what follows fit into the window.

import * as connection from './connection.js'

const readingTime = 1000 // ms; what only scrolls by is not read
const minInterval = 1500 // ms; every other second, also where a second is a little short
const tolerance = 48 // px; up to a line below the edge still counts as the end

const list = document.querySelector('#messages[hx-sse\\:connect]')

let sentSeq = 0
let sentAt = 0
let before = 0 // what was in view a second ago

export function start() {
  if (!list) return
  const mark = list.querySelector('#new')
  if (mark && !location.hash) mark.scrollIntoView()
  setInterval(() => {
    const now = seen()
    if (Date.now() - sentAt >= minInterval) send(Math.min(before, now))
    before = now
  }, readingTime)
  const sendNow = () => send(seen())
  addEventListener('pagehide', sendNow)
  list.addEventListener('sent', sendNow) // whoever answers has read
  // "Mark as unread" has the last word.
  addEventListener('submit', ({ target }) => {
    if (/unread$/.test(target.action)) sentSeq = Infinity
  })
}

const bottomOf = (element) => element.getBoundingClientRect().bottom
const edge = () => Math.min(bottomOf(list.closest('.scroller')), innerHeight) + tolerance

// isAtEnd reports whether the newest message is in view, or just below.
export const isAtEnd = () => bottomOf(list) <= edge()

// seen returns the seq of the newest entry in view, 0 for none. There is one mark for a room, so nothing below
// a gap counts, and of a page below unread messages only its end: whoever goes there is done with them.
function seen() {
  if (document.hidden || connection.isOver()) return 0
  const gap = list.querySelector('.gap')
  if (!gap && isAtEnd()) return +list.dataset.cursor.split('-')[1]
  if ('unseen' in list.dataset) return 0
  let item = gap || list.lastElementChild
  while (item && !(/^m-/.test(item.id) && bottomOf(item) <= edge())) item = item.previousElementSibling
  return item ? +item.id.slice(2) : 0
}

async function send(seq) {
  if (seq <= sentSeq) return
  sentAt = Date.now()
  try {
    const response = await fetch(`/rooms/${list.dataset.room}/read`, {
      method: 'POST',
      body: new URLSearchParams({ seq }),
      headers: { 'HX-Request': 'true' },
      keepalive: true,
    })
    if (response.ok) sentSeq = seq
  } catch {
    // the next second tries again
  }
}
