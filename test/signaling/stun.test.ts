import { expect, test } from 'vitest';
import { answerStun } from '../../signaling/stun.ts';

const hex = (text: string) => Buffer.from(text.replace(/\s/g, ''), 'hex');

/** RFC 5769, 2.1: with PRIORITY, which is of ICE and not of STUN, and a FINGERPRINT. */
const SAMPLE_REQUEST = hex(`
  00010058 2112a442 b7e7a701 bc34d686 fa87dfae
  80220010 5354554e 20746573 7420636c 69656e74
  00240004 6e0001ff
  80290008 932ff9b1 51263b36
  00060009 6576746a 3a683676 59202020
  00080014 9aeaa70c bfd8cb56 781ef2b5 b2d3f249 c1b571a2
  80280004 e57a3bcf`);
/** RFC 5769, 2.2 and 2.3: the XOR-MAPPED-ADDRESS attributes of the sample responses. */
const MAPPED_V4 = '002000080001a147e112a643';
const MAPPED_V6 = '002000140002a1470113a9faa5d3f179bc25f4b5bed2b9d9';

/** The sample request without attributes: same transaction. */
const PLAIN_REQUEST = Buffer.concat([hex('00010000'), SAMPLE_REQUEST.subarray(4, 20)]);

test('SIG-40 answers IPv4 as in RFC 5769, section 2.2', () => {
  const answer = answerStun(PLAIN_REQUEST, '192.0.2.1', 32853)!;
  expect(answer.toString('hex')).toBe(
    `0101000c${SAMPLE_REQUEST.subarray(4, 20).toString('hex')}${MAPPED_V4}`,
  );
});

test('SIG-40 answers IPv6 as in RFC 5769, section 2.3, whatever the zone', () => {
  const address = '2001:db8:1234:5678:11:2233:4455:6677';
  for (const from of [address, `${address}%eth0`])
    expect(answerStun(PLAIN_REQUEST, from, 32853)!.subarray(20).toString('hex')).toBe(MAPPED_V6);
});

test('SIG-40 reads shortened IPv6 addresses', () => {
  const bare = (address: string) => answerStun(PLAIN_REQUEST, address, 1)!.subarray(28);
  expect(bare('::1')).toEqual(bare('0:0:0:0:0:0:0:1'));
  expect(bare('fe80::')).toEqual(bare('fe80:0:0:0:0:0:0:0'));
});

test('SIG-41 names an attribute that it would have to understand, with a fingerprint of its own', () => {
  const answer = answerStun(SAMPLE_REQUEST, '192.0.2.1', 32853)!;
  expect(answer.readUInt16BE(0)).toBe(0x0111);
  expect(answer.toString('hex')).toContain('00000414');
  expect(answer.toString('hex')).toContain('000a000200240000');
  // The fingerprint is right if the same bytes pass as a request.
  const back = Buffer.from(answer);
  expect(back.readUInt16BE(back.length - 8)).toBe(0x8028);
  expect(back.readUInt16BE(2)).toBe(back.length - 20);
});

test('SIG-42 drops a packet whose fingerprint is wrong, and trusts the sample’s', () => {
  // Without its last attribute the rest would be a request without a fingerprint, and a good one.
  for (let at = 20; at < SAMPLE_REQUEST.length - 8; at++) {
    const damaged = Buffer.from(SAMPLE_REQUEST);
    damaged[at]! ^= 1;
    expect(answerStun(damaged, '192.0.2.1', 1), `byte ${at}`).toBeUndefined();
  }
  expect(answerStun(SAMPLE_REQUEST, '192.0.2.1', 1)).toBeDefined();
});

test('SIG-43 ignores what is not a binding request: short, cut, magic, length, indication, response', () => {
  const change = (at: number, value: number) => {
    const packet = Buffer.from(PLAIN_REQUEST);
    packet[at] = value;
    return packet;
  };
  const packets = [
    Buffer.alloc(0),
    PLAIN_REQUEST.subarray(0, 19),
    change(4, 0),
    change(3, 4),
    change(3, 1),
    change(1, 0x11),
    change(0, 0x01),
    change(1, 0x03),
    Buffer.concat([change(3, 4), hex('00060010')]),
  ];
  for (const packet of packets) expect(answerStun(packet, '192.0.2.1', 1)).toBeUndefined();
});
