// A small OpenID Connect provider, at which whoever enters a name is signed in. `just sso` has a real one.
import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from '@playwright/test';

const secret = 'known to both';
const base64url = (data: string | Buffer) => Buffer.from(data).toString('base64url');

export class Provider {
  private readonly keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
  private readonly codes = new Map<string, { asked: URLSearchParams; name: string }>();
  private readonly server: Server = createServer((request, answer) => {
    this.serve(request, answer).catch(() => answer.writeHead(500).end());
  });

  static async start(): Promise<Provider> {
    const provider = new Provider();
    await once(provider.server.listen(0, '127.0.0.1'), 'listening');
    return provider;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  get at(): string { return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`; }

  // The settings of a Parley that knows it under these names, with what people read on the buttons.
  settings(labels: Record<string, string>): Record<string, string> {
    const settings: Record<string, string> = { PARLEY_OIDC: Object.keys(labels).join(',') };
    for (const [name, label] of Object.entries(labels)) {
      const of = `PARLEY_OIDC_${name.toUpperCase()}`;
      Object.assign(settings, {
        [`${of}_ISSUER`]: `${this.at}/${name}`, [`${of}_CLIENT_ID`]: 'parley', [`${of}_CLIENT_SECRET`]: secret, [`${of}_LABEL`]: label,
      });
    }
    return settings;
  }

  // Enters a name on the provider's own page.
  async enter(page: Page, name: string): Promise<void> {
    await page.locator('input[name=name]').fill(name);
    await Promise.all([page.waitForURL((url) => url.origin !== this.at, { waitUntil: 'commit' }), page.locator('button').click()]);
  }

  private async serve(request: IncomingMessage, answer: ServerResponse): Promise<void> {
    const { pathname, searchParams: asked } = new URL(request.url!, this.at);
    const issuer = `${this.at}/${pathname.split('/')[1]}`;
    const json = (value: unknown) => answer.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(value));
    switch (`${request.method} /${pathname.split('/').slice(2).join('/')}`) {
      case 'GET /.well-known/openid-configuration':
        return void json({
          issuer, authorization_endpoint: `${issuer}/authorize`, token_endpoint: `${issuer}/token`, jwks_uri: `${issuer}/keys`,
          id_token_signing_alg_values_supported: ['RS256'],
        });
      case 'GET /keys':
        return void json({ keys: [{ ...this.keys.publicKey.export({ format: 'jwk' }), kid: '1', alg: 'RS256', use: 'sig' }] });
      case 'GET /authorize':
        return void answer.writeHead(200, { 'Content-Type': 'text/html' }).end(
          '<!doctype html><title>Provider</title><form method="post"><input name="name" aria-label="Name"><button>Sign in</button></form>');
      case 'POST /authorize': {
        const code = randomBytes(16).toString('hex');
        this.codes.set(code, { asked, name: new URLSearchParams(await body(request)).get('name')! });
        const back = new URL(asked.get('redirect_uri')!);
        back.search = String(new URLSearchParams({ code, state: asked.get('state')! }));
        return void answer.writeHead(303, { Location: back.href }).end();
      }
      case 'POST /token': {
        const form = new URLSearchParams(await body(request));
        const known = this.codes.get(form.get('code') ?? '');
        this.codes.delete(form.get('code') ?? '');
        const challenge = createHash('sha256').update(form.get('code_verifier') ?? '').digest('base64url');
        const client = `Basic ${Buffer.from(`parley:${encodeURIComponent(secret).replace(/%20/g, '+')}`).toString('base64')}`;
        if (known?.asked.get('code_challenge') !== challenge || request.headers.authorization !== client) {
          return void answer.writeHead(400).end('{"error":"invalid_grant"}');
        }
        return void json({ access_token: 'of no use', token_type: 'Bearer', id_token: this.token(issuer, known.name, known.asked.get('nonce')!) });
      }
    }
    answer.writeHead(404).end();
  }

  private token(issuer: string, name: string, nonce: string): string {
    const now = Math.floor(Date.now() / 1000);
    const claims = { iss: issuer, sub: name, aud: 'parley', nonce, iat: now, exp: now + 3600, preferred_username: name };
    const signed = `${base64url('{"alg":"RS256","kid":"1"}')}.${base64url(JSON.stringify(claims))}`;
    return `${signed}.${base64url(sign('sha256', Buffer.from(signed), this.keys.privateKey))}`;
  }
}

async function body(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}
