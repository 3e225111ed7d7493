// Small things that every page wants.

import * as store from './store.js'

export function start() {
  // A page out of the back/forward cache has a dead socket and an old list.
  addEventListener('pageshow', (event) => {
    if (event.persisted) location.reload()
  })

  // What somebody else has left in this tab is not for the one who is signed in now.
  const { me } = document.body.dataset
  if (me && store.get('me') !== me) {
    store.clear()
    store.put('me', me)
  }

  const zone = document.querySelector('input[type=hidden][name=time_zone]')
  if (zone) zone.value = Intl.DateTimeFormat().resolvedOptions().timeZone || ''

  // Whoever signs out leaves nothing behind for the next person at this screen.
  document.addEventListener('submit', (event) => {
    if (event.target.getAttribute('action') === '/sign-out') store.clear()
  })

  // Escape puts away what is open around the focus, or else what one answers.
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || event.isComposing) return
    const open = document.activeElement.closest('details[open]')
    const way = open ? open.querySelector('summary') : document.querySelector('.cancel')
    if (!way) return
    way.focus()
    way.click()
  })

  document.addEventListener('htmx:before:swap', keepPlace)
  document.addEventListener('htmx:after:swap', findPlace)
  document.addEventListener('htmx:after:swap', countUnread)
  countUnread()
}

// htmx gives the focus back to what is still there. A reaction that was the last of its kind is not,
// nor is what led on from a message that was deleted: then the message itself has something to hold.
let place

function keepPlace() {
  place = document.activeElement.closest('#messages > li')?.id
}

function findPlace() {
  if (place && document.activeElement === document.body) document.getElementById(place)?.querySelector('.do, .at')?.focus()
}

function countUnread() {
  if (!document.querySelector('#rooms')) return
  let unread = 0
  for (const mark of document.querySelectorAll('#rooms .unread[data-count]')) unread += Number(mark.dataset.count) || 0
  const title = document.title.replace(/^\(\d+\) /, '')
  const next = unread ? `(${unread}) ${title}` : title
  if (document.title !== next) document.title = next
}
