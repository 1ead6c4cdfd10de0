import type { Operation } from '../../checkers/history.ts';
import type { CellAction } from '../../checkers/models.ts';
import type { KvOutcome } from '../../election/kv/outcome.ts';
import type { Random } from '../random.ts';
import type { Run } from '../scenario.ts';
import type { RaftMember } from './raft-member.ts';

export type RaftRun = Run<RaftMember, CellAction>;

/** Few, so that clients meet. */
const KEYS = ['x', 'y', 'z'];

/** A key that nobody has put: null to the store, the empty text to the model. */
const NOTHING = '';

/** Every value is put by one command alone, so a read says which one it saw. */
export function drawAction(
  random: Random,
  seen: ReadonlyMap<string, string>,
  value: string,
): CellAction {
  // prettier-ignore
  const key = KEYS[random.below(KEYS.length)]!;
  const dice = random.next();
  if (dice < 0.4) return { kind: 'read', key };
  if (dice < 0.6) return { kind: 'write', key, value };
  if (dice < 0.7) return { kind: 'delete', key };
  return { kind: 'cas', key, from: seen.get(key) ?? NOTHING, to: value };
}

/** Until it is heard how it ended the outcome is unknown; it stays so if the node crashes before. */
export function ask(
  { history, cluster, random }: RaftRun,
  index: number,
  action: CellAction,
  then: (outcome: KvOutcome) => void,
): void {
  const { protocols: member } = cluster.members[index]!;
  const process = `${member.life}.${member.gaveUp}`;
  const asked = { process, action, calledAt: cluster.time.now() };
  const open: Operation<CellAction> = { ...asked, outcome: 'unknown', returnedAt: Infinity };
  history.push(open);
  member.isWaiting = true;
  put(member, action, random, (outcome) => {
    member.isWaiting = false;
    const position = history.indexOf(open);
    const ended = endOf(action, outcome);
    if (ended === 'never was') history.splice(position, 1);
    else if (ended === null) member.gaveUp += 1;
    else history[position] = { ...asked, ...ended, returnedAt: cluster.time.now() };
    if (ended !== null && ended !== 'never was') learn(member, ended);
    then(outcome);
  });
}

function put(
  { kv }: RaftMember,
  action: CellAction,
  random: Random,
  onEnd: (outcome: KvOutcome) => void,
): void {
  const { key } = action;
  switch (action.kind) {
    case 'read':
      return kv.get(key, onEnd, { through: random.next() < 0.2 ? 'log' : 'index' });
    case 'write':
      return kv.put(key, action.value, onEnd);
    case 'cas':
      return kv.cas(key, action.from === NOTHING ? null : action.from, action.to, onEnd);
    case 'delete':
      return kv.delete(key, onEnd);
    case 'append':
      throw new Error('the store appends nothing');
  }
}

type Ended = Pick<Operation<CellAction>, 'action' | 'outcome'>;

/** Null where nobody knows; what no leader took tells nothing of the store. */
function endOf(action: CellAction, outcome: KvOutcome): Ended | 'never was' | null {
  if ('unknown' in outcome) return null;
  if (!outcome.ok) return outcome.reason === 'no-match' ? { action, outcome: 'fail' } : 'never was';
  if (action.kind !== 'read') return { action, outcome: 'ok' };
  return { action: { ...action, value: (outcome.value ?? NOTHING) as string }, outcome: 'ok' };
}

function learn({ seen }: RaftMember, { action, outcome }: Ended): void {
  if (outcome !== 'ok') return;
  if (action.kind === 'read' || action.kind === 'write') seen.set(action.key, action.value!);
  if (action.kind === 'cas') seen.set(action.key, action.to!);
  if (action.kind === 'delete') seen.set(action.key, NOTHING);
}
