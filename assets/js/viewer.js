// viewer makes the arrow keys lead from a photo to the others of its message, and Escape back.
export function viewer() {
  const rtl = document.dir === 'rtl'
  const links = { Escape: '.back', [rtl ? 'ArrowRight' : 'ArrowLeft']: '[rel=prev]', [rtl ? 'ArrowLeft' : 'ArrowRight']: '[rel=next]' }
  document.addEventListener('keydown', ({ key, target, altKey, ctrlKey, metaKey }) => {
    const link = !(altKey || ctrlKey || metaKey || target.matches('input')) && key in links && document.querySelector(links[key])
    if (link) link.click()
  })
}
