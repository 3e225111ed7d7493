// What a page asks for: "Show password", the keys of a photo, and the key that lists the keys.

import { use } from './use.js'

export function start() {
  if (document.querySelector('[data-reveal]')) use('reveal')
  if (document.querySelector('.picture')) use('viewer')
  document.addEventListener('keydown', (event) => {
    if (event.key === '?' && document.body.dataset.me && !event.target.closest('input, textarea, select, [role=dialog]')) location.assign('/keys')
  })
}
