// The box in the profile that asks for notifications needs the browser's permission, too.

// permit asks for the browser's permission when the box in the profile is ticked, and shows the result.
export function permit(form) {
  const box = form.elements.notify
  const allow = form.querySelector('[type=button]')
  const status = form.querySelector('[aria-live]')
  const request = async () => {
    if (globalThis.Notification && Notification.permission === 'default') await Notification.requestPermission()
    tellHow()
  }
  const tellHow = () => {
    const permission = globalThis.Notification && Notification.permission
    allow.hidden = !box.checked || permission !== 'default'
    status.textContent = !permission ? form.dataset.unknown : box.checked && permission === 'denied' ? form.dataset.refused : ''
  }
  box.addEventListener('change', () => box.checked ? request() : tellHow())
  allow.addEventListener('click', request)
  tellHow()
}
