// The memory that a page costs the browser.
import { type Browser } from '@playwright/test';
import { readFileSync } from 'node:fs';

// The proportional set size of the browser's renderer processes, in bytes: their own memory, and their
// share of memory that several processes use.
export async function tabMemory(browser: Browser): Promise<number> {
  const cdp = await browser.newBrowserCDPSession();
  const { processInfo } = await cdp.send('SystemInfo.getProcessInfo');
  await cdp.detach();
  const renderers = processInfo.filter(({ type }) => type === 'renderer');
  return renderers.reduce((sum, { id }) => {
    const [, kilobytes] = readFileSync(`/proc/${id}/smaps_rollup`, 'utf8').match(/^Pss:\s+(\d+) kB$/m)!;
    return sum + Number(kilobytes) * 1024;
  }, 0);
}
