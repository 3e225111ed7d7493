// Read receipts: the end of the list has been in view, in a visible tab.

import * as connection from './connection.js'

const readingTime = 1000 // ms; what only scrolls by is not read
const minInterval = 2000 // ms
const tolerance = 48 // px; up to a line below the edge still counts as the end

const list = document.querySelector('#messages[hx-sse\\:connect]')

let sentSeq = 0
let sentAt = 0
let timer = 0

export function start() {
  if (!list) return
  addEventListener('scroll', schedule, { capture: true, passive: true })
  document.addEventListener('visibilitychange', schedule)
  list.addEventListener('htmx:sse:after:message', schedule)
  schedule()
}

const newest = () => Number(list.dataset.cursor.split('-')[1]) || 0

function hasUnread() {
  return !('unseen' in list.dataset || document.hidden || connection.isOver() || newest() <= sentSeq) && isAtEnd()
}

// isAtEnd reports whether the newest message is in view, or just below.
export function isAtEnd() {
  const view = list.closest('.scroller').getBoundingClientRect()
  return list.getBoundingClientRect().bottom <= Math.min(view.bottom, innerHeight) + tolerance
}

function schedule() {
  if (timer || !hasUnread()) return
  timer = setTimeout(send, Math.max(readingTime, sentAt + minInterval - Date.now()))
}

async function send() {
  timer = 0
  if (!hasUnread()) return
  const seq = newest()
  sentAt = Date.now()
  try {
    const response = await fetch(`/rooms/${list.dataset.room}/read`, {
      method: 'POST',
      body: new URLSearchParams({ seq }),
      headers: { 'HX-Request': 'true' },
      redirect: 'manual',
      keepalive: true,
    })
    if (response.ok || response.type === 'opaqueredirect') sentSeq = seq
    else return
  } catch {
    return // the next message or heartbeat tries again
  }
  schedule()
}
