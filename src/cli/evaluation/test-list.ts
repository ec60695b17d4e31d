import type { Item, TestSet } from '../../evaluate/index.js'
import type { ListedAudio, ListedText } from '../json.js'

/** What a model is to read, each text once, in the order of the queries. */
export function promptsOf({ queries }: Pick<TestSet, 'queries'>): string[] {
  return [...new Set(queries.flatMap(({ prompts }) => prompts))]
}

/** A test set as JSON lines, so that a model elsewhere can embed it: first the audio, then the texts, rows from 0. */
export function testList(set: TestSet): string {
  const lines = [...set.items.map(listedAudio), ...promptsOf(set).map(listedText)]
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('')
}

const listedAudio = ({ id, audio }: Item, row: number): ListedAudio => {
  const { path, start = null, end = null, bytes = null } = audio
  return { kind: 'audio', row, id, path, start, end, bytes: bytes && [...bytes] }
}

const listedText = (text: string, row: number): ListedText => ({ kind: 'text', row, text })
