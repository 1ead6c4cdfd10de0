import { listOf } from '../ui/list.ts';
import type { StudentSnapshot } from '../session/snapshots.ts';
import { duration, named } from '../views/words.ts';

/** The longest list of names that is easier to read than their number. */
const MOST_NAMES = 2;

/** What the teacher has done to this node, each in one sentence. Its state and its plug speak for themselves. */
export function toldOf({ orders, peers, self }: StudentSnapshot): readonly string[] {
  const told: string[] = [];
  const cut = peers.filter((peer) => peer.link === 'cut').map(({ name }) => name);
  const { clockAheadMs, driftPpm, slowMs, sendOmission, receiveOmission } = orders;
  if (cut.length > MOST_NAMES) told.push(`Your teacher has cut ${cut.length} of my links.`);
  else if (cut.length > 0)
    told.push(`Your teacher has cut my ${cut.length === 1 ? 'link' : 'links'} to ${named(cut)}.`);

  const clock = [
    ...(clockAheadMs === 0 ? [] : [`is ${aheadOrBehind(clockAheadMs)}`]),
    ...(driftPpm === 0
      ? []
      : [`runs ${percent(Math.abs(driftPpm) / 1e6)} ${driftPpm > 0 ? 'fast' : 'slow'}`]),
  ];
  if (clock.length > 0) told.push(`My clock ${listOf(clock)} because the teacher set it so.`);

  if (self.state === 'crashed') return told;
  if (slowMs > 0)
    told.push(`Your teacher has made me slow: I need ${duration(slowMs)} for each message.`);
  if (sendOmission > 0)
    told.push(`Your teacher lets ${percent(sendOmission)} of what I send get lost.`);
  if (receiveOmission > 0)
    told.push(`Your teacher lets ${percent(receiveOmission)} of what is sent to me get lost.`);
  return told;
}

function aheadOrBehind(ms: number): string {
  return `${span(Math.abs(ms))} ${ms > 0 ? 'ahead' : 'behind'}`;
}

/** As a person sets it: '5 s', not '5.0 s'. */
function span(ms: number): string {
  if (ms < 1_000) return `${short(ms)} ms`;
  if (ms < 120_000) return `${short(ms / 1_000)} s`;
  return ms < 7_200_000 ? `${short(ms / 60_000)} min` : `${short(ms / 3_600_000)} h`;
}

const percent = (share: number): string => `${short(share * 100)} %`;
const short = (figure: number): string => String(Number(figure.toPrecision(3)));
