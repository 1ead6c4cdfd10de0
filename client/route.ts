import { parseRoomCode, type RoomCode } from '../src/vocabulary.ts';

/** Which page an address means. */
export type Route =
  | { readonly page: 'lobby' }
  | { readonly page: 'student'; readonly code: RoomCode }
  | { readonly page: 'teacher'; readonly code: RoomCode; readonly key: string }
  /** A teacher's address whose key was lost on the way. */
  | { readonly page: 'keyless'; readonly code: RoomCode }
  | { readonly page: 'nowhere' };

/** 128 bits in hexadecimal, in the fragment, so that it reaches no server's log. */
const KEY = /^#([0-9a-f]{32})$/;

export function routeOf({ pathname, hash }: { pathname: string; hash: string }): Route {
  if (pathname === '/') return { page: 'lobby' };
  const [, typed, teach] = /^\/r\/([^/]+)(\/teach)?\/?$/.exec(pathname) ?? [];
  const code = typed === undefined ? undefined : parseRoomCode(typed);
  if (code === undefined) return { page: 'nowhere' };
  if (teach === undefined) return { page: 'student', code };
  const key = KEY.exec(hash)?.[1];
  return key === undefined ? { page: 'keyless', code } : { page: 'teacher', code, key };
}
