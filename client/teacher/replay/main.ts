import { showPage } from '../../ui/show-page.ts';
import Replay from './Replay.svelte';

showPage(Replay, {});
