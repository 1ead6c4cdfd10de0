import * as v from 'valibot';
import { makeNodeId, NODE_ID_LENGTH, type Incarnation, type NodeId } from '../../src/vocabulary.ts';
import { nameSchema, nodeIdSchema } from '../../src/wire/signaling-messages.ts';
import type { Timers } from './timers.ts';
import { randomBytes, randomHex } from './random.ts';

/**
 * Who this tab is. It survives a reload, so that a reload is a crash and restart of the same node;
 * it does not survive the tab. A duplicated tab starts with a copy of it, and gives it back.
 */
export interface Identity {
  readonly id: NodeId;
  /** Proves to the server that a returning id is the same tab. */
  readonly secret: string;
  readonly incarnation: Incarnation;
  /** What the student chose; undefined while it is still an animal. */
  readonly chosenName: string | undefined;
  /** The animal it was given, to be kept over a reload. */
  readonly givenName: string | undefined;
}

/** A tab can be a student's node and, on another page, an observer: two identities. */
export type IdentityKind = 'node' | 'observer';
const storageKey = (kind: IdentityKind): string => `netsplit.${kind}`;
const CHANNEL = 'netsplit.identity';

/** A tab that lives answers within a few milliseconds even when hidden, since messages are not throttled. */
const PROBE_MS = 120;

const storedSchema = v.object({
  id: nodeIdSchema,
  secret: v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/)),
  incarnation: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  chosenName: v.optional(nameSchema),
  givenName: v.optional(nameSchema),
});

type Probe =
  | { readonly ask: NodeId; readonly instance: string }
  /** From one who does not want the id itself. */
  | { readonly seek: NodeId }
  | { readonly held: NodeId; readonly instance: string };

/** Holds an identity for as long as the page lives, and answers duplicates that ask for it. */
export class IdentityHolder {
  #kind: IdentityKind;
  #identity: Identity;
  #instance = randomHex(8);
  #channel = new BroadcastChannel(CHANNEL);
  #lost: (() => void) | undefined;

  private constructor(kind: IdentityKind, identity: Identity) {
    this.#kind = kind;
    this.#identity = identity;
    this.#channel.onmessage = (event: MessageEvent<Probe>) => this.#heard(event.data);
  }

  /** Takes up the stored identity in its next life, or a fresh one if there is none or another tab holds it. */
  static async claim(kind: IdentityKind, timers: Timers): Promise<IdentityHolder> {
    const stored = load(kind);
    const next = stored && { ...stored, incarnation: stored.incarnation + 1 };
    const holder = new IdentityHolder(kind, next ?? fresh());
    const held = next !== undefined && (await holder.#probe(timers));
    holder.#keep(held ? fresh() : holder.#identity);
    return holder;
  }

  get identity(): Identity {
    return this.#identity;
  }

  choose(chosenName: string): void {
    this.#keep({ ...this.#identity, chosenName });
  }

  give(givenName: string): void {
    this.#keep({ ...this.#identity, givenName });
  }

  /** The same node in its next life. */
  renew(): void {
    this.#keep({ ...this.#identity, incarnation: this.#identity.incarnation + 1 });
  }

  release(): void {
    this.#channel.close();
  }

  /** Whether some tab of this browser is that node now. */
  static isHeld(id: NodeId, timers: Timers): Promise<boolean> {
    return new Promise((resolve) => {
      const channel = new BroadcastChannel(CHANNEL);
      const settle = (held: boolean): void => {
        channel.close();
        resolve(held);
      };
      const cancel = timers.after(PROBE_MS, () => settle(false));
      channel.onmessage = ({ data }: MessageEvent<Probe>) => {
        if (!('held' in data) || data.held !== id) return;
        cancel();
        settle(true);
      };
      channel.postMessage({ seek: id } satisfies Probe);
    });
  }

  /** Forget who this tab was: it was superseded, or its id is taken. */
  static forget(kind: IdentityKind): void {
    sessionStorage.removeItem(storageKey(kind));
  }

  #keep(identity: Identity): void {
    this.#identity = identity;
    sessionStorage.setItem(storageKey(this.#kind), JSON.stringify(identity));
  }

  #probe(timers: Timers): Promise<boolean> {
    return new Promise((resolve) => {
      const settle = (held: boolean): void => {
        this.#lost = undefined;
        resolve(held);
      };
      this.#lost = () => settle(true);
      timers.after(PROBE_MS, () => settle(false));
      this.#channel.postMessage({
        ask: this.#identity.id,
        instance: this.#instance,
      } satisfies Probe);
    });
  }

  /** Of two that still ask, the lower instance keeps the id; one that holds it always keeps it. */
  #heard(probe: Probe): void {
    if ('ask' in probe && probe.ask === this.#identity.id) {
      const stillAsking = this.#lost !== undefined;
      if (stillAsking && probe.instance < this.#instance) return this.#lost?.();
      this.#channel.postMessage({ held: probe.ask, instance: this.#instance } satisfies Probe);
    } else if ('seek' in probe && probe.seek === this.#identity.id) {
      this.#channel.postMessage({ held: probe.seek, instance: this.#instance } satisfies Probe);
    } else if ('held' in probe && probe.held === this.#identity.id) {
      this.#lost?.();
    }
  }
}

function fresh(): Identity {
  return {
    id: makeNodeId(randomBytes(NODE_ID_LENGTH)),
    secret: randomHex(16),
    incarnation: 1,
    chosenName: undefined,
    givenName: undefined,
  };
}

function load(kind: IdentityKind): Identity | undefined {
  const text = sessionStorage.getItem(storageKey(kind));
  if (text === null) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const parsed = v.safeParse(storedSchema, value);
  return parsed.success
    ? { chosenName: undefined, givenName: undefined, ...parsed.output }
    : undefined;
}
