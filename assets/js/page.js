// Small things for every page.

import * as connection from './connection.js'
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
  document.addEventListener('submit', ({ target }) => {
    connection.setProblem('')
    if (target.getAttribute('action') === '/sign-out') store.clear()
  }, true)
  document.addEventListener('htmx:finally:request', sayProblem)

  // The room list keeps its place from page to page, and the open room is in view.
  const rooms = document.querySelector('.list')
  if (!rooms) return
  rooms.scrollTop = store.get('list')
  document.querySelector('#rooms [aria-current=page]')?.scrollIntoView({ block: 'nearest' })
  addEventListener('pagehide', () => store.put('list', rooms.scrollTop))
}

// sayProblem is about forms that htmx sends. What has become of them is seen where they stand, or else said in the
// page's one place for it. The menu of a message and the form for an edit have places of their own (act.js).
function sayProblem({ target, detail: { ctx } }) {
  const isShown = ctx.status === 'swapped' && ctx.swap !== 'none' || target.closest?.('#menu, #editor')
  if (ctx.request.form && !isShown) connection.setProblem(problemOf(ctx))
}

// problemOf returns why a request has failed, in the server's words if it has any, or ''.
export function problemOf({ status, response, text }) {
  if (!/^error/.test(status) && !(response?.status > 399)) return ''
  return parse(text).querySelector('[role=alert]')?.textContent || document.querySelector('#connection').dataset.failed
}

export const parse = (html) => new DOMParser().parseFromString(html, 'text/html')
