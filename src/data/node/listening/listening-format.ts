/** Layouts of listening: see docs/listening-and-graphs.md for where they come from. */
export const LISTENING_FORMATS = ['triples', 'taste-profile', 'lastfm-360k', 'csv'] as const

export type ListeningFormat = (typeof LISTENING_FORMATS)[number]
