// Ctrl K: a box over the page that finds rooms, with the HTML of the server.

const { jump: label } = document.body.dataset

// jump opens the box. ask passes what the server finds for a field to a function.
export function jump(ask) {
  if (document.querySelector('.veil')) return
  const before = document.activeElement
  const veil = document.createElement('div')
  veil.className = 'veil'
  veil.innerHTML = '<div class="jump" role="dialog" aria-modal="true"><input type="search" role="combobox" aria-expanded="true" '
    + 'aria-controls="jump" aria-autocomplete="list" maxlength="100" autocomplete="off" spellcheck="false"><div id="jump" class="rooms" role="listbox"></div></div>'
  const [box, field, found] = veil.querySelectorAll('.jump, input, #jump')
  for (const part of [box, field, found]) part.setAttribute('aria-label', label)
  field.placeholder = label
  let active = 0
  let picked = '' // by an arrow key: stays when the same room is found again
  const options = () => found.querySelectorAll('a')
  const choose = (n) => {
    const all = options()
    active = (n + all.length) % all.length || 0
    all.forEach((option, i) => option.setAttribute('aria-selected', i === active))
    if (!all[active]) return field.removeAttribute('aria-activedescendant')
    field.setAttribute('aria-activedescendant', all[active].id)
    all[active].scrollIntoView({ block: 'nearest' })
  }
  const show = (html) => {
    found.innerHTML = html
    for (const part of found.querySelectorAll('ul, li, p')) part.setAttribute('role', 'presentation')
    options().forEach((option, i) => {
      option.id = 'jump-' + i
      option.tabIndex = -1
      option.setAttribute('role', 'option')
    })
    choose(Math.max(0, Array.from(options(), String).indexOf(picked)))
  }
  const move = (by) => {
    choose(active + by)
    picked = String(options()[active])
  }
  const close = () => {
    veil.remove()
    before.focus()
  }
  veil.addEventListener('mousedown', (event) => {
    if (event.target !== veil) return
    event.preventDefault() // which would take the focus away again
    close()
  })
  veil.addEventListener('keydown', (event) => {
    event.stopPropagation() // the page has keys of its own
    if (event.isComposing) return
    const { key } = event
    if (key === 'ArrowDown') move(1)
    else if (key === 'ArrowUp') move(-1)
    else if (key === 'Escape' || key === 'k' && (event.ctrlKey || event.metaKey)) close()
    else if (key === 'Enter') options()[active] && options()[active].click()
    else if (key !== 'Tab') return
    event.preventDefault()
  })
  field.addEventListener('input', () => ask(field, show))
  document.body.append(veil)
  field.focus()
  ask(field, show)
}
