import type { Person } from './story';

// Headless Chromium considers every tab visible, so this tells the page otherwise.
export async function look(who: Person, state: 'visible' | 'hidden'): Promise<void> {
  await who.page.evaluate((value) => {
    Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => value });
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => value === 'hidden' });
    document.dispatchEvent(new Event('visibilitychange'));
  }, state);
}
