import type { VersionedAction } from '../../checkers/freshness.ts';
import type { Operation } from '../../checkers/history.ts';
import type { Version } from '../../coordination/quorum/version.ts';
import type { Outcome } from '../../coordination/outcome.ts';
import type { Random } from '../random.ts';
import type { Run } from '../scenario.ts';
import { settingOf, type QuorumMember } from './quorum-member.ts';

export type QuorumAction = VersionedAction<Version>;
export type QuorumRun = Run<QuorumMember, QuorumAction>;

/** Few, so that clients meet. */
export const KEYS = ['x', 'y'];

/** A key that nobody has written: null to the registers, the empty text to the model. */
const NOTHING = '';

/** Every value is written by one request alone, so a read says which one it saw. */
function drawAction(random: Random, value: string): QuorumAction {
  const key = KEYS[random.below(KEYS.length)]!;
  return random.next() < 0.55 ? { kind: 'read', key } : { kind: 'write', key, value };
}

/** A stretch of requests, the next when the one before has ended. */
export function askOn(run: QuorumRun, index: number, value: string, left: number): void {
  if (left === 0) return;
  const action = drawAction(run.random, `${value}-${left}`);
  ask(run, index, action, () => askOn(run, index, value, left - 1));
}

/** Until it is heard how it ended the outcome is unknown; it stays so if the node crashes before. */
export function ask(
  run: QuorumRun,
  index: number,
  action: QuorumAction,
  then: (outcome: Outcome) => void = () => {},
): void {
  const { history, cluster } = run;
  const { protocols: member } = cluster.members[index]!;
  const process = `${member.life}.${member.gaveUp}`;
  const asked = { process, action, calledAt: cluster.time.now() };
  const position = history.push({ ...asked, outcome: 'unknown', returnedAt: Infinity }) - 1;
  member.waitsFor += 1;
  request(run, index, action, (outcome) => {
    member.waitsFor -= 1;
    const ended = endOf(action, outcome);
    if (ended === null) member.gaveUp += 1;
    else history[position] = { ...asked, ...ended, returnedAt: cluster.time.now() };
    then(outcome);
  });
}

function request(
  { cluster }: QuorumRun,
  index: number,
  action: QuorumAction,
  onEnd: (outcome: Outcome) => void,
): void {
  const { node, protocols } = cluster.members[index]!;
  const { quorum, draw } = protocols;
  node.step(() => {
    // The room's choice comes by the server, which no fault of the mesh keeps back.
    quorum.use(settingOf(draw, cluster.members.map(({ id }) => id))); // prettier-ignore
    if (action.kind === 'write') quorum.put(action.key, action.value, onEnd);
    else quorum.get(action.key, onEnd);
  });
}

type Ended = Pick<Operation<QuorumAction>, 'action' | 'outcome'>;

/** Null where nobody knows. */
function endOf(action: QuorumAction, outcome: Outcome): Ended | null {
  if ('unknown' in outcome) return null;
  if (!outcome.ok) return { action, outcome: 'fail' };
  const version = outcome.mark as Version | null;
  if (action.kind !== 'read') return { action: { ...action, version }, outcome: 'ok' };
  const value = (outcome.value ?? NOTHING) as string;
  return { action: { ...action, value, version }, outcome: 'ok' };
}
