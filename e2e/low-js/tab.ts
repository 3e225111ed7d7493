// What a page costs the browser that shows it.
import { type Browser } from '@playwright/test';
import { readFileSync } from 'node:fs';

// The proportional set size of the processes that draw this browser's pages, in bytes: their own
// memory, and their share of what several have in common.
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
