import type { Host } from '../../runtime/host.ts';
import type { Milliseconds } from '../../vocabulary.ts';
import type { KeyValueMachine } from './machine.ts';
import { checksumOf } from './parts-digest.ts';

/** As many as a page has room for. */
export const MAX_TOLD_KEYS = 12;

/** Of a value; its checksum says whether the rest is the same. */
export const TOLD_CHARACTERS = 60;

/** Ten pictures a second: a busy key is told of once for many writes. */
export const TELL_EVERY_MS: Milliseconds = 100;

/** Lets others see what a node holds in the store, key by key: the rules KV-18 to KV-20 stand in README.md. */
export class Holdings {
  private readonly machine: KeyValueMachine;
  private readonly host: Pick<Host<unknown>, 'after' | 'record' | 'incarnation'>;
  private readonly told = new Set<string>();
  private readonly changed = new Set<string>();
  private isWaiting = false;

  constructor(
    machine: KeyValueMachine,
    host: Pick<Host<unknown>, 'after' | 'record' | 'incarnation'>,
  ) {
    // prettier-ignore
    this.machine = machine;
    this.host = host;
    machine.onChange = (keys) => this.note(keys);
  }

  private note(keys: readonly string[] | 'all'): void {
    const all = () => [...this.told, ...this.machine.all().map(({ key }) => key)];
    for (const key of keys === 'all' ? all() : keys) {
      if (!this.told.has(key) && this.told.size >= MAX_TOLD_KEYS) continue;
      this.told.add(key);
      this.changed.add(key);
    }
    if (this.changed.size === 0 || this.isWaiting) return;
    this.isWaiting = true;
    this.host.after(TELL_EVERY_MS, () => this.tell());
  }

  private tell(): void {
    this.isWaiting = false;
    const { machine, host } = this;
    for (const key of this.changed) {
      const value = machine.get(key);
      const text = value === null ? null : JSON.stringify(value);
      host.record('holds', {
        key,
        text: text?.slice(0, TOLD_CHARACTERS) ?? null,
        sum: checksumOf(text),
        keys: machine.size,
        life: host.incarnation,
      });
    }
    this.changed.clear();
  }
}
