import { Repo, type NetworkAdapterInterface, type PeerId } from '@automerge/automerge-repo';
import { runNetworkAdapterTests } from '@automerge/automerge-repo/helpers/tests/network-adapter-tests.js';
import { afterEach, describe, expect, test } from 'vitest';
import { NetsplitNetworkAdapter } from '../../../client/apps/network-adapter.ts';
import { readAbout, readMessage, writeMessage } from '../../../client/apps/repo-messages.ts';
import { until } from '../../support/until.ts';
import { meshOfApps, running } from './mesh-of-apps.ts';

/** That `Repo` takes it is checked by the compiler. */
function adapterOn(mesh: ReturnType<typeof meshOfApps>, node: number, name = 'repo') {
  return new NetsplitNetworkAdapter(name, mesh.apps[node]!) satisfies NetworkAdapterInterface;
}

runNetworkAdapterTests(async () => {
  const mesh = meshOfApps(3);
  mesh.cluster.linkAll();
  const stop = running(mesh);
  const adapters = [0, 1, 2].map((node) => adapterOn(mesh, node));
  const [a, b, c] = adapters as [NetsplitNetworkAdapter, NetsplitNetworkAdapter, NetsplitNetworkAdapter]; // prettier-ignore
  return { adapters: [a, b, c], teardown: stop };
}, 'NetsplitNetworkAdapter');

interface Notes {
  lines: string[];
}

describe('repos on a mesh with faults', () => {
  let stop = () => {};
  afterEach(() => stop());

  function repos(nodes: number) {
    const mesh = meshOfApps(nodes);
    mesh.cluster.linkAll();
    stop = running(mesh);
    const made = mesh.apps.map(
      (_, node) => new Repo({ network: [adapterOn(mesh, node)], peerId: `repo ${node}` as PeerId }),
    );
    const lines = (url: Parameters<Repo['find']>[0]) =>
      Promise.all(made.map(async (repo) => [...(await repo.find<Notes>(url)).doc().lines].sort()));
    const agree = (url: Parameters<Repo['find']>[0], count: number) =>
      until(
        async () => {
          const all = await lines(url);
          return all.every((each) => each.length === count && `${each}` === `${all[0]}`);
        },
        { what: `${count} lines in all repos`, deadlineMs: 20_000 },
      );
    const write = async (url: Parameters<Repo['find']>[0], node: number, line: string) =>
      (await made[node]!.find<Notes>(url)).change((doc) => doc.lines.push(line));
    return { mesh, made, agree, write };
  }

  test.each(['cut', 'blackhole'] as const)(
    'APP-1 both sides of a %s go their own way, and are one again after it',
    async (fault) => {
      const { mesh, made, agree, write } = repos(3);
      const { url } = made[0]!.create<Notes>({ lines: ['begin'] });
      await agree(url, 1);
      mesh.split([[0, 1], [2]], fault);
      for (let n = 0; n < 5; n++) for (const node of [0, 2]) await write(url, node, `${node} ${n}`);
      await until(async () => (await made[1]!.find<Notes>(url)).doc().lines.length === 6, {
        what: 'the lines of its own side',
        deadlineMs: 20_000,
      });
      expect((await made[2]!.find<Notes>(url)).doc().lines.length).toBe(6);
      mesh.cluster.setRules([]);
      await agree(url, 11);
    },
    30_000,
  );

  test('APP-1 loss, damage and reordering cost time and nothing else', async () => {
    const { mesh, made, agree, write } = repos(2);
    mesh.everywhere({ loss: 0.3, corrupt: 0.05, duplicate: 0.2, reorder: 0.3, reorderMs: 100 });
    const { url } = made[0]!.create<Notes>({ lines: ['begin'] });
    for (let n = 0; n < 20; n++) {
      await write(url, 0, `a ${n}`);
      await write(url, 1, `b ${n}`);
    }
    await agree(url, 41);
  }, 30_000);

  test('APP-3 a crash of the node parts a repo from all, and the next life brings it back', async () => {
    const { mesh, made, agree, write } = repos(2);
    const { url } = made[0]!.create<Notes>({ lines: ['begin'] });
    await agree(url, 1);
    mesh.crash(1);
    expect(made[1]!.peers).toEqual([]);
    await write(url, 0, 'said to the living');
    await write(url, 1, 'said to nobody');
    mesh.cluster.restart(1, true);
    await agree(url, 3);
    expect(made[1]!.peers).toEqual(['repo 0']);
  }, 30_000);
});

describe('what goes over a channel', () => {
  const message = { type: 'sync', senderId: 'a', targetId: 'b' } as Parameters<typeof writeMessage>[0]; // prettier-ignore

  test('APP-2 is read as it was written, data longer than a frame and empty data included', () => {
    for (const data of [new Uint8Array(3_000_000).fill(7), new Uint8Array()]) {
      const read = readMessage(writeMessage({ ...message, data }))!;
      expect({ ...read, data: read.data!.length }).toEqual({ ...message, data: data.length });
    }
    const bare = readMessage(writeMessage(message))!;
    expect(bare).toEqual(message);
    expect('data' in bare).toBe(false);
  });

  test('APP-1 a message reaches the peer that it is for, and no other', () => {
    const mesh = meshOfApps(3);
    mesh.cluster.linkAll();
    const heard: string[] = [];
    const adapters = [0, 1, 2].map((node) => {
      const adapter = adapterOn(mesh, node);
      adapter.on('message', ({ type }) => heard.push(`${node} ${type}`));
      adapter.connect(`${node}` as PeerId);
      return adapter;
    });
    mesh.pass();
    adapters[0]!.send({ ...message, targetId: '2' as PeerId });
    mesh.pass();
    expect(heard).toEqual(['2 sync']);
    for (const adapter of adapters) adapter.disconnect();
  });

  test('APP-2 what is none is null, whatever it is', () => {
    const good = writeMessage({ ...message, data: Uint8Array.of(1) });
    for (let length = 0; length < good.length - 1; length++)
      expect(readMessage(good.subarray(0, length))).toBe(null);
    expect(readMessage(new Uint8Array(40).fill(255))).toBe(null);
    expect(readMessage(Uint8Array.of(0, 0, 0, 1, 0xc0))).toBe(null);
    expect(readAbout(Uint8Array.of(0xc0))).toBe(null);
    expect(readAbout(new Uint8Array())).toBe(null);
  });
});
