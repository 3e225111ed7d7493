// reveal lets people look at the password that they have typed. The button is made here: text browsers show
// hidden ones, too.
export function reveal() {
  for (const field of document.querySelectorAll('[data-reveal]')) {
    const button = document.createElement('button')
    button.type = 'button'
    button.className = 'reveal'
    button.textContent = field.dataset.reveal
    button.setAttribute('aria-controls', field.id)
    const show = (shown) => {
      field.type = shown ? 'text' : 'password'
      button.setAttribute('aria-pressed', shown)
    }
    show(false)
    button.addEventListener('click', () => show(field.type === 'password'))
    // Browsers offer to keep a password, and not a text.
    field.form.addEventListener('submit', () => show(false))
    field.after(button)
  }
}
