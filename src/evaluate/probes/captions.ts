import type { Subject } from './subject.js'

/** Each piece's first caption, which asks for it. */
export function captionQueries(
  subjects: readonly Subject[],
): { text: string; answers: number[]; group: number }[] {
  return subjects.flatMap(({ item, group, captions: [text] }) =>
    text === undefined ? [] : [{ text, answers: [item], group }],
  )
}
