// The list stays short, however long a page is open: what has scrolled far away leaves it, and the
// link above it leads there, as on a page that one has just opened. Whoever looks back is told that
// there is more below.

import { isAtEnd } from './reading.js'

const most = 300 // entries; with less to keep, less memory
const kept = 200

const list = document.querySelector('#messages[data-older]')

const newest = document.querySelector('#newest')

let last = list && list.lastElementChild

export function start() {
  if (!list) return
  list.addEventListener('htmx:sse:after:message', came)
  addEventListener('scroll', () => { newest.hidden ||= isAtEnd() }, { capture: true, passive: true })
  newest.onclick = (event) => {
    event.preventDefault()
    list.lastElementChild.scrollIntoView(false)
    document.querySelector('#body').focus()
  }
}

function came() {
  if (last !== list.lastElementChild && !isAtEnd()) newest.hidden = false
  last = list.lastElementChild
  shorten()
}

// shorten does nothing while someone looks back, marks text or holds a message by the keyboard.
function shorten() {
  if (list.children.length < most || !isAtEnd()) return
  if (list.contains(document.activeElement) || !getSelection().isCollapsed) return
  while (list.children.length > kept) {
    const [first, second] = list.children
    // The day above the first message stays above the first message.
    ;(first.matches('.day') && !second.matches('.day') ? second : first).remove()
  }
  const first = list.querySelector('[id^=m-]')
  first.classList.remove('continues')
  leadTo(location.pathname + '?before=' + first.id.slice(2))
}

function leadTo(older) {
  let link = document.querySelector('#older a')
  if (!link) {
    link = document.createElement('a')
    link.className = 'button'
    link.textContent = list.dataset.older
    const line = document.createElement('p')
    line.id = 'older'
    line.className = 'more'
    line.append(link)
    list.before(line)
  }
  link.href = older
}
