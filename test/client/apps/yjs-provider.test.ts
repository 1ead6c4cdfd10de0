import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Awareness } from 'y-protocols/awareness';
import * as sync from 'y-protocols/sync';
import * as Y from 'yjs';
import type { ChannelSource } from '../../../client/apps/app-channels.ts';
import { readMessage, writeMessage } from '../../../client/apps/yjs-messages.ts';
import { NetsplitProvider, RESYNC_MS } from '../../../client/apps/yjs-provider.ts';
import { MAX_MESSAGE_BYTES } from '../../../src/channels/incoming.ts';
import { meshOfApps } from './mesh-of-apps.ts';

/** Of the first node's document. */
const CLIENT = 100;

let made: NetsplitProvider[] = [];
beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  for (const provider of made) provider.destroy();
  made = [];
  vi.useRealTimers();
});

interface Options {
  readonly links?: 'all' | 'in a row';
  /** Something between a provider and its channels. */
  readonly source?: (channels: ChannelSource) => ChannelSource;
}

/** A document and its provider on each node of a mesh, all under one name. */
function documents(nodes: number, { links = 'all', source = (own) => own }: Options = {}) {
  const { apps: channels, ...mesh } = meshOfApps(nodes);
  if (links === 'all') mesh.cluster.linkAll();
  else for (let node = 1; node < nodes; node++) mesh.cluster.link(node - 1, node);
  mesh.pass(0);
  const all = channels.map((own, node) => {
    const doc = new Y.Doc();
    doc.clientID = CLIENT + node;
    const provider = new NetsplitProvider('notes', doc, { channels: source(own) });
    made.push(provider);
    return { doc, provider, text: doc.getText('text'), awareness: provider.awareness };
  });
  mesh.pass();
  const apps = all as [App, App, App, ...App[]];
  const texts = () => apps.map(({ text }) => text.toString());
  /** Whose awareness is known at a node. */
  const seen = (node: number) =>
    [...apps[node]!.awareness.getStates().keys()].map((client) => client - CLIENT).sort();
  /** In the mesh and in the page. */
  const passTogether = (ms: number) => {
    for (let passed = 0; passed < ms; passed += 500) {
      vi.advanceTimersByTime(500);
      mesh.pass(500);
    }
  };
  const messages = () =>
    mesh.cluster.members.reduce(
      (sum, { node }) => sum + node.metrics()['channels']!.messagesSent,
      0,
    );
  return { ...mesh, channels, apps, texts, seen, passTogether, messages };
  type App = (typeof all)[number];
}

