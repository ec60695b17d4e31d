import { join } from 'node:path'
import type { Embedded, TestSet } from '../../evaluate/index.js'
import { npy } from '../npy.js'

/** Files of the vectors that were measured: a row an item (or a chunk, where the best counts), a row a query, and what the rows are. */
export function savedVectors(
  dir: string,
  { items, queries }: TestSet,
  { items: audio, offsets, queries: text }: Embedded,
): [path: string, content: string | Uint8Array][] {
  const ids = [
    ...items.map(({ id, audio: { path } }, item) => {
      const rows = offsets ? offsets[item + 1] - offsets[item] : 1
      return { kind: 'audio', row: offsets ? offsets[item] : item, rows, id, path }
    }),
    ...queries.map((query, row) => ({
      kind: 'text',
      row,
      text: query.text,
      prompts: query.prompts,
      answers: query.answers.map((item) => items[item].id),
    })),
  ]
  return [
    [join(dir, 'audio.npy'), npy(audio.data, [audio.count, audio.dim])],
    [join(dir, 'text.npy'), npy(text.data, [text.count, text.dim])],
    [join(dir, 'ids.jsonl'), ids.map((line) => `${JSON.stringify(line)}\n`).join('')],
  ]
}
