import type { Direction, Task } from '../protocol.js'

/** Everything that a score's line needs to be checked by anyone: what `report.json` holds and the page shows. */
export interface Report {
  /** Version of the program. */
  readonly antiphon: string
  readonly model: ReportedModel
  /** Texts that name someone of a graph, and were read with what it knows; null without a graph. */
  readonly expanded: number | null
  readonly protocol: ReportedProtocol
  readonly data: ReportedData
  readonly intervals: {
    readonly level: number
    /** Bootstrap samples. */
    readonly samples: number
    readonly seed: number
    /** What is resampled. */
    readonly of: Unit
  }
  readonly results: readonly Result[]
  /** By tag or class; null where texts are asked that belong to one track each. */
  readonly tags: readonly TagFigures[] | null
  /** Of classification: rows are what tracks are, columns what they were taken for; both in the order of `tags`. */
  readonly confusion: readonly (readonly number[])[] | null
  readonly space: SpaceFigures | null
  readonly examples: { readonly best: readonly Example[]; readonly worst: readonly Example[] }
}

/** Texts where each is asked once, of no track alone. */
export type Unit = 'tracks' | 'texts' | 'tracks or words'

export interface ReportedModel {
  readonly name: string
  /** Null for vectors that were computed elsewhere. */
  readonly spaceId: string | null
  readonly dim: number
  /** Pieces that were embedded with factors of who listens to them; null where the model has none. */
  readonly known: number | null
}

export interface ReportedProtocol {
  readonly name: string
  readonly version: number
  readonly title: string
  /** SHA-256 of the protocol as it was used. */
  readonly hash: string
  /** False where an option changed it. */
  readonly unchanged: boolean
  readonly task: Task
  readonly query: string
  readonly relevance: string
  readonly chunks: string
  /** Seconds; null for the model's. */
  readonly hop: number | null
  readonly prompts: readonly string[]
}

export interface ReportedData {
  readonly format: string
  readonly subset: string | null
  readonly part: string | null
  readonly split: { readonly by: string; readonly test: number; readonly seed: number } | null
  /** Tracks drawn of it. */
  readonly pool: number | null
  /** SHA-256 of ids, texts, answers and sizes of the audio, before unreadable files are left out. */
  readonly hash: string
  /** The pool that was searched. */
  readonly items: number
  readonly queries: number
  /** What the publishers or papers count. */
  readonly expected: { readonly items: number | null; readonly queries: number | null }
  /** Left out: pairs whose audio is not there, rows, pieces that are too short, pieces that nothing asks for, and files. */
  readonly missing: number
  readonly wrongRows: number
  readonly short: number
  readonly withoutQuery: number
  readonly unreadable: readonly { readonly path: string; readonly reason: string }[]
}

/** A figure with its uncertainty. */
export interface Estimate {
  readonly metric: string
  readonly value: number
  /** Null where there are too few tracks to tell. */
  readonly low: number | null
  readonly high: number | null
  /** Queries, tags or tracks that it is over. */
  readonly n: number
  readonly higherIsBetter: boolean
}

export interface Result {
  /** Of a probe; null for the figures of the protocol's task. */
  readonly title: string | null
  /** Null where the task has none. */
  readonly direction: Direction | null
  readonly queries: number
  readonly items: number
  readonly figures: readonly Estimate[]
  /** Ranks of the first answer; empty where there are none. */
  readonly ranks: readonly RankBin[]
}

/** Ranks `from` to `to`, both included. */
export interface RankBin {
  readonly from: number
  readonly to: number
  readonly queries: number
}

export interface TagFigures {
  readonly tag: string
  /** That have it. */
  readonly tracks: number
  readonly figures: Readonly<Record<string, number | null>>
}

/** What the space looks like; see `space.ts`. Null is what too few vectors leave open. */
export interface SpaceFigures {
  readonly alignment: number
  readonly uniformity: { readonly audio: number | null; readonly text: number | null }
  readonly modalityGap: number
  readonly hubness: { readonly audio: HubnessFigures; readonly text: HubnessFigures }
}

/** How unevenly tracks come up among the `k` nearest of texts, or texts among those of tracks. */
export interface HubnessFigures {
  readonly k: number
  readonly skew: number | null
  /** Share that never comes up. */
  readonly never: number
  /** What comes up most: the track's id or the text; and for how many. */
  readonly hub: string
  readonly hubQueries: number
}

export interface Example {
  readonly query: string
  /** Of the first answer, from 1. */
  readonly rank: number
  /** Answers, the best first; a few. */
  readonly answers: readonly ExampleTrack[]
  /** What was found first; a few. */
  readonly found: readonly (ExampleTrack & { readonly right: boolean })[]
}

export interface ExampleTrack {
  readonly id: string
  readonly title: string | null
  readonly artist: string | null
  readonly path: string
  readonly start: number | null
  readonly end: number | null
  /** Lies in an archive, where a page can't play it. */
  readonly archived: boolean
}
