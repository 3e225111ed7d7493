// One rule for everything that opens over a page: a click elsewhere closes it, Escape closes it, and so does
// another that opens. A click also takes away a problem, which stands over the page, too.

const { connection } = parley

const isMenu = 'details[name=menu]'

// start gets a function that closes the menu at a message, unless it contains an element.
export function start(closeActions) {
  const close = (inside) => {
    closeActions(inside)
    for (const menu of document.querySelectorAll(isMenu + '[open]')) if (!menu.contains(inside)) menu.open = false
  }
  document.addEventListener('click', ({ target }) => {
    connection.setProblem('')
    close(target)
  })
  document.addEventListener('toggle', ({ target }) => {
    if (target.matches(isMenu) && target.open) close(target)
  }, true)

  // Escape closes what is open, or else cancels the edit or the reply.
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || event.isComposing || closeActions()) return
    const open = document.activeElement.closest('details[open]') || document.querySelector(isMenu + '[open]')
    const target = open ? open.querySelector('summary') : document.querySelector('#editor .cancel, #reply .cancel')
    if (!target) return
    target.focus()
    target.click()
  })
}
