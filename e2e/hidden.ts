import type { Person } from './story';

// Headless Chromium takes every tab for visible, so the page is told instead of the window.
export async function look(who: Person, state: 'visible' | 'hidden'): Promise<void> {
  await who.page.evaluate((value) => {
    Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => value });
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => value === 'hidden' });
    document.dispatchEvent(new Event('visibilitychange'));
  }, state);
}
