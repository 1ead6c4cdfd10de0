import { mount } from 'svelte';
import '../../../client/ui/tokens.css';
import '../../../client/ui/fonts.css';
import '../../../client/ui/base.css';
import { inspectPage } from './inspect-page.ts';
import Gallery from './Gallery.svelte';

const target = document.getElementById('app');
if (target === null) throw new Error('index.html has no #app');
globalThis.inspectGalleryPage = inspectPage;
mount(Gallery, { target });
