import { mount, type Component } from 'svelte';
import './tokens.css';
import './fonts.css';
import './base.css';

/** Puts a page in the place of whatever the document showed before. */
export function showPage<Props extends Record<string, unknown>>(
  page: Component<Props>,
  props: Props,
): void {
  const target = document.getElementById('app');
  if (target === null) throw new Error('the document has no #app');
  target.replaceChildren();
  mount(page, { target, props });
}
