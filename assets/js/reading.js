// How far one has read: the end of the list has been in view, in a tab that can be seen.

import * as connection from './connection.js'

const delay = 1000 // ms; what scrolls by is not read
const atMostEvery = 2000 // ms
const slack = 48 // px; one line below the edge is still the end

const list = document.querySelector('#messages[hx-sse\\:connect]')

let toldSeq = 0
let toldAt = 0
let timer = 0

export function start() {
  if (!list) return
  addEventListener('scroll', look, { capture: true, passive: true })
  document.addEventListener('visibilitychange', look)
  list.addEventListener('htmx:sse:after:message', look)
  look()
}

const newest = () => Number(list.dataset.cursor.split('-')[1]) || 0

function unread() {
  return !('unseen' in list.dataset || document.hidden || connection.isOver() || newest() <= toldSeq) && isAtEnd()
}

// isAtEnd tells whether the newest message is in view, or just below it.
export function isAtEnd() {
  const view = list.closest('.scroller').getBoundingClientRect()
  return list.getBoundingClientRect().bottom <= Math.min(view.bottom, innerHeight) + slack
}

function look() {
  if (timer || !unread()) return
  timer = setTimeout(tell, Math.max(delay, toldAt + atMostEvery - Date.now()))
}

async function tell() {
  timer = 0
  if (!unread()) return
  const seq = newest()
  toldAt = Date.now()
  try {
    const response = await fetch(`/rooms/${list.dataset.room}/read`, {
      method: 'POST',
      body: new URLSearchParams({ seq }),
      headers: { 'HX-Request': 'true' },
      redirect: 'manual',
      keepalive: true,
    })
    if (response.ok || response.type === 'opaqueredirect') toldSeq = seq
    else return
  } catch {
    return // the next message or heartbeat looks again
  }
  look()
}
