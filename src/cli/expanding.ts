import { expandQuery, type ExpandedQuery, type KnowledgeGraph } from '../data/index.js'
import { readKnowledge } from '../data/node.js'
import type { Recognised } from './recognised.js'

/** The graph of `--knowledge`. @throws AntiphonError `usage` where there is none */
export async function openKnowledge(file: string, signal?: AbortSignal): Promise<KnowledgeGraph> {
  return (await readKnowledge(file, { signal })).graph
}

export function expanded(graph: KnowledgeGraph, query: string): Recognised {
  const { text, sound = null, more = null, less = null, recognised } = expandQuery(graph, query)
  return { text, sound, more, less, names: recognised.map(nameOf) }
}

function nameOf({ entity, text, score }: ExpandedQuery['recognised'][number]): Recognised['names'][number] {
  return { id: entity.id, type: entity.type, name: entity.name, spelled: text, score }
}
