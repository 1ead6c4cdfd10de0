import type { Participant } from '../session/participant.ts';
import { showPage } from '../ui/show-page.ts';
import Nowhere from '../views/Nowhere.svelte';
import Student from './Student.svelte';

export function showStudent(participant: Participant): void {
  showPage(Student, { participant });
}

export function showNowhere(): void {
  showPage(Nowhere, {});
}
