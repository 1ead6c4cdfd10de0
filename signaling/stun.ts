import { crc32 } from 'node:zlib';

/**
 * The answering side of a STUN binding (RFC 8489), on bytes: 'from where do you see me?' This is all
 * that a tab needs to learn its own address on a network without a default route.
 */

const MAGIC_COOKIE = 0x2112a442;
const HEADER_BYTES = 20;
const BINDING_REQUEST = 0x0001;
const BINDING_SUCCESS = 0x0101;
const BINDING_ERROR = 0x0111;

const ERROR_CODE = 0x0009;
const UNKNOWN_ATTRIBUTES = 0x000a;
const XOR_MAPPED_ADDRESS = 0x0020;
const FINGERPRINT = 0x8028;
const FINGERPRINT_XOR = 0x5354554e;
const FIRST_OPTIONAL = 0x8000;

/** Attributes of RFC 8489 that a request may carry and that a server without users may disregard. */
const UNDERSTOOD = new Set([
  0x0001, 0x0006, 0x0008, 0x0009, 0x000a, 0x0014, 0x0015, 0x001c, 0x001d, 0x001e, 0x0020,
]);

interface Request {
  readonly transaction: Buffer;
  /** Attributes that we would have to understand and do not. */
  readonly unknown: readonly number[];
  readonly fingerprinted: boolean;
}

/**
 * @param address as the socket reports it: dotted IPv4, or IPv6 with or without a zone
 * @returns the bytes to send back, or undefined if the packet deserves none: not STUN, damaged, an
 *   indication, a response, or another method
 */
export function answerStun(packet: Buffer, address: string, port: number): Buffer | undefined {
  const request = parseRequest(packet);
  if (!request) return undefined;
  if (request.unknown.length > 0) {
    const reason = Buffer.from('Unknown Attribute');
    return makeMessage(BINDING_ERROR, request, [
      attribute(ERROR_CODE, Buffer.concat([Buffer.from([0, 0, 4, 20]), reason])),
      attribute(UNKNOWN_ATTRIBUTES, Buffer.concat(request.unknown.map(uint16))),
    ]);
  }
  const mapped = xorMappedAddress(address, port, request.transaction);
  if (!mapped) return undefined;
  return makeMessage(BINDING_SUCCESS, request, [attribute(XOR_MAPPED_ADDRESS, mapped)]);
}

function parseRequest(packet: Buffer): Request | undefined {
  if (packet.length < HEADER_BYTES || packet.readUInt32BE(4) !== MAGIC_COOKIE) return undefined;
  if (packet.readUInt16BE(0) !== BINDING_REQUEST) return undefined;
  const length = packet.readUInt16BE(2);
  if (length % 4 !== 0 || packet.length !== HEADER_BYTES + length) return undefined;

  const unknown: number[] = [];
  let fingerprinted = false;
  for (let at = HEADER_BYTES; at < packet.length;) {
    if (fingerprinted) return undefined;
    const type = packet.readUInt16BE(at);
    const size = packet.readUInt16BE(at + 2);
    const end = at + 4 + Math.ceil(size / 4) * 4;
    if (end > packet.length) return undefined;
    if (type === FINGERPRINT) {
      if (size !== 4 || packet.readUInt32BE(at + 4) !== fingerprint(packet.subarray(0, at)))
        return undefined;
      fingerprinted = true;
    } else if (type < FIRST_OPTIONAL && !UNDERSTOOD.has(type)) unknown.push(type);
    at = end;
  }
  return { transaction: packet.subarray(8, HEADER_BYTES), unknown, fingerprinted };
}

/** Who sends a fingerprint shares the port with other protocols, and needs one back. */
function makeMessage(type: number, request: Request, attributes: readonly Buffer[]): Buffer {
  const body = Buffer.concat(attributes);
  const header = Buffer.alloc(8);
  header.writeUInt16BE(type, 0);
  header.writeUInt16BE(body.length + (request.fingerprinted ? 8 : 0), 2);
  header.writeUInt32BE(MAGIC_COOKIE, 4);
  const message = Buffer.concat([header, request.transaction, body]);
  if (!request.fingerprinted) return message;
  const check = Buffer.alloc(4);
  check.writeUInt32BE(fingerprint(message));
  return Buffer.concat([message, attribute(FINGERPRINT, check)]);
}

/** Over all that precedes it, with the header's length already counting it. */
function fingerprint(before: Buffer): number {
  return (crc32(before) ^ FINGERPRINT_XOR) >>> 0;
}

function attribute(type: number, value: Buffer): Buffer {
  const padded = Buffer.alloc(4 + Math.ceil(value.length / 4) * 4);
  padded.writeUInt16BE(type, 0);
  padded.writeUInt16BE(value.length, 2);
  value.copy(padded, 4);
  return padded;
}

function uint16(value: number): Buffer {
  return Buffer.from([value >> 8, value & 0xff]);
}

/** Hidden behind the cookie and the transaction, because some routers rewrite addresses they see. */
function xorMappedAddress(address: string, port: number, transaction: Buffer): Buffer | undefined {
  const bytes = address.includes(':')
    ? ipv6Bytes(address)
    : Buffer.from(address.split('.').map(Number));
  if (bytes?.length !== 4 && bytes?.length !== 16) return undefined;
  const mask = Buffer.alloc(16);
  mask.writeUInt32BE(MAGIC_COOKIE);
  transaction.copy(mask, 4);
  const family = bytes.length === 4 ? 1 : 2;
  const head = Buffer.concat([Buffer.from([0, family]), uint16(port ^ (MAGIC_COOKIE >>> 16))]);
  return Buffer.concat([head, bytes.map((byte, i) => byte ^ mask[i]!)]);
}

/** Of groups in hexadecimal alone, as a socket that is IPv6 only reports them. */
function ipv6Bytes(address: string): Buffer | undefined {
  const [text = ''] = address.split('%');
  const [head = '', tail] = text.split('::');
  const before = groups(head);
  const after = tail === undefined ? [] : groups(tail);
  const missing = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length);
  const all = [...before, ...Array<number>(missing).fill(0), ...after];
  if (all.length !== 8 || all.some(Number.isNaN)) return undefined;
  return Buffer.concat(all.map(uint16));
}

function groups(text: string): number[] {
  return text === '' ? [] : text.split(':').map((group) => Number(`0x${group}`));
}
