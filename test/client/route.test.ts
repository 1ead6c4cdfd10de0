import { describe, expect, it } from 'vitest';
import { routeOf } from '../../client/route.ts';

const KEY = '0123456789abcdef0123456789abcdef';

describe('which page an address means', () => {
  it.each([
    ['/', '', { page: 'lobby' }],
    ['/r/K7MHTA', '', { page: 'student', code: 'K7MHTA' }],
    ['/r/k7mhta/', '', { page: 'student', code: 'K7MHTA' }],
    ['/r/K7MHTA/teach', `#${KEY}`, { page: 'teacher', code: 'K7MHTA', key: KEY }],
    ['/r/K7MHTA/teach', '', { page: 'keyless', code: 'K7MHTA' }],
    ['/r/K7MHTA/teach', `#${KEY}0`, { page: 'keyless', code: 'K7MHTA' }],
    ['/r/K7M0TH', '', { page: 'nowhere' }],
    ['/r/K7MHTA/else', '', { page: 'nowhere' }],
    ['/elsewhere', '', { page: 'nowhere' }],
  ])('%s%s', (pathname, hash, route) => {
    expect(routeOf({ pathname, hash })).toEqual(route);
  });
});
