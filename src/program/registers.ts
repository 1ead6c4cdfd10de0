import { quorum as copies, type Quorum } from '../coordination/quorum/quorum.ts';
import { registersOver, type Registers } from '../coordination/registers/registers.ts';
import { refused, type Outcome } from '../coordination/outcome.ts';
import type { AskOptions } from '../coordination/registers/request.ts';
import { REGISTER_KINDS, type RegisterKind } from '../network/register-kinds.ts';
import type { RoomChoices } from '../network/room-choices.ts';
import { boardOf, type Board } from '../merge/board.ts';
import * as v from 'valibot';
import { registerChoicesSchema } from '../network/register-choices.ts';
import { usualSetting, type RegisterSetting } from '../network/register-setting.ts';
import type { Node } from '../runtime/node.ts';
import type { Json, NodeId } from '../vocabulary.ts';
import { AP_ENGINES, apRegister } from './ap-register.ts';
import { cpRegister, type LogStore } from './cp-register.ts';
import { quorumRegister } from './quorum-register.ts';

const BAD_KIND = refused('bad-kind', `A register is one of ${REGISTER_KINDS.join(', ')}.`);

/** The register in its three kinds at one node, and what each is built on. */
export interface ThreeRegisters {
  readonly registers: Registers;
  readonly quorum: Quorum;
  readonly board: Board;
  /** From now on the node works as the room has chosen; null where it has chosen nothing. */
  readonly use: (choices: Pick<RoomChoices, 'registers'>) => void;
  /** A request by somebody outside of the node. */
  readonly ask: <Name extends keyof RegisterArgs>(name: Name, args: RegisterArgs[Name]) => Promise<Outcome>; // prettier-ignore
}

/** What the console asks, by name. */
export interface RegisterArgs {
  readonly put: readonly [kind: RegisterKind, key: string, value: Json, options?: AskOptions];
  readonly get: readonly [kind: RegisterKind, key: string, options?: AskOptions];
}

/** Where they stand in the node. */
export interface Site {
  readonly store: LogStore;
  /** Who can be asked beside this node; unless it is said, the neighbours. */
  readonly reached?: () => readonly NodeId[];
}

/** Adds them to a node, which may run already. They read from the disk what was there. */
export function addThreeRegisters(node: Node, { store, reached }: Site): ThreeRegisters {
  let usual: (() => RegisterSetting) | undefined;
  const quorum = node.add({
    ...copies,
    create: (host) => {
      const { self: id, incarnation: life } = host;
      const others = reached ?? (() => host.neighbours());
      usual = () => usualSetting(1, { id, life }, others());
      return copies.create(host);
    },
  });
  const board = node.add(boardOf(AP_ENGINES, 'ap'));
  const registers = node.add(
    registersOver({
      cp: cpRegister(store),
      ap: apRegister(board, () => quorum.setting?.rule ?? 'lww-hybrid'),
      quorum: quorumRegister(quorum, () => usual!()),
    }),
  );
  if (reached !== undefined) {
    quorum.reachBy(reached);
    registers.reachBy(reached);
  }
  const use: ThreeRegisters['use'] = (choices) => {
    const chosen = v.safeParse(registerChoicesSchema, choices.registers);
    const { setting = null, load = null } = chosen.success ? chosen.output : {};
    if (setting !== null) quorum.use(setting);
    registers.drive(load);
  };
  const ask: ThreeRegisters['ask'] = (name, args) =>
    new Promise((resolve) => {
      if (!REGISTER_KINDS.includes(args[0])) return resolve(BAD_KIND);
      const call = registers[name].bind(registers) as (...given: unknown[]) => void;
      const given = name === 'put' ? args.slice(0, 3) : args.slice(0, 2);
      node.step(() => call(...given, resolve, args[given.length] ?? {}));
    });
  return { registers, quorum, board, use, ask };
}
