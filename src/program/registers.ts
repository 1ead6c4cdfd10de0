import { quorum as copies, type Quorum } from '../coordination/quorum/quorum.ts';
import { registersOver, type Registers } from '../coordination/registers/registers.ts';
import { boardOf, type Board } from '../merge/board.ts';
import type { RegisterLoad } from '../network/register-load.ts';
import { usualSetting, type RegisterSetting } from '../network/register-setting.ts';
import type { Node } from '../runtime/node.ts';
import type { NodeId } from '../vocabulary.ts';
import { AP_ENGINES, apRegister } from './ap-register.ts';
import { cpRegister, type LogStore } from './cp-register.ts';
import { quorumRegister } from './quorum-register.ts';

/** The register in its three kinds at one node, and what each is built on. */
export interface ThreeRegisters {
  readonly registers: Registers;
  readonly quorum: Quorum;
  readonly board: Board;
  /** From now on the node works as the class has chosen: null where nobody has. */
  readonly use: (chosen: RegisterChoices) => void;
}

/** What of a room's choices is about registers. */
export interface RegisterChoices {
  readonly setting: RegisterSetting | null;
  readonly load: RegisterLoad | null;
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
  const use = ({ setting, load }: RegisterChoices) => {
    if (setting !== null) quorum.use(setting);
    registers.drive(load);
  };
  return { registers, quorum, board, use };
}
