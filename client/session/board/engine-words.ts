import type { EngineName } from '../../../src/merge/engine.ts';

interface EngineWords {
  readonly name: string;
  /** At the head of a sentence. */
  readonly subject: string;
  /** What it does with two writes of one value that knew nothing of each other. */
  readonly rule: string;
  /** Why a write is gone, in a few words. */
  readonly why: string;
}

export const ENGINE_WORDS: { readonly [Name in EngineName]: EngineWords } = {
  lww: {
    name: 'Last write wins',
    subject: 'Last write wins',
    rule: 'The write with the later time of day stays.',
    why: 'the later clock won',
  },
  'lww-hybrid': {
    name: 'LWW, hybrid clock',
    subject: 'LWW with hybrid clocks',
    rule: 'The same, by a clock that never falls behind what it has heard.',
    why: 'the later stamp won',
  },
  siblings: {
    name: 'Siblings',
    subject: 'Siblings',
    rule: 'Both stay, side by side, until somebody chooses.',
    why: 'gone',
  },
  crdt: {
    name: 'Our CRDTs',
    subject: 'Our own CRDTs',
    rule: 'Counters add up, sets and texts keep everything, both values stay.',
    why: 'gone',
  },
  yjs: {
    name: 'Yjs',
    subject: 'Yjs',
    rule: 'Texts and lists keep everything; of two values or counts the higher client id’s stays.',
    why: 'the higher client id won',
  },
  automerge: {
    name: 'Automerge',
    subject: 'Automerge',
    rule: 'Texts and lists keep everything, both values stay.',
    why: 'gone',
  },
};
