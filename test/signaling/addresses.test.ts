import type { NetworkInterfaceInfo } from 'node:os';
import { expect, test } from 'vitest';
import { lanAddress, publicOrigin, sameOrigin } from '../../signaling/addresses.ts';

const v4 = (address: string, internal = false) =>
  ({ address, internal, family: 'IPv4' }) as NetworkInterfaceInfo;
const v6 = (address: string) =>
  ({ address, internal: false, family: 'IPv6' }) as NetworkInterfaceInfo;

test.each<[string, Record<string, NetworkInterfaceInfo[]>, string | undefined]>([
  [
    'the LAN’s',
    { lo: [v4('127.0.0.1', true)], eth0: [v6('fe80::1'), v4('192.168.1.7')] },
    '192.168.1.7',
  ],
  ['not a bridge’s', { docker0: [v4('172.17.0.1')], wlan0: [v4('10.3.2.1')] }, '10.3.2.1'],
  ['a bridge’s rather than none', { docker0: [v4('172.17.0.1')] }, '172.17.0.1'],
  ['not a self-assigned one', { eth0: [v4('169.254.3.4')] }, undefined],
  ['a public one if it is all there is', { eth0: [v4('203.0.113.5')] }, '203.0.113.5'],
  ['none', { lo: [v4('127.0.0.1', true)] }, undefined],
])('SIG-55 the printed address is %s', (_what, interfaces, expected) => {
  expect(lanAddress(interfaces)).toBe(expected);
});

test('SIG-55 a page’s own origin wins unless only this machine can open it', () => {
  const own = 'http://192.168.1.7:4000';
  expect(publicOrigin('https://class.example.org', own)).toBe('https://class.example.org');
  for (const origin of [
    undefined,
    'null',
    'http://localhost:4000',
    'http://127.0.0.2',
    'http://[::1]:4000',
  ])
    expect(publicOrigin(origin, own)).toBe(own);
});

test('SIG-54 an origin is the same if its host is the one that was asked', () => {
  expect(sameOrigin(undefined, 'a:1')).toBe(true);
  expect(sameOrigin('http://a:1', 'A:1')).toBe(true);
  expect(sameOrigin('https://a', 'a')).toBe(true);
  expect(sameOrigin('http://a:2', 'a:1')).toBe(false);
  expect(sameOrigin('null', 'a')).toBe(false);
});
