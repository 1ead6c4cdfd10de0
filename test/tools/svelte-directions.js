import { dirname, relative, resolve } from 'node:path';
import { DIRECTIONS } from './directions.js';

/**
 * The import directions for imports in `.svelte` files. dependency-cruiser reads what Svelte has
 * compiled, from which type imports have vanished.
 *
 * @type {import('eslint').Rule.RuleModule}
 */
export const svelteDirections = {
  meta: { type: 'problem', schema: [], messages: { wrongWay: '{{name}}: {{comment}}' } },
  create(context) {
    const from = slashed(relative(context.cwd, context.filename));
    return {
      ImportDeclaration(node) {
        const specifier = String(node.source.value);
        const to = specifier.startsWith('.')
          ? slashed(relative(context.cwd, resolve(dirname(context.filename), specifier)))
          : specifier;
        const broken = DIRECTIONS.find((direction) => forbids(direction, from, to));
        if (broken === undefined) return;
        const { name, comment } = broken;
        context.report({ node, messageId: 'wrongWay', data: { name, comment } });
      },
    };
  },
};

/** @param {string} path */
function slashed(path) {
  return path.replaceAll('\\', '/');
}

/**
 * @param {import('./directions.js').Direction} direction
 * @param {string} from
 * @param {string} to
 */
function forbids(direction, from, to) {
  /** @param {string | undefined} pattern */
  const spares = (pattern, /** @type {string} */ path) =>
    pattern !== undefined && new RegExp(pattern).test(path);
  return (
    new RegExp(direction.from).test(from) &&
    new RegExp(direction.to).test(to) &&
    !spares(direction.fromNot, from) &&
    !spares(direction.toNot, to)
  );
}
