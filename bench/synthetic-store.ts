import type { EmbeddedContent, Store, Track } from '../src/catalog/index.js'
import { readRows, type VectorSet } from './vectors.js'

/** A song of 200 s. Its moments are rows that follow each other; what they sound like has nothing in common. */
const MOMENTS_A_TRACK = 20
const MOMENT_SECONDS = 10
const TRACKS_AT_ONCE = 500

/** Puts a set of vectors into a store as the moments of made-up tracks. */
export async function fillStore(store: Store, set: VectorSet): Promise<void> {
  for await (const { first, rows, block } of readRows(
    set.vectorsFile,
    set.dim,
    MOMENTS_A_TRACK * TRACKS_AT_ONCE,
  )) {
    const contents: EmbeddedContent[] = []
    for (let row = 0; row < rows; row += MOMENTS_A_TRACK) {
      const vectors = Array.from({ length: Math.min(MOMENTS_A_TRACK, rows - row) }, (_, i) =>
        block.slice((row + i) * set.dim, (row + i + 1) * set.dim),
      )
      contents.push(contentOf(first + row, vectors))
    }
    await store.put({ contents, tracks: contents.map(({ content }) => trackOf(content)) })
  }
}

/** The row of the set that a moment was made from. */
export function rowOf({ content, start }: { content: string; start: number }): number {
  return Number(content) + Math.round(start / MOMENT_SECONDS)
}

/** Named by its first row. */
function contentOf(firstRow: number, vectors: readonly Float32Array[]): EmbeddedContent {
  return {
    content: String(firstRow),
    moments: vectors.map((vector, i) => ({
      start: i * MOMENT_SECONDS,
      end: (i + 1) * MOMENT_SECONDS,
      vector,
    })),
  }
}

function trackOf(content: string): Track {
  return {
    trackId: Number(content).toString(16).padStart(16, '0'),
    path: `/library/${content}.flac`,
    content,
    size: 1,
    modified: 0,
    duration: MOMENTS_A_TRACK * MOMENT_SECONDS,
  }
}
