// Builds the program and writes the world, once.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { binary, out as stories } from '../parley';
import { album, pictures } from './album';

const root = resolve(import.meta.dirname, '../..');

export default async function start(): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'parley-pictures-'));
  mkdirSync(stories, { recursive: true });
  mkdirSync(pictures, { recursive: true });
  execFileSync('go', ['build', '-o', binary, './app'], { cwd: root, stdio: 'inherit' });
  const world = execFileSync('go', ['run', './e2e/world', join(folder, 'world.db')], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
  process.env.PICTURES_FOLDER = folder;
  process.env.PICTURES_WORLD = world.toString();
  return async () => {
    rmSync(folder, { recursive: true, force: true });
    writeFileSync(join(pictures, 'index.html'), album());
    console.log(`  ${join(pictures, 'index.html')}`);
  };
}
