import { flushSync, mount, unmount } from 'svelte';
import '../../../client/ui/tokens.css';
import '../../../client/ui/fonts.css';
import '../../../client/ui/base.css';
import { inspectPage } from './inspect-page.ts';
import Gallery from './Gallery.svelte';

const target = document.getElementById('app');
if (target === null) throw new Error('index.html has no #app');
globalThis.inspectGalleryPage = inspectPage;

/** To open the page anew for each of a hundred states would take longer than to look at them. */
let shown = mount(Gallery, { target });
globalThis.showInGallery = (state) => {
  void unmount(shown);
  location.hash = state;
  scrollTo(0, 0);
  shown = mount(Gallery, { target });
  flushSync();
};
