import type { Operation } from '../../src/checkers/history.ts';
import { keyValueModel, type CellAction } from '../../src/checkers/models.ts';
import { Random } from '../../src/simulator/random.ts';

export interface BusyService {
  readonly operations: number;
  /** Clients that never wait, so that this many operations overlap at any time. */
  readonly clients: number;
  readonly keys: number;
  /** Of all operations, how many are never answered. Half of these take effect. */
  readonly unknown: number;
}

/** What a correct key-value service answers a crowd: each operation takes effect while it is open. */
export function busyHistory(
  { operations, clients, keys, unknown }: BusyService,
  seed: string | number,
): Operation<CellAction>[] {
  const random = new Random(seed);
  const freeAt = Array.from({ length: clients }, () => random.next());
  const asked = Array.from({ length: operations }, (_, i) => {
    const client = i % clients;
    const calledAt = freeAt[client]! + random.next() / 10;
    const effectAt = calledAt + random.next();
    const returnedAt = effectAt + random.next();
    freeAt[client] = returnedAt;
    const isLost = random.next() < unknown;
    return { client, calledAt, effectAt, returnedAt, isLost, request: request(random, keys, i) };
  });

  const states = new Map<string, string | null>();
  const history: Operation<CellAction>[] = [];
  const lives = freeAt.map(() => 0);
  for (const each of asked.sort((a, b) => a.effectAt - b.effectAt)) {
    const { client, calledAt, returnedAt, isLost } = each;
    const { key } = each.request;
    const state = states.get(key) ?? keyValueModel.initial;
    const action = each.request.kind === 'read' ? { ...each.request, value: state } : each.request;
    const isRefused = action.kind === 'cas' && action.from !== state;
    // A client that heard nothing goes on under another name.
    const process = `${client}.${lives[client]}`;
    const operation: Operation<CellAction> = isLost
      ? { process, action: each.request, outcome: 'unknown', calledAt, returnedAt: Infinity }
      : { process, action, outcome: isRefused ? 'fail' : 'ok', calledAt, returnedAt };
    if (isLost) lives[client]! += 1;
    if (!isLost || random.next() < 0.5) {
      states.set(key, keyValueModel.step(state, operation) ?? state);
    }
    history.push(operation);
  }
  return history;
}

function request(random: Random, keys: number, i: number): CellAction {
  const key = `k${random.below(keys)}`;
  const dice = random.next();
  if (dice < 0.45) return { key, kind: 'read' };
  if (dice < 0.75) return { key, kind: 'append', value: `${i} ` };
  if (dice < 0.9) return { key, kind: 'write', value: `${i % 7} ` };
  return { key, kind: 'cas', from: `${i % 7} `, to: '' };
}
