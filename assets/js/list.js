// The list of messages as a window on the whole room. What is older is loaded as one nears the top, and what a
// page of history lacks as one nears the gap below it; the list is kept short at its end, however long the page
// is open; and whoever comes back finds their place again.
//
// Nothing may be missed or shown twice. What came after the page was made (data-from) comes by the stream and
// by nothing else; everything before it is loaded, and loaded again once it has been dropped. A stretch that was
// read from the database before a change that the stream has brought since, to messages that were not here yet,
// is read again.

import { isPlain } from './act.js'

const { isAtEnd, parse, store } = parley

const maxEntries = 300 // entries
const keptEntries = 200
const nearby = '800px 0px' // how near an end loads more
const retryAfter = 5000 // ms
const quietTime = 1000 // ms after loading, in which a screen reader announces nothing

const list = document.querySelector('#messages[data-older]')
const scroller = list?.closest('.scroller')
const newestLink = document.querySelector('#newest')
const key = 'place:' + location.pathname + location.search

let lastItem = list?.lastElementChild
let heard = 0 // the seq of the newest entry that the stream has brought
let loading = false
let loudAgain = 0
let observer
let onChange = () => {}

const epochOf = (cursor) => cursor.split('-')[0]
const numberOf = (cursor) => +cursor.split('-')[1]
const from = () => numberOf(list.dataset.from)
const seqOf = (item) => (/^m-/.test(item.id) ? +item.id.slice(2) : 0)
const topOf = (element) => element.getBoundingClientRect().top
const findGap = () => list.querySelector('.gap')
const isDone = () => isAtEnd() && !findGap()

export function start(changed) {
  if (!list) return
  onChange = changed
  openFromTop()
  list.addEventListener('htmx:sse:before:message', ({ detail: { message } }) => {
    if (/-\d+$/.test(message.id)) heard = numberOf(message.id)
  })
  list.addEventListener('htmx:sse:after:message', onMessage)
  list.addEventListener('sent', toEnd)
  if (list.dataset.sent) toEnd()
  addEventListener('scroll', showNewest, { capture: true, passive: true })
  addEventListener('pagehide', savePlace)
  scroller.parentNode.addEventListener('click', (event) => {
    const link = event.target.closest('#older a, .gap a, #newest')
    if (!link || !isPlain(event)) return
    event.preventDefault()
    if (link.matches('#older a, .gap a:first-child')) return load(link.parentNode)
    toEnd()
    document.querySelector('#body').focus()
  })
  observer = new IntersectionObserver((seen) => seen.forEach((one) => one.isIntersecting && load(one.target)), { root: scroller, rootMargin: nearby })
  restorePlace().catch(() => {}).then(watch)
  showNewest()
}

// openFromTop turns a list that was in view from its top into one that runs from the bottom up, like the others.
function openFromTop() {
  if (!scroller.classList.contains('from-top')) return
  const top = scroller.scrollTop
  scroller.classList.remove('from-top')
  scroller.scrollTop = top - (scroller.scrollHeight - scroller.clientHeight)
}

function onMessage() {
  if (lastItem !== list.lastElementChild) {
    lastItem = list.lastElementChild
    onChange()
    showNewest()
  }
  trim()
}

function showNewest() {
  newestLink.hidden = isDone()
}

// toEnd shows the newest messages. What is before a gap gives way to them.
async function toEnd() {
  document.querySelector('.unseen')?.remove()
  if (findGap()) await jump('before=' + (from() + 1)).catch(() => {})
  scroller.scrollTop = 0
}

// trim does nothing while somebody is scrolled up, selects text or has the focus in a message.
function trim() {
  if (list.children.length < maxEntries || !isDone()) return
  if (list.contains(document.activeElement) || !getSelection().isCollapsed) return
  while (list.children.length > keptEntries) {
    const [first, second] = list.children
    // The date stays above the first message.
    ;(first.matches('.day') && !second.matches('.day') ? second : first).remove()
  }
  const first = seqOf(list.querySelector('[id^=m-]'))
  if (first > from()) list.dataset.from = epochOf(list.dataset.from) + '-' + (first - 1) // the stream will not bring it again
  setOlder(location.pathname + '?before=' + first)
}

function setOlder(href) {
  let line = document.querySelector('#older')
  if (!href) {
    if (line?.contains(document.activeElement)) scroller.focus()
    return line?.remove()
  }
  if (!line) {
    line = document.createElement('p')
    line.id = 'older'
    line.className = 'more'
    line.append(document.createElement('a'))
    line.firstChild.className = 'button'
    line.firstChild.textContent = list.dataset.older
    list.parentNode.prepend(line)
  }
  line.firstChild.href = href
  watch()
}

// watch checks again whether an end is near: the observer reports only what changes.
function watch() {
  observer.disconnect()
  for (const end of scroller.querySelectorAll('#older, .gap')) observer.observe(end)
}

