import { showPage } from '../ui/show-page.ts';
import Lobby from './Lobby.svelte';

showPage(Lobby, {});
