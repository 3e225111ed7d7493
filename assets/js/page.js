// Small things for every page.

import * as store from './store.js'

export function start() {
  // A page from the back/forward cache has a dead socket and an old list.
  addEventListener('pageshow', (event) => {
    if (event.persisted) location.reload()
  })

  // Drafts that somebody else left in this tab are not for the person who is signed in now.
  const { me } = document.body.dataset
  if (me && store.get('me') !== me) {
    store.clear()
    store.put('me', me)
  }

  const zone = document.querySelector('input[type=hidden][name=time_zone]')
  if (zone) zone.value = Intl.DateTimeFormat().resolvedOptions().timeZone || ''

  // Signing out leaves no drafts for the next person at this screen.
  document.addEventListener('submit', (event) => {
    if (event.target.getAttribute('action') === '/sign-out') store.clear()
  })

  document.addEventListener('htmx:before:swap', rememberItem)
  document.addEventListener('htmx:after:swap', restoreFocus)

  // The room list keeps its place from page to page, and the open room is in view.
  const rooms = document.querySelector('.list')
  if (!rooms) return
  rooms.scrollTop = store.get('list')
  const open = document.querySelector('#rooms [aria-current=page]')
  if (open) open.scrollIntoView({ block: 'nearest' })
  addEventListener('pagehide', () => store.put('list', rooms.scrollTop))
}

// htmx restores the focus to elements that still exist after a swap. A reaction that was the last of its
// kind does not, nor do the links of a deleted message. Then the focus goes to the message itself.
let itemID

function rememberItem() {
  const item = document.activeElement.closest('#messages > li')
  itemID = item && item.id
}

function restoreFocus() {
  if (!itemID || document.activeElement !== document.body) return
  const link = document.querySelector(`#${itemID} .do, #${itemID} .at`)
  if (link) link.focus()
}
