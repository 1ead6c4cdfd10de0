import type { RegisterBackend } from '../../src/coordination/registers/backend.ts';
import type { OnEnd, Outcome } from '../../src/coordination/outcome.ts';
import { registersOver, type Registers } from '../../src/coordination/registers/registers.ts';
import type { AskOptions } from '../../src/coordination/registers/request.ts';
import type { RegisterKind } from '../../src/network/register-kinds.ts';
import { Cluster } from '../../src/simulator/cluster.ts';
import type { TraceEvent } from '../../src/trace/event.ts';
import type { Json, Milliseconds } from '../../src/vocabulary.ts';

export const DELAY_MS: Milliseconds = 10;

/** A node's own cell, which hears of no other's: its mark is how often it was put here. */
export class LoneCell implements RegisterBackend {
  readonly puts: Json[] = [];
  mode: 'answers' | 'silent' | 'refuses' = 'answers';
  reads = 0;
  value: Json = null;
  /** How new it is. */
  version = 0;
  /** Writes it to the node's disk. */
  keep: () => void = () => {};

  put(_key: string, value: Json, onEnd: OnEnd): void {
    if (this.mode === 'silent') return;
    if (this.mode === 'refuses') return onEnd({ ok: false, reason: 'full', why: 'It is full.' });
    this.puts.push(value);
    this.value = value;
    this.version += 1;
    this.keep();
    onEnd({ ok: true, mark: this.version });
  }

  get(_key: string, onEnd: OnEnd): void {
    this.reads += 1;
    if (this.mode === 'answers') onEnd({ ok: true, value: this.value, mark: this.version });
  }

  covers(mark: Json, floor: Json): boolean {
    return (mark as number) >= (floor as number);
  }

  raised(floor: Json | null, mark: Json): Json {
    return Math.max((floor as number | null) ?? 0, mark as number);
  }
}

/** Nodes with registers over cells of which each is alone, linked each to each. */
export class RegisterClass {
  readonly cluster: Cluster<Registers>;
  readonly events: TraceEvent[] = [];
  readonly cells: LoneCell[] = [];

  constructor({ nodes = 3, maxWriteMs = 1 } = {}) {
    this.cluster = new Cluster<Registers>({
      ...{ nodes, seed: 1, maxWriteMs, delay: () => DELAY_MS },
      protocols: (node, _life, index) => {
        const cell = (this.cells[index] ??= new LoneCell());
        const definition = registersOver({ cp: cell, ap: cell, quorum: cell });
        return node.add({
          ...definition,
          create: (host) => {
            cell.keep = () => host.store.put('cell', cell.value);
            return definition.create(host);
          },
        });
      },
      trace: (event) => this.events.push(event),
    });
    this.cluster.linkAll();
  }

  id(index: number) {
    return this.cluster.members[index]!.id;
  }

  registers(index: number): Registers {
    return this.cluster.members[index]!.protocols;
  }

  run(ms: Milliseconds): void {
    this.cluster.time.runFor(ms);
  }

  /** @returns all outcomes that it is ever told: one */
  put(index: number, value: Json, options: AskOptions = {}, key = 'x'): Outcome[] {
    return this.ask(index, (registers, onEnd) => registers.put('ap', key, value, onEnd, options));
  }

  get(index: number, options: AskOptions = {}, kind: RegisterKind = 'ap'): Outcome[] {
    return this.ask(index, (registers, onEnd) => registers.get(kind, 'x', onEnd, options));
  }

  notes(kind: string) {
    return this.events.flatMap((event) =>
      event.type === 'note' && event.protocol === 'registers' && event.kind === kind
        ? [event.detail]
        : [],
    );
  }

  private ask(index: number, call: (registers: Registers, onEnd: OnEnd) => void): Outcome[] {
    const told: Outcome[] = [];
    const { node, protocols } = this.cluster.members[index]!;
    node.step(() => call(protocols, (outcome) => told.push(outcome)));
    return told;
  }
}
