import { expect, test } from 'vitest';
import { UNTOUCHED, type NetworkChange } from '../../src/network/network-document.ts';
import { RoomNetwork } from '../../signaling/room-network.ts';
import { nodeId } from './support.ts';

const nodes = new Map([1, 2].map((i) => [nodeId(i), `Otter ${i}`]));
const slow = (slowMs: number): NetworkChange => ({
  do: 'node',
  condition: { id: nodeId(1), slowMs },
});

function laid(network: RoomNetwork, change: NetworkChange) {
  const changed = network.change(change, nodes, 0);
  if (!changed.ok) throw new Error(changed.message);
  return changed.document;
}

test('SIG-70 nobody is told what is not durable yet', () => {
  const network = new RoomNetwork(UNTOUCHED);
  const cut = laid(network, { do: 'partition', groups: [[nodeId(1)], [nodeId(2)]], style: 'cut' }); // prettier-ignore
  expect([network.told, network.newest]).toEqual([UNTOUCHED, cut]);
  expect(network.isCut(nodeId(1), nodeId(2))).toBe(false);
  network.settle(cut, true);
  expect(network.told).toBe(cut);
  expect(network.isCut(nodeId(2), nodeId(1))).toBe(true);
});

test('SIG-70 what the disk refused never was: its version is given to the next', () => {
  const network = new RoomNetwork(UNTOUCHED);
  network.settle(laid(network, slow(1)), false);
  expect([network.told, network.newest]).toEqual([UNTOUCHED, UNTOUCHED]);
  expect(laid(network, slow(2))).toMatchObject({ version: 1 });
});

test('SIG-70 what stands on a refused one holds if it is written itself, and falls with it if not', () => {
  const network = new RoomNetwork(UNTOUCHED);
  const [first, second] = [laid(network, slow(1)), laid(network, slow(2))];
  network.settle(first, false);
  network.settle(second, true);
  expect(network.told).toBe(second);
  const [third, fourth] = [laid(network, slow(3)), laid(network, slow(4))];
  network.settle(third, false);
  network.settle(fourth, false);
  expect([network.told, network.newest]).toEqual([second, second]);
});

test('SIG-70 an older one that is durable later is no news', () => {
  const network = new RoomNetwork(UNTOUCHED);
  const [first, second] = [laid(network, slow(1)), laid(network, slow(2))];
  network.settle(second, true);
  network.settle(first, true);
  expect(network.told).toBe(second);
});