async function load(end) {
  if (loading || !end.isConnected) return
  loading = true
  try {
    await (end.id === 'older' ? loadOlder : fill)(end)
    loading = false
    watch()
  } catch {
    loading = false
    setTimeout(watch, retryAfter)
  }
}

async function loadOlder(line) {
  const part = await fetchPart(line.querySelector('a').href)
  if (line.isConnected) keepPlace(part, () => { // or the list is another one by now
    list.prepend(...part.items)
    setOlder(part.older)
  })
}

// fill puts what follows into a gap, up to where the stream begins.
async function fill(gap) {
  const link = gap.querySelector('a')
  const part = await fetchPart(link.href)
  if (gap.isConnected) keepPlace(part, () => {
    gap.before(...part.items)
    if (part.gap) link.href = part.gap.querySelector('a').href
    else close(gap)
  })
}

function close(gap) {
  if (gap.contains(document.activeElement)) scroller.focus()
  gap.remove()
  scroller.setAttribute('role', 'log')
}

// jump shows another part of the room, with what the stream has brought below it.
async function jump(query) {
  const part = await fetchPart(`${location.pathname}?${query}`)
  const streamed = []
  for (const item of [...list.children].reverse()) {
    if (item.matches('.gap') || (seqOf(item) && seqOf(item) <= from())) break
    if (seqOf(item) || streamed.length) streamed.unshift(item)
  }
  keepPlace(part, () => {
    list.replaceChildren(...part.items, ...(part.gap ? [part.gap] : []), ...streamed)
    setOlder(part.older)
  })
}

// fetchPart returns the part of the room at an address, up to where the stream begins. While changes to messages
// that are not here yet overtake it, it asks again.
async function fetchPart(href) {
  for (;;) {
    const response = await fetch(href, { headers: { 'HX-Request': 'true' } })
    const page = parse(await response.text())
    const part = page.querySelector('#messages')
    if (!response.ok || !part) throw new Error(response.status)
    const { cursor } = part.dataset
    if (epochOf(cursor) !== epochOf(list.dataset.from)) location.reload() // another history
    if (numberOf(cursor) < Math.max(heard, numberOf(list.dataset.cursor))) continue
    const older = page.querySelector('#older a')
    let gap = part.querySelector('.gap')
    if (gap) gap.remove()
    const items = [...part.children]
    const beyond = items.findIndex((item) => seqOf(item) > from())
    if (beyond >= 0) {
      items.length = beyond
      gap = null
    }
    while (items.length && !items[items.length - 1].id) items.pop() // a date without messages
    if (items.length && seqOf(items[items.length - 1]) === from()) gap = null
    return { items, gap, older: older?.getAttribute('href') }
  }
}

// keepPlace changes the list without moving what is in view, and without a word from a screen reader.
function keepPlace(part, change) {
  const item = firstInView()
  const top = item && topOf(item)
  scroller.style.overflowAnchor = 'none'
  scroller.setAttribute('aria-live', 'off')
  change()
  dropRepeatedDays()
  onChange()
  part.items.forEach((item) => htmx.process(item)) // not the list, whose stream would start again
  const moved = item?.isConnected ? topOf(item) - top : 0
  if (moved) scroller.scrollTop += moved // and not otherwise: it would end a scroll that is on its way
  scroller.style.overflowAnchor = ''
  lastItem = list.lastElementChild
  showNewest()
  clearTimeout(loudAgain)
  loudAgain = setTimeout(() => scroller.removeAttribute('aria-live'), quietTime)
}

function dropRepeatedDays() {
  let before = ''
  for (const time of list.querySelectorAll('.day time')) {
    if (time.dateTime === before) time.closest('.day').remove()
    before = time.dateTime
  }
}

function firstInView() {
  const edge = topOf(scroller)
  return [...list.children].find((item) => seqOf(item) && item.getBoundingClientRect().bottom > edge)
}

// savePlace keeps which message is at the top of the window; nothing if the end is in view.
function savePlace() {
  const item = firstInView()
  if (isDone() || !item) store.remove(key)
  else store.put(key, JSON.stringify([seqOf(item), topOf(item)]))
}

// restorePlace returns to that message after Back, Forward and a reload, and when the room is opened again with
// nothing new in it.
async function restorePlace() {
  const [seq, top] = JSON.parse(store.get(key)) || []
  const [{ type, redirectCount }] = performance.getEntriesByType('navigation')
  const elsewhere = location.search || location.hash || redirectCount || list.querySelector('.new')
  if (!seq || (type === 'navigate' && elsewhere)) return
  const find = () => document.getElementById('m-' + seq)
  if (!find()) await jump('around=' + seq)
  if (find()) scroller.scrollTop += topOf(find()) - top
}