describe('documents', () => {
  test('APP-1 of one name are one: what was there before, and what is written now', () => {
    const { apps, texts, pass } = documents(3);
    apps[0].text.insert(0, 'hello ');
    pass();
    apps[2].text.insert(6, 'world');
    pass();
    expect(texts()).toEqual(Array(3).fill('hello world'));
    expect(apps.map(({ provider }) => provider.synced)).toEqual([true, true, true]);
  });

  test('APP-1 of a name that nobody else has stays alone', () => {
    const { apps, texts, pass, channels } = documents(2);
    apps[1].provider.destroy();
    made.push(new NetsplitProvider('other', apps[1].doc, { channels: channels[1]! }));
    pass();
    apps[0].text.insert(0, 'mine');
    pass();
    expect(texts()).toEqual(['mine', '']);
    expect(apps[0].provider.synced).toBe(false);
  });

  test.each(['cut', 'blackhole'] as const)(
    'APP-1 both sides of a %s go their own way, and are one again after it',
    (fault) => {
      const { apps, texts, pass, split, cluster } = documents(3);
      split([[0, 1], [2]], fault);
      pass();
      apps[0].text.insert(0, 'left ');
      apps[2].text.insert(0, 'right ');
      pass(3_000);
      expect(texts()).toEqual(['left ', 'left ', 'right ']);
      cluster.setRules([]);
      pass(6_000);
      expect(new Set(texts()).size).toBe(1);
      expect(texts()[0]!.length).toBe('left right '.length);
    },
  );

  test('APP-1 loss, damage and reordering cost time and nothing else', () => {
    const { apps, texts, pass, everywhere } = documents(3);
    everywhere({ loss: 0.3, corrupt: 0.05, duplicate: 0.2, reorder: 0.3, reorderMs: 100 });
    for (let n = 0; n < 30; n++) {
      apps[(n % 3) as 0]!.text.insert(0, `${n} `);
      pass(50);
    }
    pass(60_000);
    expect(new Set(texts()).size).toBe(1);
    expect(texts()[0]!.split(' ').length).toBe(31);
    expect(apps.some(({ doc }) => doc.store.pendingStructs !== null)).toBe(false);
  });

  test('APP-4 what is heard for the first time is passed on, and never back to where it came from', () => {
    const { apps, texts, pass, messages } = documents(4, { links: 'in a row' });
    const before = messages();
    apps[0].text.insert(0, 'along the row');
    pass();
    expect(texts()).toEqual(Array(4).fill('along the row'));
    // Three parts, and an acknowledgement of each.
    expect(messages() - before).toBe(6);
  });

  test('APP-4 what somebody writes in answer goes to whoever is answered too', () => {
    const { apps, pass } = documents(2);
    const answers = apps[1].doc.getText('answers');
    apps[1].text.observe(() => answers.insert(0, 'seen'));
    apps[0].text.insert(0, 'x');
    pass();
    expect(apps[0].doc.getText('answers').toString()).toBe('seen');
  });

  test('APP-3 a crash of the node leaves the document alone, and the next life brings it back', () => {
    const { apps, texts, pass, crash, cluster } = documents(2);
    const told: string[] = [];
    apps[1].provider.on('sync', (synced) => told.push(`${synced}`));
    crash(1);
    apps[0].text.insert(0, 'a');
    apps[1].text.insert(0, 'b');
    expect(apps[1].provider.peers).toEqual([]);
    pass();
    cluster.restart(1, true);
    pass();
    expect(new Set(texts())).toEqual(new Set([texts()[0]]));
    expect(texts()[0]!.length).toBe(2);
    expect(told).toEqual(['false', 'true']);
  });

  test('APP-5 what was missed is asked for every few seconds', () => {
    let loses = false;
    const source = (channels: ChannelSource): ChannelSource => ({
      open(...args) {
        const channel = channels.open(...args);
        return { ...channel, send: (...sent) => loses || channel.send(...sent) };
      },
    });
    const { apps, texts, pass, passTogether } = documents(2, { source });
    loses = true;
    apps[0].text.insert(0, 'lost ');
    loses = false;
    apps[0].text.insert(5, 'and found');
    pass();
    expect(texts()[1]).toBe('');
    expect(apps[1].doc.store.pendingStructs).not.toBe(null);
    passTogether(RESYNC_MS);
    expect(texts()[1]).toBe('lost and found');
  });

  test('APP-2 an app may bring a copy of Yjs of its own', () => {
    const { apps: channels, pass, cluster } = meshOfApps(2);
    cluster.linkAll();
    const called: string[] = [];
    const own = new Proxy(Y, {
      get(target, name) {
        called.push(String(name));
        return target[name as 'Doc'];
      },
    });
    const docs = channels.map((source) => {
      const doc = new Y.Doc();
      made.push(new NetsplitProvider('notes', doc, { channels: source, Y: own }));
      return doc;
    });
    docs[0]!.getText('t').insert(0, 'x');
    pass();
    expect(docs[1]!.getText('t').toString()).toBe('x');
    expect(new Set(called)).toEqual(
      new Set(['encodeStateVector', 'encodeStateAsUpdate', 'applyUpdate']),
    );
  });

  test('APP-2 what is too long to be carried, and what is no message, is told and nothing breaks', () => {
    const { apps, texts, pass, channels, cluster } = documents(2);
    const errors: string[] = [];
    for (const { provider } of apps)
      provider.on('connection-error', ({ message }) => errors.push(message));
    apps[0].text.insert(0, 'x'.repeat(MAX_MESSAGE_BYTES));
    pass();
    expect(errors.length).toBe(1);
    expect(errors[0]).toMatch(/^This message takes \d+ bytes and a channel carries \d+\. Send it in parts\.$/); // prettier-ignore
    apps[0].provider.destroy();
    const stranger = channels[0]!.open('yjs/notes', Uint8Array.of(5), {
      up() {},
      down() {},
      message() {},
    });
    pass();
    for (const bytes of [
      [],
      [0],
      [0, 7, 0],
      [9, 0],
      [0, 2, 3, 1],
      [0, 2, 1, 255],
      [1, 2, 255, 255],
    ])
      stranger.send(cluster.members[1]!.id, Uint8Array.from(bytes));
    pass();
    expect(errors.length).toBe(8);
    expect(texts()[1]).toBe('');
  });

  test('after destroy nothing is sent, and a destroyed document takes its provider with it', () => {
    const { apps, texts, pass } = documents(2);
    const told: string[] = [];
    apps[0].provider.on('status', ({ status }) => told.push(status));
    apps[0].doc.destroy();
    expect(told).toEqual(['disconnected']);
    apps[1].text.insert(0, 'alone');
    pass();
    expect(texts()).toEqual(['', 'alone']);
    expect(apps[1].provider.peers).toEqual([]);
    expect(vi.getTimerCount()).toBe(2);
  });
});

