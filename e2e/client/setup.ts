// Records the pages before each run, so that they are never older than the views.
import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { folder } from './markup';

export default function record(): void {
  execFileSync('go', ['run', './e2e/client/record', folder], { cwd: resolve(import.meta.dirname, '../..'), stdio: 'inherit' });
}
