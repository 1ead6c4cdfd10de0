/**
 * Which folder may import which: `A <- B` of the design, as rules. dependency-cruiser checks them on
 * all that it can follow, ESLint on the type imports of `.svelte` files, which vanish when Svelte
 * compiles them.
 *
 * @typedef {object} Direction one import that is forbidden
 * @property {string} name
 * @property {string} comment what the reader of a violation should know
 * @property {string} from a pattern of the importing file's path
 * @property {string} [fromNot] what `from` leaves out
 * @property {string} to   a pattern of the imported file's path
 * @property {string} [toNot] what `to` leaves out
 */

/** Later layers may import earlier ones; within a layer they may as long as there is no cycle. */
const CORE_LAYERS = [
  ['clocks', 'trace'],
  ['runtime', 'wire'],
  ['network'],
  ['membership', 'gossip', 'requests', 'timesync', 'merge', 'channels', 'election', 'coordination'],
  ['program'],
  ['labs', 'checkers'],
  ['simulator'],
];

/** They meet in the Node and nowhere else. */
const PROTOCOLS = [
  'membership',
  'gossip',
  'requests',
  'timesync',
  'merge',
  'channels',
  'election',
  'coordination',
];

const CLIENT_LAYERS = [
  ['platform'],
  ['apps'],
  ['session'],
  ['views'],
  ['student', 'teacher', 'lobby'],
];

const PAGES = ['student', 'teacher', 'lobby'];

/**
 * @param {string} parent
 * @param {string[][]} layers
 * @returns {Direction[]}
 */
function oneWay(parent, layers) {
  return layers.slice(0, -1).map((layer, i) => ({
    name: `${parent}-${layer.join('-')}-no-higher`,
    comment: `${layer.join(' and ')} must not know what is built upon them`,
    from: `^${parent}/(${layer.join('|')})/`,
    to: `^${parent}/(${layers
      .slice(i + 1)
      .flat()
      .join('|')})/`,
  }));
}

/**
 * @param {string} parent
 * @param {string[]} folders
 * @returns {Direction[]}
 */
function strangers(parent, folders) {
  return folders.map((folder) => ({
    name: `${parent}-${folder}-alone`,
    comment: `${folders.join(', ')} do not import each other's insides`,
    from: `^${parent}/${folder}/`,
    to: `^${parent}/(${folders.filter((other) => other !== folder).join('|')})/`,
  }));
}

/** Every npm package that the core may use: pure ones, which run anywhere. */
const CORE_PACKAGES = ['valibot', '@msgpack/msgpack', 'yjs', '@automerge/automerge'];

/** @type {Direction[]} */
export const DIRECTIONS = [
  ...oneWay('src', CORE_LAYERS),
  ...strangers('src', PROTOCOLS),
  {
    name: 'src-core-only',
    comment: 'the core knows neither the server nor the pages nor the tests',
    from: '^src/',
    to: '^(signaling|client|test)/',
  },
  {
    name: 'src-pure-packages',
    comment: 'the core uses only packages that run anywhere, and nothing of Node',
    from: '^src/',
    to: '^(?!src/)',
    toNot: `(^|node_modules/)(${CORE_PACKAGES.join('|')})(/|$)`,
  },
  {
    name: 'signaling-not-client',
    comment: 'the server knows the core only',
    from: '^signaling/',
    to: '^(client|test)/',
    // The command that builds the pages.
    fromNot: '^signaling/launch/',
  },
  ...oneWay('client', CLIENT_LAYERS),
  ...strangers('client', PAGES),
  {
    name: 'client-not-server',
    comment: 'the pages talk to the server over the wire',
    from: '^client/',
    to: '^(signaling|test)/',
  },
  {
    name: 'client-ui-only-svelte',
    comment: 'the elements of the design system know only Svelte',
    from: '^client/ui/',
    to: '^(?!client/ui/)',
    toNot: '(^|node_modules/)(svelte|@fontsource-variable)(/|$)',
  },
  {
    name: 'client-below-no-ui',
    comment: 'what a tab does must not depend on how it looks',
    from: '^client/(platform|session)/',
    to: '^client/(ui|views)/|\\.svelte$',
  },
  {
    name: 'client-webrtc-in-platform',
    comment: 'only client/platform knows simple-peer and socket.io',
    from: '^client/(?!platform/)',
    to: '(^|node_modules/)(simple-peer|socket\\.io-client)(/|$)',
  },
];
