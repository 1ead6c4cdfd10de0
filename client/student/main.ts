import './arriving.css';
import { routeOf } from '../route.ts';
import { arrive } from '../session/arrival.ts';
import { openConsole } from '../session/console.ts';
import { Participant } from '../session/participant.ts';

/**
 * The node first, the page after: the tab is a node before anything is drawn but the few words that
 * stand in student.html, and the page is fetched and drawn when there is time for it.
 */

const words = document.getElementById('arriving');

function tell(text: string): void {
  if (words) words.textContent = text;
}

async function showPage(participant: Participant | null): Promise<void> {
  const page = await import('./page.ts').catch(() => null);
  // The tab is a node all the same.
  if (!page) tell('Only a part of its page could not be fetched. Reload when the server is back.');
  else if (participant) page.showStudent(participant);
  else page.showNowhere();
}

const route = routeOf(location);
if (route.page === 'student') {
  const participant = new Participant(route.code);
  participant.start();
  openConsole(participant);
  await arrive(participant, (open, of) => tell(`${open} of ${of} links are open.`));
  await showPage(participant);
} else {
  await showPage(null);
}