describe('awareness', () => {
  test('APP-5 goes to all, over others too, and goes with whoever closes', () => {
    const { apps, seen, pass } = documents(3, { links: 'in a row' });
    apps[0].awareness.setLocalStateField('cursor', 7);
    pass();
    expect(apps[2].awareness.getStates().get(100)).toEqual({ cursor: 7 });
    expect(seen(2)).toEqual([0, 1, 2]);
    apps[0].provider.disconnect();
    pass();
    expect([seen(0), seen(1), seen(2)]).toEqual([[0], [1, 2], [1, 2]]);
    apps[0].provider.connect();
    pass();
    expect([seen(0), seen(1), seen(2)]).toEqual(Array(3).fill([0, 1, 2]));
  });

  test('APP-5 of one whose link closes is removed at once, and is back when it opens again', () => {
    const { apps, seen, pass, split, cluster } = documents(3);
    apps[2].awareness.setLocalStateField('name', 'Heron');
    pass();
    expect(seen(0)).toEqual([0, 1, 2]);
    split([[0, 1], [2]], 'cut');
    pass();
    expect([seen(0), seen(1), seen(2)]).toEqual([[0, 1], [0, 1], [2]]);
    cluster.setRules([]);
    pass();
    expect([seen(0), seen(1), seen(2)]).toEqual(Array(3).fill([0, 1, 2]));
    expect(apps[0].awareness.getStates().get(102)).toEqual({ name: 'Heron' });
  });

  test('APP-5 who has no peer left knows of nobody, and of all when there is one again', () => {
    const { seen, pass, split, cluster } = documents(3, { links: 'in a row' });
    pass();
    expect(seen(0)).toEqual([0, 1, 2]);
    split([[0], [1, 2]], 'cut');
    pass();
    expect([seen(0), seen(1)]).toEqual([[0], [1, 2]]);
    cluster.setRules([]);
    pass();
    expect([seen(0), seen(1), seen(2)]).toEqual(Array(3).fill([0, 1, 2]));
  });

  test('APP-5 who is still heard of through others is back with its next sign of life', () => {
    const { apps, seen, pass, cluster } = documents(3);
    const [a, , c] = cluster.members.map(({ id }) => id);
    cluster.setRules([{ from: a!, to: c!, cut: true }, { from: c!, to: a!, cut: true }]); // prettier-ignore
    pass();
    expect(seen(1)).toEqual([0, 1, 2]);
    // As awareness does by itself, every fifteen seconds.
    for (const { awareness } of apps) awareness.setLocalState(awareness.getLocalState());
    pass();
    expect([seen(0), seen(2)]).toEqual([
      [0, 1, 2],
      [0, 1, 2],
    ]);
  });

  test('one that the app has already is used, and outlives the provider', () => {
    const { apps: channels } = meshOfApps(1);
    const doc = new Y.Doc();
    const awareness = new Awareness(doc);
    const provider = new NetsplitProvider('notes', doc, { channels: channels[0]!, awareness });
    expect(provider.awareness).toBe(awareness);
    provider.destroy();
    expect(awareness.getLocalState()).toEqual({});
    awareness.destroy();
  });
});

describe('messages', () => {
  const doc = new Y.Doc();
  doc.getText('t').insert(0, 'written');

  test('APP-2 y-protocols reads what is written, and writes what is read', () => {
    const there = new Y.Doc();
    const update = Y.encodeStateAsUpdate(doc);
    for (const type of ['step 2', 'update'] as const) {
      const decoder = decoding.createDecoder(writeMessage({ type, update }));
      expect(decoding.readVarUint(decoder)).toBe(0);
      sync.readSyncMessage(decoder, encoding.createEncoder(), there, null);
      expect(there.getText('t').toString()).toBe('written');
    }
    const decoder = decoding.createDecoder(
      writeMessage({ type: 'step 1', vector: Y.encodeStateVector(new Y.Doc()) }),
    );
    decoding.readVarUint(decoder);
    const answer = encoding.createEncoder();
    encoding.writeVarUint(answer, 0);
    sync.readSyncMessage(decoder, answer, doc, null);
    expect(readMessage(encoding.toUint8Array(answer))).toEqual({ type: 'step 2', update });
  });
});
