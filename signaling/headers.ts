import type { IncomingMessage, ServerResponse } from 'node:http';

/** A host name or address with or without a port, and nothing that could end a directive. */
const HOST = /^[\w.-]+(:\d+)?$|^\[[\da-f:]+\](:\d+)?$/i;

/** Everything comes from this server and talks to this server. */
export function setSecurityHeaders({ headers }: IncomingMessage, response: ServerResponse): void {
  // Safari before 16 does not take 'self' to cover WebSockets of the same host.
  const sockets = HOST.test(headers.host ?? '')
    ? ` ws://${headers.host} wss://${headers.host}`
    : '';
  response.setHeader(
    'Content-Security-Policy',
    [
      "default-src 'none'",
      // And WebAssembly of ours: Automerge of the merge lab is made of it.
      "script-src 'self' 'wasm-unsafe-eval'",
      "style-src 'self'",
      "img-src 'self' data:",
      "font-src 'self'",
      `connect-src 'self'${sockets}`,
      "worker-src 'self'",
      "manifest-src 'self'",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ].join('; '),
  );
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('Referrer-Policy', 'no-referrer');
}
