import type { Link } from './link.ts';
import type { LostReason } from './link-context.ts';

/**
 * Why a link is not open, in a sentence that a student understands. Null while there is nothing to
 * worry about: it is open, not wanted, or still in its first attempt.
 */
export function troubleOf(link: Link, name: string): string | null {
  if (link.open || link.phase === 'idle' || link.failures === 0) return null;
  return link.lastLost === null ? silence(name) : sentence(link.lastLost, name);
}

function sentence(reason: LostReason, name: string): string {
  switch (reason) {
    case 'timeout':
    case 'unreachable':
      return `${name} answers, but no path leads there. The Wi-Fi may keep devices apart: try a hotspot or a cable.`;
    case 'no-route':
      return `The server is away and nobody I am linked to can reach ${name}. I keep trying.`;
    case 'closed-there':
      return `${name} went away. I call again as soon as it is back.`;
    case 'no-budget':
      return 'This tab has opened too many connections. It waits a minute, then goes on.';
    case 'garbage':
      return `${name} sends what I cannot read. Both of us should reload the page.`;
    case 'failed':
      return `The browser could not make a connection to ${name}. I try again.`;
    case 'no-answer':
    case 'closed-here':
    case 'replaced':
    case 'unwanted':
    case 'cut':
      return silence(name);
  }
}

function silence(name: string): string {
  return `${name} has not answered yet. It may be asleep, or gone.`;
}
