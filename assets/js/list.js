// Keeps the list short, however long a page is open: old messages are removed, and the link above the
// list leads to them, as on a fresh page. Readers who have scrolled up get a link to new messages below.

import { isAtEnd } from './reading.js'

const maxEntries = 300 // entries
const keptEntries = 200

const list = document.querySelector('#messages[data-older]')

const newestLink = document.querySelector('#newest')

let lastItem = list && list.lastElementChild

export function start() {
  if (!list) return
  list.addEventListener('htmx:sse:after:message', onMessage)
  addEventListener('scroll', () => { newestLink.hidden ||= isAtEnd() }, { capture: true, passive: true })
  newestLink.onclick = (event) => {
    event.preventDefault()
    list.lastElementChild.scrollIntoView(false)
    document.querySelector('#body').focus()
  }
}

function onMessage() {
  if (lastItem !== list.lastElementChild && !isAtEnd()) newestLink.hidden = false
  lastItem = list.lastElementChild
  trim()
}

// trim does nothing while somebody is scrolled up, selects text or has the focus in a message.
function trim() {
  if (list.children.length < maxEntries || !isAtEnd()) return
  if (list.contains(document.activeElement) || !getSelection().isCollapsed) return
  while (list.children.length > keptEntries) {
    const [first, second] = list.children
    // The day separator stays above the first message.
    ;(first.matches('.day') && !second.matches('.day') ? second : first).remove()
  }
  const first = list.querySelector('[id^=m-]')
  first.classList.remove('continues')
  setOlderLink(location.pathname + '?before=' + first.id.slice(2))
}

function setOlderLink(older) {
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
