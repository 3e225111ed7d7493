// Photos of one color, and where they are chosen and shown.
import { deflateSync } from 'node:zlib';
import { expect, type Person } from './story';

// A PNG of one color: a header, one chunk of pixels, an end.
function picture(width: number, height: number, color: [number, number, number]): Buffer {
  const crcs = Array.from({ length: 256 }, (_, n) => {
    for (let k = 0; k < 8; k++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
    return n >>> 0;
  });
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    sum.writeUInt32BE((body.reduce((crc, byte) => crcs[(crc ^ byte) & 255] ^ (crc >>> 8), 0xffffffff) ^ 0xffffffff) >>> 0);
    return Buffer.concat([length, body, sum]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2], 8);
  const line = Buffer.concat([Buffer.from([0]), Buffer.concat(Array.from({ length: width }, () => Buffer.from(color)))]);
  const pixels = deflateSync(Buffer.concat(Array.from({ length: height }, () => line)));
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', header), chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))]);
}

export const file = (name: string, buffer: Buffer) => ({ name, mimeType: 'image/png', buffer });
export const sea = file('sea.png', picture(600, 400, [40, 110, 160]));
export const hill = file('hill.png', picture(300, 500, [70, 140, 60]));

// With scripts, a tray of thumbnails inside the composer; without, a form that opens.
export const panel = (who: Person) => who.part('composer').locator(who.scripts ? '.tray' : '.attach');
const picker = (who: Person) => who.part('composer').locator('#composer input[type=file]');

export async function choose(who: Person, ...files: (typeof sea)[]): Promise<void> {
  if (who.scripts) {
    await expect(panel(who)).toBeAttached();
    const dialog = who.page.waitForEvent('filechooser');
    await who.page.locator('.attach summary').click();
    return (await dialog).setFiles(files);
  }
  if (!await panel(who).getAttribute('open').then((open) => open !== null)) await panel(who).locator('summary').click();
  await picker(who).setInputFiles(files);
}

export async function describe(who: Person, n: number, text: string): Promise<void> {
  if (who.scripts) await panel(who).locator('#chosen li').nth(n).locator('[aria-expanded]').click();
  await panel(who).locator('input[name=alt]').nth(n).fill(text);
}

export const shown = (who: Person) => who.messages.locator('.pictures img');

export async function allDrawn(who: Person, count: number): Promise<void> {
  await expect(shown(who)).toHaveCount(count);
  await expect.poll(() => shown(who).evaluateAll((all) => (
    (all as HTMLImageElement[]).every((img) => img.complete && img.naturalWidth > 0)
  ))).toBe(true);
}
