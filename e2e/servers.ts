// Builds the program once, and starts and stops the three processes that most stories share.
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { binary, out, Parley } from './parley';
import { canary, password } from './story';

export default async function start(): Promise<() => Promise<void>> {
  const { RIG_MYSQL: mysql, RIG_REDIS: redis, RIG_CHROMIUM: chromium } = process.env;
  if (!mysql || !redis || !chromium) {
    throw new Error('The browser stories need servers: run them with `just e2e`, or `npx --yes rust-just e2e`.');
  }
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  const built = process.env.RIG_PROGRAM ?? binary; // perhaps the Go tests have built it
  execFileSync('go', ['build', '-o', built, './app'], { cwd: resolve(import.meta.dirname, '..'), stdio: 'inherit' });
  if (built !== binary) copyFileSync(built, binary);

  const folder = mkdtempSync(join(tmpdir(), 'parley-stories-'));
  const database = `parley_${randomBytes(8).toString('hex')}`;
  sql(mysql, `CREATE DATABASE ${database} CHARACTER SET utf8mb4`);
  const anybody = { PARLEY_OPEN_ROOMS_BY: 'members' }; // administrators are whoever comes first
  const shared = {
    PARLEY_DATABASE_URL: `mysql://root@${mysql}/${database}`,
    PARLEY_REDIS_URL: `redis://${redis}/0`,
    ...anybody,
  };
  // All at once: two processes that start on an empty database must both come up.
  const processes = await Promise.all([
    Parley.start('one', folder, anybody),
    Parley.start('two-a', folder, shared),
    Parley.start('two-b', folder, shared),
  ]);
  process.env.RIG_ONE = processes[0].at;
  process.env.RIG_ADMIN = processes[0].admin;
  process.env.RIG_TWO = `${processes[1].at} ${processes[2].at}`;
  process.env.RIG_SHARED = JSON.stringify(shared);

  return async () => {
    await Promise.all(processes.map((p) => p.stop()));
    sql(mysql, `DROP DATABASE ${database}`);
    rmSync(folder, { recursive: true, force: true });
    readLogs();
  };
}

function sql(addr: string, statement: string): void {
  const [host, port] = addr.split(':');
  execFileSync('mariadb', [
    '--no-defaults', '--protocol=tcp', `--host=${host}`, `--port=${port}`, '--user=root', `--execute=${statement}`,
  ]);
}

// Checks after all stories that nothing panicked, and that no log contains what people typed.
function readLogs(): void {
  for (const name of readdirSync(out).filter((f) => f.endsWith('.log'))) {
    const log = readFileSync(join(out, name), 'utf8');
    for (const never of ['panic', 'DATA RACE', password, canary]) {
      if (log.includes(never)) throw new Error(`${join(out, name)} contains "${never}"`);
    }
  }
}
