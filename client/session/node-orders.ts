import * as v from 'valibot';
import {
  nodeActSchema,
  nodeConditionSchema,
  type NodeAct,
  type NodeCondition,
} from '../../src/network/node-condition.ts';
import { flag } from '../../src/network/figure.ts';
import { refusalOf } from '../../src/network/what-is-wrong.ts';
import type { Refusal } from '../../src/wire/signaling-messages.ts';

/** What a node is to undergo: for as long as it is said, or once. */
export type NodeOrder = { readonly condition: NodeCondition } | { readonly act: NodeAct };

/** As `netsplit.teacher.node` takes it: what stands and what is done once, side by side. */
export interface NodeFields extends Omit<NodeCondition, 'id'> {
  readonly pauseMs?: number;
  readonly wallJumpMs?: number;
  /** Of the board of the merge lab. */
  readonly edits?: readonly unknown[];
  readonly crash?: boolean;
  readonly restart?: boolean | { readonly keepDisk?: boolean };
}

/**
 * The orders that fields amount to, in the order in which they are named; what stands is one order,
 * where the first of it is named. If one of them cannot be, none is given.
 */
export function nodeOrders(id: string, fields: NodeFields): readonly NodeOrder[] | Refusal {
  const crash = v.safeParse(flag('crash'), fields.crash);
  if (!crash.success) return refusalOf(crash.issues[0]);
  const standing: Record<string, unknown> = { id };
  const orders: ({ condition: unknown } | { act: unknown })[] = [];
  for (const [field, value] of Object.entries(fields)) {
    const actOf = ACTS.get(field);
    if (!actOf) {
      if (!orders.some((order) => 'condition' in order)) orders.push({ condition: standing });
      standing[field] = value;
    } else if (value !== undefined && value !== false) {
      orders.push({ act: { id, ...actOf(value) } });
    }
  }

  const checked: NodeOrder[] = [];
  for (const order of orders) {
    const result =
      'act' in order
        ? v.safeParse(v.object({ act: nodeActSchema }), order)
        : v.safeParse(v.object({ condition: nodeConditionSchema }), order);
    if (!result.success) return refusalOf(result.issues[0]);
    checked.push(result.output);
  }
  return checked;
}

/** A Map, since names come from a console. */
const ACTS: ReadonlyMap<string, (value: unknown) => object> = new Map([
  ['pauseMs', (ms: unknown): object => ({ do: 'pause', ms })],
  ['wallJumpMs', (byMs: unknown) => ({ do: 'jump', byMs })],
  ['edits', (deeds: unknown) => ({ do: 'edit', deeds })],
  ['crash', () => ({ do: 'crash' })],
  ['restart', (how: unknown) => ({ do: 'restart', keepDisk: keepDiskOf(how) })],
]);

/** `true` keeps it, and so does an object that does not say. */
function keepDiskOf(how: unknown): unknown {
  if (typeof how !== 'object' || how === null) return how;
  return (how as { readonly keepDisk?: unknown }).keepDisk ?? true;
}
