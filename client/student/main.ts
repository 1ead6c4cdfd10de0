import './arriving.css';
import { routeOf } from '../route.ts';
import { arrive } from '../session/arrival.ts';
import { openConsole } from '../session/console.ts';
import { Participant } from '../session/participant.ts';

/**
 * The node first, the page after: the tab is a node before anything is drawn but the few words that
 * stand in student.html, and the page is fetched and drawn when there is time for it.
 */

function write(id: 'arriving' | 'links', text: string): void {
  const words = document.getElementById(id);
  if (words) words.textContent = text;
}

async function showPage(participant: Participant | null): Promise<void> {
  const page = await import('./page.ts').catch(() => null);
  if (page && participant) return page.showStudent(participant);
  if (page) return page.showNowhere();
  if (participant) write('arriving', 'This tab is a node');
  write('links', 'A part of its page could not be fetched. Reload it when the server is back.');
}

const route = routeOf(location);
if (route.page === 'student') {
  const participant = new Participant(route.code);
  participant.start();
  openConsole(participant);
  await arrive(participant, (open, of) => write('links', `${open} of ${of} links are open.`));
  await showPage(participant);
} else {
  await showPage(null);
}
