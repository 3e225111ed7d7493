// The list of messages is one stop for the Tab key: the arrows, Home and End move through it, Enter opens what
// can be done about a message, and Tab goes on to what is in it.

import { isPlain } from './act.js'

const list = document.querySelector('.scroller #messages')

let current = null // the message that is the stop

export function start() {
  if (!list) return
  list.addEventListener('keydown', onKey)
  list.addEventListener('focusin', ({ target }) => moveTo(target.closest('.message')))
  // htmx restores the focus to elements that still exist after a swap. A reaction that was the last of its kind does
  // not, nor do the links of a deleted message. Then the focus goes to the message itself, at once: before the end
  // of a swap another one may begin.
  let heldID
  document.addEventListener('htmx:before:swap', () => {
    heldID = document.activeElement.closest('.message')?.id
  })
  document.addEventListener('htmx:before:settle', () => {
    if (heldID && document.activeElement === document.body) document.querySelector(`#${heldID} :is(.do, .at)`)?.focus()
  })
  document.addEventListener('htmx:after:swap', refresh)
  refresh()
  // Where a page leads to a message, the keys start there.
  const aimed = document.activeElement === document.body && list.querySelector('.message:target, .message[aria-current]')
  if (aimed) aimed.focus({ preventScroll: true })
}

const items = () => [...list.querySelectorAll('.message')]

function moveTo(item) {
  if (!item || item === current) return
  const was = current
  current = item
  if (was) setStops(was)
  setStops(item)
}

// refresh keeps the newest message as the stop until somebody moves.
export function refresh() {
  if (!list) return
  const all = items()
  if (!list.contains(document.activeElement)) current = all[all.length - 1]
  all.forEach(setStops)
  list.closest('.scroller').tabIndex = all.length ? -1 : 0
}

function setStops(item) {
  const tabIndex = item === current ? 0 : -1
  item.tabIndex = tabIndex
  for (const stop of item.querySelectorAll('a, button, pre')) stop.tabIndex = stop.closest('.author') ? -1 : tabIndex
}

function onKey(event) {
  const { key, target } = event
  const item = target.closest('.message')
  if (!item || !isPlain(event)) return
  if (key === 'Enter' && target === item) item.querySelector('.do')?.click()
  const all = items()
  const at = all.indexOf(item)
  const next = all[{ ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: all.length - 1 }[key]]
  if (!next) return
  // A message that does not fit is scrolled to its end first.
  const [here, view] = [item.getBoundingClientRect(), list.closest('.scroller').getBoundingClientRect()]
  if (key === 'ArrowUp' && here.top < view.top - 1 || key === 'ArrowDown' && here.bottom > view.bottom + 1) return
  event.preventDefault()
  next.focus()
}
