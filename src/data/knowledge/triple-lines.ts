import type { KnowledgeGraph } from './graph.js'
import { readId, UNKNOWN_TYPE } from './schema.js'

/** Relations whose tail is not an entity: what a head is called, and what it is. */
export const LITERALS = ['type', 'name', 'alias'] as const

/**
 * A graph as lines of `head \t relation \t tail \t weight`, the weight left out where it is 1: what `readKnowledge` reads.
 * Types, names and aliases that ids don't tell come first, as `id \t name \t …`.
 * @throws RangeError where an id has a tab or a line break
 */
export function* tripleLines(graph: KnowledgeGraph): Generator<string> {
  for (const { id, type, name, aliases } of graph.entities()) {
    const told = readId(id)
    if (type !== (told.type ?? UNKNOWN_TYPE)) yield line(id, 'type', type)
    if (name !== told.name) yield line(id, 'name', name.replace(/\s+/g, ' '))
    for (const alias of aliases) yield line(id, 'alias', alias.replace(/\s+/g, ' '))
  }
  for (const { head, relation, tail, weight } of graph.triples())
    yield weight === 1 ? line(head, relation, tail) : line(head, relation, tail, shortest(weight))
}

function line(...fields: string[]): string {
  for (const field of fields)
    if (/[\t\r\n]/.test(field)) throw new RangeError(`A tab or line break in ${JSON.stringify(field)}`)
  return fields.join('\t')
}

/** The shortest decimal that is this number in single precision. */
function shortest(weight: number): string {
  for (let digits = 1; digits < 9; digits++) {
    const text = Number(weight.toPrecision(digits))
    if (Math.fround(text) === weight) return String(text)
  }
  return String(weight)
}
