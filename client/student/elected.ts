/** What a student's page shows of an election, fetched with the first one. */
export { default as Leader } from './Leader.svelte';
export { default as Upon } from './UponNode.svelte';
