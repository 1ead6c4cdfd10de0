import type { IceAdvice } from '../../src/wire/signaling-messages.ts';

/**
 * The server's own STUN port, under the name by which this page reached the server, and what the
 * site adds. No other server is ever asked: a school may have no internet, and pupils no wish to be
 * known to one.
 */
export function iceServersFor(advice: IceAdvice): RTCIceServer[] {
  const own =
    advice.stunPort === null ? [] : [{ urls: `stun:${location.hostname}:${advice.stunPort}` }];
  const added = advice.servers.map((server) => ({
    ...server,
    urls: typeof server.urls === 'string' ? server.urls : [...server.urls],
  }));
  return [...own, ...added];
}
