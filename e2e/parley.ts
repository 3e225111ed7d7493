// One process of the real program, on a free port, with its own environment.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { openSync, closeSync } from 'node:fs';
import { get } from 'node:https';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';

export const out = resolve(import.meta.dirname, '.out', 'stories');
export const binary = join(out, 'parley');

export class Parley {
  private child?: ChildProcess;

  private constructor(
    readonly at: string,
    readonly admin: string,
    private readonly env: NodeJS.ProcessEnv,
    private readonly folder: string,
    private readonly log: string,
  ) {}

  // Settings are PARLEY_ variables; data and log files are named after the process.
  static async start(name: string, folder: string, settings: Record<string, string>): Promise<Parley> {
    const [port, admin] = [await freePort(), await freePort()];
    const address = settings.PARLEY_ADDR ?? `127.0.0.1:${port}`;
    const inherited = Object.entries(process.env).filter(([key]) => !key.startsWith('PARLEY_'));
    const env = {
      ...Object.fromEntries(inherited),
      PARLEY_ADDR: address,
      PARLEY_ADMIN_ADDR: `127.0.0.1:${admin}`,
      PARLEY_DATABASE_URL: `sqlite:${join(folder, `${name}.db`)}`,
      PARLEY_LIMITS: 'off',
      ...settings,
    };
    const at = settings.PARLEY_TLS ? settings.PARLEY_PUBLIC_URL! : `http://${address}`;
    const parley = new Parley(at, `http://127.0.0.1:${admin}`, env, folder, join(out, `${name}.log`));
    await parley.run();
    return parley;
  }

  // Starts the process, at the same address as before.
  async run(): Promise<void> {
    const log = openSync(this.log, 'a');
    this.child = spawn(binary, [], { cwd: this.folder, env: this.env, stdio: ['ignore', log, log] });
    closeSync(log);
    for (const deadline = Date.now() + 60_000; Date.now() < deadline;) {
      if (this.child.exitCode !== null) break;
      if (await isReady(this.at)) return;
      await new Promise((go) => setTimeout(go, 50));
    }
    await this.stop('SIGKILL');
    throw new Error(`Parley did not become ready; its log is ${this.log}`);
  }

  // Suspends the process with its connections open, and resumes it.
  freeze(): void { this.child?.kill('SIGSTOP'); }
  thaw(): void { this.child?.kill('SIGCONT'); }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const child = this.child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    // A process may take 25 seconds to close its streams.
    const impatient = setTimeout(() => child.kill('SIGKILL'), 25_000);
    await ended;
    clearTimeout(impatient);
    if (signal === 'SIGTERM' && child.signalCode === 'SIGKILL') {
      throw new Error('Parley did not exit within 25 s of SIGTERM');
    }
  }
}

// A certificate may be signed by nobody; it is the browser that has to look at it.
async function isReady(at: string): Promise<boolean> {
  if (!at.startsWith('https:')) return fetch(`${at}/readyz`).then((r) => r.ok, () => false);
  return new Promise((done) => {
    get(`${at}/readyz`, { rejectUnauthorized: false }, (answer) => done(answer.resume().statusCode === 200)).on('error', () => done(false));
  });
}

// Below the range that the kernel uses for outgoing connections, one of which might take the port.
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    const server = createServer().listen(port, '127.0.0.1');
    const [free] = await Promise.race([
      once(server, 'listening').then(() => [true]),
      once(server, 'error').then(() => [false]),
    ]).catch(() => [false]);
    server.close();
    if (free) return port;
  }
}
