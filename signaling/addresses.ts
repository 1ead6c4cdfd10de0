import type { NetworkInterfaceInfo } from 'node:os';

/** Bridges and tunnels that machines make for themselves; no student's tab is on them. */
const OWN_NETWORK =
  /^(docker|br-|veth|virbr|vmnet|vboxnet|vethernet|utun|tun|tap|wg|zt|tailscale)/i;

/** What a school's network hands out, the likelier first. */
const PRIVATE = [/^192\.168\./, /^10\./, /^172\.(1[6-9]|2\d|3[01])\./];
const SELF_ASSIGNED = /^169\.254\./;

/** @returns the IPv4 address under which others on the network most likely reach this machine */
export function lanAddress(
  interfaces: Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>,
): string | undefined {
  const candidates: { address: string; rank: number }[] = [];
  for (const [name, addresses = []] of Object.entries(interfaces)) {
    for (const { address, family, internal } of addresses) {
      if (internal || family !== 'IPv4' || SELF_ASSIGNED.test(address)) continue;
      const likelihood = PRIVATE.findIndex((range) => range.test(address));
      const rank =
        (likelihood < 0 ? PRIVATE.length : likelihood) + (OWN_NETWORK.test(name) ? 10 : 0);
      candidates.push({ address, rank });
    }
  }
  return candidates.sort((a, b) => a.rank - b.rank)[0]?.address;
}

/** The page's own origin, unless it is one that only this machine can open. */
export function publicOrigin(origin: string | undefined, fallback: string): string {
  const hostname = origin && URL.canParse(origin) ? new URL(origin).hostname : '';
  const onlyHere = hostname === '' || /^(localhost|127\..*|\[::1\])$/.test(hostname);
  return onlyHere ? fallback : new URL(origin!).origin;
}

/** Browsers name the page's origin; one of another site has no business here. Tools name none. */
export function sameOrigin(origin: string | undefined, host: string | undefined): boolean {
  if (origin === undefined) return true;
  return URL.canParse(origin) && new URL(origin).host === host?.toLowerCase();
}
