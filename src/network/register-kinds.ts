/**
 * One register, built three ways: on a log that a majority keeps; at every node by itself, with what
 * others say merged in; and on copies of which some are asked.
 */
export const REGISTER_KINDS = ['cp', 'ap', 'quorum'] as const;
export type RegisterKind = (typeof REGISTER_KINDS)[number];

/**
 * What a client does for itself, so that going from node to node takes no guarantee away: nothing;
 * staying with the first that answered; or remembering how new what it has seen was.
 */
export const REGISTER_FIXES = ['none', 'sticky', 'floor'] as const;
export type RegisterFix = (typeof REGISTER_FIXES)[number];
